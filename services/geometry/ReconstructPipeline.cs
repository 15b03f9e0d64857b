using System.Runtime.CompilerServices;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Shaping;

/// <summary>Views in, closed mesh out.</summary>
/// <remarks>
/// 1. Read the views; painted ones are fitted more smoothly than exact ones. 2. Carve the soft visual hull out of a tetrahedral
/// grid. 3. Fit it to masks and colours, step by step; a cancelled call stops before the next step. 4. Mend the field and
/// take its surface. 5. Check and store the mesh.
/// </remarks>
internal sealed class ReconstructPipeline(ArtifactStore store, ShapeFitConfig config)
{
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
        using var targets = new FitTargets(views);

        // 2. Carve.
        yield return new GeometryUpdate.Progress(0, fitting.Steps, "carving the hull");
        using var fit = await Task.Run(() => new ShapeFit(targets, fitting), cancel);

        // 3. Fit.
        for (var step = 0; step < fitting.Steps; step++)
        {
            cancel.ThrowIfCancellationRequested();
            var number = step;
            await Task.Run(() => fit.Step(number), cancel);
            yield return new GeometryUpdate.Progress(step + 1, fitting.Steps, "fitting the shape");
        }

        // 4. Take the surface.
        var mesh = await Task.Run(fit.Extract, cancel);

        // 5. Check and store.
        var inspection = MeshInspection.Of(mesh, weld: false);
        if (!inspection.Closed || !inspection.Manifold)
        {
            throw new InvalidOperationException($"The extracted mesh is not closed and manifold: {inspection}.");
        }

        var shaped = mesh with { Normals = mesh.AreaWeightedNormals() };
        var ious = await Task.Run(() => Silhouettes.Ious(new AssetRenderer(shaped, null), views), cancel);
        var glb = Glb.Write(new GlbAsset(shaped, new GlbMaterial()));
        var id = await store.PutAsync(glb, cancel);
        yield return new GeometryUpdate.Shaped(id, inspection, ious, fitting.Steps);
    }
}
