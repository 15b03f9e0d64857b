using System.Runtime.CompilerServices;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Shaping;

/// <summary>What processing one mesh may cost.</summary>
/// <param name="Mesh">Size of the file that is read.</param>
/// <param name="Time">Longest time, 5 minutes when null.</param>
internal sealed record ProcessLimits(MeshLimits Mesh, TimeSpan? Time = null);

/// <summary>A mesh in, the same checked, mended, simplified or converted out.</summary>
/// <remarks>1. Read. 2. Check. 3. One operation after the other. 4. Check again. 5. Write and store.</remarks>
internal sealed class ProcessPipeline(ArtifactStore store, ProcessLimits limits)
{
    private readonly TimeSpan _time = limits.Time ?? TimeSpan.FromMinutes(5);

    /// <summary>Runs a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Progress, and last <see cref="GeometryUpdate.Processed"/>.</returns>
    /// <exception cref="ArtifactNotFoundException">There is no such mesh.</exception>
    /// <exception cref="MalformedFileException">The artifact holds no mesh.</exception>
    /// <exception cref="MeshOperationException">The mesh does not allow an operation, or the time is over.</exception>
    /// <exception cref="UnwrapException">The mesh cannot be unwrapped within its limits.</exception>
    public async IAsyncEnumerable<GeometryUpdate> RunAsync(ProcessJob job, [EnumeratorCancellation] CancellationToken cancel)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limited.CancelAfter(_time);
        var total = job.Operations.Count + 2;

        // 1. Read.
        var bytes = await store.ReadAsync(job.MeshArtifactId, cancel);
        var reading = new GeometryUpdate.Progress(0, total, "reading the mesh");
        yield return reading;
        var read = Start(() => MeshFile.Read(bytes, "mesh", limits.Mesh), reading, limited, cancel);
        await foreach (var sign in SignOfLife.During(read, reading))
        {
            yield return sign;
        }

        // 2. Check.
        var source = await read;
        var checking = new GeometryUpdate.Progress(0, total, "checking the mesh");
        var check = Start(() => (MeshSoundness.Of(source.Asset.Mesh, weld: true, limited.Token), MeshPreview.Of(source.Asset.Mesh)), checking, limited, cancel);
        await foreach (var sign in SignOfLife.During(check, checking))
        {
            yield return sign;
        }

        var (before, first) = await check;
        yield return checking with { Done = 1, PreviewPng = first };

        // 3. One operation after the other.
        var (asset, reports) = (source.Asset, new List<MeshReport>());
        foreach (var operation in job.Operations)
        {
            var current = asset;
            var working = new GeometryUpdate.Progress(reports.Count + 1, total, operation.Doing);
            var apply = Start(
                () =>
                {
                    var (made, report) = operation.Apply(current, limited.Token);
                    return (made, report, MeshPreview.Of(made.Mesh));
                },
                working, limited, cancel);
            await foreach (var sign in SignOfLife.During(apply, working))
            {
                yield return sign;
            }

            (asset, var done, var preview) = await apply;
            reports.Add(done);
            yield return working with { Done = reports.Count + 1, PreviewPng = preview };
        }

        // 4. and 5. Check again, write and store.
        var (result, writing) = (asset, new GeometryUpdate.Progress(total - 1, total, "writing the mesh"));
        var write = Start(
            () => (
                job.Operations.Count == 0 ? before : MeshSoundness.Of(result.Mesh, weld: true, limited.Token),
                job.Format is { } format ? MeshFile.Write(result, format, job.Name) : []),
            writing, limited, cancel);
        await foreach (var sign in SignOfLife.During(write, writing))
        {
            yield return sign;
        }

        var (after, contents) = await write;
        var files = new List<(string, string)>();
        foreach (var (name, content) in contents)
        {
            files.Add((name, await store.PutAsync(content, cancel)));
        }

        yield return writing with { Done = total };
        yield return new GeometryUpdate.Processed(files, source, before, after, reports);
    }

    // Away from the caller's thread; when the time is over, a sentence instead of a cancelled task.
    private Task<T> Start<T>(Func<T> work, GeometryUpdate.Progress what, CancellationTokenSource limited, CancellationToken cancel) => Task.Run(
        () =>
        {
            try
            {
                limited.Token.ThrowIfCancellationRequested();
                return work();
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                throw new MeshOperationException(
                    FormattableString.Invariant($"Processing took longer than {_time.TotalSeconds:0.###} s, the last of it {what.Message}; decimate first, or ask for less."));
            }
        },
        CancellationToken.None);
}
