using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Measuring;

/// <summary>From an asset and the views it was made of to numbers and a picture.</summary>
/// <remarks>
/// 1. read asset and views  2. per view: silhouette of the asset against the view's alpha, and a picture for the sheet
/// 3. inspect the mesh  4. put the sheet together and store it.
/// </remarks>
internal sealed class EvaluatePipeline(ArtifactStore store, IOptions<MetricsOptions> options)
{
    /// <summary>Runs the steps, reporting after each view, the measurements at the end.</summary>
    /// <exception cref="ArtifactNotFoundException">An artifact does not exist.</exception>
    /// <exception cref="MalformedFileException">An artifact is not what it should be.</exception>
    public async IAsyncEnumerable<EvaluateUpdate> RunAsync(
        EvaluateJob job, [EnumeratorCancellation] CancellationToken cancel)
    {
        // 1. read
        var asset = Glb.Read(await store.ReadAsync(job.AssetId, cancel), "the asset artifact");
        var views = ViewSet.Parse(await store.ReadAsync(job.ViewsId, cancel), "the views artifact");
        var renderer = AssetRenderer.Of(asset, "the asset artifact");
        var stepCount = views.Count + 1;

        // 2. per view
        var (measured, painted, shown) = (new List<(ViewCamera, double)>(), new List<float[]>(), new List<float[]>());
        for (var view = 0; view < views.Count; view++)
        {
            yield return new EvaluateUpdate.Step(view, stepCount, "measuring views");
            var camera = Camera.Of(views.Cameras[view]);
            var number = view;
            var (iou, picture) = await Task.Run(
                () => (Silhouettes.Iou(renderer, views, number), renderer.Render(camera, options.Value.TileSize)), cancel);
            measured.Add((views.Cameras[view], iou));
            painted.Add(views.View(view));
            shown.Add(picture);
        }

        // 3. inspect
        yield return new EvaluateUpdate.Step(views.Count, stepCount, "inspecting the mesh");
        var inspection = await Task.Run(() => MeshInspection.Of(asset.Mesh, weld: true, cancel), cancel);

        // 4. sheet
        var sheet = await Task.Run(() => new ContactSheet(options.Value.TileSize).ToPng([painted, shown]), cancel);
        yield return new EvaluateUpdate.Finished(
            measured, inspection, TexelCoverage(asset), await store.PutAsync(sheet, cancel));
    }

    private static double? TexelCoverage(GlbAsset asset) =>
        asset.Extras?["appearance"]?["texelCoverage"] is { } node && node.GetValueKind() == JsonValueKind.Number
            ? node.GetValue<double>()
            : null;
}
