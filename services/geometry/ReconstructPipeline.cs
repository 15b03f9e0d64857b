using System.Runtime.CompilerServices;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Storage;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Shaping;

/// <summary>Views in, closed mesh out.</summary>
/// <remarks>
/// 1. Read the views; painted ones are fitted more smoothly than exact ones. 2. Carve the soft visual hull out of a tetrahedral
/// grid. 3. Fit it to masks and colours, step by step; a cancelled call stops before the next step. 4. Mend the field and
/// take its surface. 5. Check and store the mesh.
/// </remarks>
internal sealed class ReconstructPipeline(ArtifactStore store, ShapeFitConfig config, Device device)
{
    /// <summary>Steps from one preview to the next.</summary>
    public const int StepsPerPreview = 35;

    private const string Fitting = "fitting the shape";

    /// <summary>Runs a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Progress, and last <see cref="GeometryUpdate.Shaped"/>.</returns>
    /// <exception cref="ArtifactNotFoundException">There are no such views.</exception>
    /// <exception cref="MalformedFileException">The artifact holds no views.</exception>
    /// <exception cref="EmptyShapeException">The masks allow no shape.</exception>
    public async IAsyncEnumerable<GeometryUpdate> RunAsync(
        ReconstructJob job, [EnumeratorCancellation] CancellationToken cancel)
    {
        // 1. Read.
        var views = ViewSet.Parse(await store.ReadAsync(job.ViewsArtifactId, cancel), "views");
        var fitting = views.ArePainted ? config.ForPaintedViews() : config;
        using var targets = new FitTargets(views, device);

        // 2. Carve.
        var carving = new GeometryUpdate.Progress(0, fitting.Steps, "carving the hull");
        yield return carving;
        var carve = Task.Run(() => new ShapeFit(targets, fitting), CancellationToken.None);
        using var owned = new OwnedResult<ShapeFit>(carve);
        await foreach (var sign in SignOfLife.During(carve, carving))
        {
            yield return sign;
        }

        var fit = await carve;

        // 3. Fit.
        for (var step = 0; step < fitting.Steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            var number = step;
            var preview = Task.Run(() => StepAndShow(fit, number), CancellationToken.None);
            await foreach (var sign in SignOfLife.During(preview, new GeometryUpdate.Progress(step, fitting.Steps, Fitting)))
            {
                yield return sign;
            }

            yield return new GeometryUpdate.Progress(step + 1, fitting.Steps, Fitting) { PreviewPng = await preview };
        }

        // 4. Take the surface.
        cancel.ThrowIfCancellationRequested();
        var extract = Task.Run(fit.Extract, CancellationToken.None);
        await foreach (var sign in SignOfLife.During(extract, new GeometryUpdate.Progress(fitting.Steps, fitting.Steps, "taking the surface")))
        {
            yield return sign;
        }

        // 5. Check and store.
        var mesh = await extract;
        var soundness = await Task.Run(() => MeshSoundness.Of(mesh, weld: false, cancel), cancel);
        var inspection = soundness.Inspection;
        if (!inspection.Closed || !inspection.Manifold)
        {
            throw new InvalidOperationException($"The extracted mesh is not closed and manifold: {inspection}.");
        }

        var shaped = mesh with { Normals = mesh.AreaWeightedNormals() };
        var ious = await Task.Run(() => Silhouettes.Ious(new AssetRenderer(shaped, null), views), cancel);
        var glb = Glb.Write(new GlbAsset(shaped, new GlbMaterial()));
        var id = await store.PutAsync(glb, cancel);
        yield return new GeometryUpdate.Shaped(id, soundness, ious, fitting.Steps);
    }

    // One step; after some, a picture of the shape as it stands.
    private static byte[] StepAndShow(ShapeFit fit, int step)
    {
        fit.Step(step);
        return step % StepsPerPreview == 0 ? MeshPreview.Of(fit.Extract()) : [];
    }
}
