using System.Runtime.CompilerServices;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Shaping;

/// <summary>A mesh in, its normals, positions, depth and mask at cameras out.</summary>
/// <remarks>1. Read. 2. Place. 3. Draw each view. 4. Store the controls. 5. Draw and store the pictures.</remarks>
internal sealed class ControlsPipeline(ArtifactStore store, MeshLimits limits)
{
    private const double SphereRadius = 0.5;
    private const int HeaderBytes = 64 * 1024;

    /// <summary>Runs a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancel">Stops it before the next view.</param>
    /// <returns>Progress, and last <see cref="GeometryUpdate.Controlled"/>.</returns>
    /// <exception cref="ArtifactNotFoundException">There is no such mesh.</exception>
    /// <exception cref="MalformedFileException">The artifact holds no mesh.</exception>
    /// <exception cref="UnseenMeshException">No camera sees the mesh.</exception>
    public async IAsyncEnumerable<GeometryUpdate> RunAsync(ControlsJob job, [EnumeratorCancellation] CancellationToken cancel)
    {
        // 1. Read.
        var bytes = await store.ReadAsync(job.MeshArtifactId, cancel);
        var reading = new GeometryUpdate.Progress(0, job.Cameras.Count, "reading the mesh");
        yield return reading;
        var prepare = Task.Run(() => Prepare(bytes, job), CancellationToken.None);
        await foreach (var sign in SignOfLife.During(prepare, reading))
        {
            yield return sign;
        }

        // 2. Place.
        var (renderer, placement) = await prepare;

        // 3. Draw.
        var coverages = new double[job.Cameras.Count];
        for (var view = 0; view < coverages.Length; view++)
        {
            cancel.ThrowIfCancellationRequested();
            var (number, drawing) = (view, new GeometryUpdate.Progress(view, coverages.Length, "drawing the controls"));
            var draw = Task.Run(() => (renderer.Draw(number), MeshPreview.Of(renderer.Normals(number))), CancellationToken.None);
            await foreach (var sign in SignOfLife.During(draw, drawing))
            {
                yield return sign;
            }

            (coverages[view], var preview) = await draw;
            yield return drawing with { Done = view + 1, PreviewPng = preview };
        }

        if (Array.TrueForAll(coverages, coverage => coverage == 0))
        {
            throw new UnseenMeshException();
        }

        // 4. Store the controls.
        var set = renderer.Finish();
        using var file = new MemoryStream((ControlSet.BytesPerPixel * set.Mask.Length) + HeaderBytes);
        await Task.Run(() => set.Write(file), CancellationToken.None);
        file.Position = 0;
        var id = await store.PutAsync(file, cancel);

        // 5. Draw and store the pictures.
        var pictures = new List<ControlSheet>();
        foreach (var kind in job.Pictures)
        {
            var sheet = await Task.Run(() => ControlPicture.Sheet(set, kind, job.Columns), CancellationToken.None);
            var png = await Task.Run(() => Png.Write(sheet.Bytes, sheet.Width, sheet.Height, sheet.Channels), CancellationToken.None);
            pictures.Add(new ControlSheet(kind, await store.PutAsync(png, cancel), sheet.Width, sheet.Height));
        }

        yield return new GeometryUpdate.Controlled(id, pictures, coverages, set.Cameras, placement);
    }

    private (ControlRenderer Renderer, (MeshBounds, double)? Placement) Prepare(byte[] bytes, ControlsJob job)
    {
        var mesh = MeshFile.Read(bytes, "mesh", limits).Asset.Mesh;
        (MeshBounds, double)? placement = null;
        if (job.FitsSphere)
        {
            var bounds = MeshBounds.Of(mesh);
            var scale = SphereRadius / bounds.Radius;
            if (!double.IsFinite(scale) || (float)scale == 0)
            {
                throw new MalformedFileException("mesh", "it has no size that could be scaled.");
            }

            (mesh, placement) = (bounds.Place(mesh, scale), (bounds, scale));
        }

        return (new ControlRenderer(mesh, job.Cameras, job.Size, job.CameraNormals, job.SeparateRanges), placement);
    }
}
