using Google.Protobuf;
using Grpc.Core;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Artifacts.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Contracts.Shaping.V1;
using DownloadRequest = Realiz3D.Mesh.Contracts.Artifacts.V1.DownloadRequest;

namespace Realiz3D.Mesh.CommandLine;

/// <summary>What file commands do with the mesh: files up, calls that tell their progress, files down.</summary>
/// <param name="mesh">The mesh.</param>
/// <param name="show">Hears how it goes on.</param>
/// <param name="output">Where results are told.</param>
/// <param name="error">Where everything else is told.</param>
internal sealed class FileSession(MeshConnection mesh, Action<ProgressNews> show, TextWriter output, TextWriter error)
{
    /// <summary>Media type of a GLB.</summary>
    public const string Glb = "model/gltf-binary";

    private readonly ArtifactService.ArtifactServiceClient _artifacts = new(mesh.Channel);
    private readonly List<string> _remarks = [];
    private readonly List<string> _results = [];

    /// <summary>Clients of the services.</summary>
    public ChannelBase Channel => mesh.Channel;

    /// <summary>Sends a file; an OBJ that names materials goes with them and their pictures, as a GLB.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="kind">What it has to be.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="creaseDegrees">Such an OBJ without normals gets some, broken at edges sharper than this; null leaves it without.</param>
    public async Task<UploadResponse> UploadAsync(string path, FileKind kind, CancellationToken stop, double? creaseDegrees = null)
    {
        var bytes = await File.ReadAllBytesAsync(path, stop);
        var name = Path.GetFileName(path);
        var obj = new ObjFiles(path);
        if (kind == FileKind.Mesh && obj.ToGlb(bytes, creaseDegrees) is { } glb)
        {
            (bytes, name) = (glb, Path.ChangeExtension(name, ".glb"));
            Remark(obj.Losses);
        }

        show(new ProgressNews($"send {name}", $"sending {name}", 0));
        var taken = await mesh.CallAsync(async () =>
        {
            using var call = _artifacts.Upload(cancellationToken: stop);
            try
            {
                await call.RequestStream.WriteAsync(new UploadRequest { Header = new UploadHeader { ByteLength = bytes.Length, Kind = kind, Name = name } }, stop);
                for (var offset = 0; offset < bytes.Length; offset += TensorFrames.MaxChunkBytes)
                {
                    var data = UnsafeByteOperations.UnsafeWrap(bytes.AsMemory(offset, Math.Min(TensorFrames.MaxChunkBytes, bytes.Length - offset)));
                    await call.RequestStream.WriteAsync(new UploadRequest { Chunk = new FileChunk { Offset = offset, Data = data } }, stop);
                }

                await call.RequestStream.CompleteAsync();
            }
            catch (Exception over) when (over is RpcException or InvalidOperationException)
            {
                // The answer is there before the file has gone; it says why.
            }

            return await call.ResponseAsync;
        });
        Remark(taken.Mesh?.Losses ?? []);
        return taken;
    }

    /// <summary>Sends a mesh, and makes a GLB of it where it is none.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="change">Adds operations by what is known of the mesh; null for none.</param>
    /// <param name="creaseDegrees">As above.</param>
    /// <returns>The GLB's artifact.</returns>
    public async Task<string> UploadGlbAsync(
        string path, CancellationToken stop, Action<UploadResponse, ICollection<MeshOperation>>? change = null, double? creaseDegrees = null)
    {
        var taken = await UploadAsync(path, FileKind.Mesh, stop, creaseDegrees);
        var request = new ProcessMeshRequest { MeshArtifactId = taken.ArtifactId, Format = MeshFileFormat.Glb };
        change?.Invoke(taken, request.Operations);
        return taken.MediaType == Glb && request.Operations.Count == 0 ? taken.ArtifactId : (await ProcessAsync(request, stop)).MeshArtifactId;
    }

    /// <summary>Processes a mesh, and remarks what of it goes.</summary>
    public async Task<ProcessedMesh> ProcessAsync(ProcessMeshRequest request, CancellationToken stop)
    {
        var processed = await FollowAsync(
            () => new GeometryService.GeometryServiceClient(Channel).ProcessMesh(request, cancellationToken: stop), part => (part.Progress, part.Result), stop);
        Remark(processed.Losses);
        return processed;
    }

    /// <summary>Follows a call to its result.</summary>
    /// <param name="begin">Begins it.</param>
    /// <param name="read">Takes a message apart: progress, or the result.</param>
    /// <param name="stop">Ends it.</param>
    public Task<TResult> FollowAsync<TResponse, TResult>(
        Func<AsyncServerStreamingCall<TResponse>> begin, Func<TResponse, (StageProgress? Progress, TResult? Result)> read, CancellationToken stop)
        where TResult : class => mesh.CallAsync(async () =>
    {
        using var call = begin();
        await foreach (var part in call.ResponseStream.ReadAllAsync(stop))
        {
            var (progress, result) = read(part);
            if (result is not null)
            {
                return result;
            }

            if (progress is { StepCount: > 0 })
            {
                show(new ProgressNews(progress.Message, $"{progress.Message}, {progress.Step} of {progress.StepCount}", (double)progress.Step / progress.StepCount));
            }
        }

        throw new CommandFailedException("The mesh stopped reporting before the work was done.");
    });

    /// <summary>Fetches an artifact into a file.</summary>
    public async Task DownloadAsync(string id, string path, CancellationToken stop)
    {
        show(new ProgressNews($"fetch {path}", $"fetching {Path.GetFileName(path)}", 1));
        var content = await mesh.CallAsync(async () =>
        {
            using var call = _artifacts.Download(new DownloadRequest { ArtifactId = id }, cancellationToken: stop);
            var bytes = new MemoryStream();
            var length = -1L;
            await foreach (var part in call.ResponseStream.ReadAllAsync(stop))
            {
                length = part.Header?.ByteLength ?? length;
                part.Chunk?.Data.WriteTo(bytes);
            }

            return bytes.Length == length
                ? bytes.ToArray()
                : throw new CommandFailedException($"{Path.GetFileName(path)} came incomplete from the mesh; try again.");
        });
        await OutputFiles.WriteAsync(path, content, stop);
        _results.Add(path);
    }

    /// <summary>Keeps sentences to be told when the work is done, each once.</summary>
    public void Remark(params IEnumerable<string> sentences) => _remarks.AddRange(sentences.Except(_remarks));

    /// <summary>Keeps a result that is no file.</summary>
    public void Answer(string sentence) => _results.Add(sentence);

    /// <summary>Tells what was written and what there is to say of it.</summary>
    public async Task TellAsync()
    {
        foreach (var remark in _remarks)
        {
            await error.WriteLineAsync(remark);
        }

        await output.WriteLineAsync(string.Join("  ", _results));
    }
}
