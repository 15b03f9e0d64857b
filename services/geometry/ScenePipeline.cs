using System.Runtime.CompilerServices;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Scenes;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Shaping;

/// <summary>A procedural object in, exact views out.</summary>
/// <remarks>1. Render each camera of the Zero123++ v1.2 rig. 2. Store the views in the form that painted ones have.</remarks>
internal sealed class ScenePipeline(ArtifactStore store)
{
    /// <summary>Runs a job.</summary>
    /// <param name="job">The job.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Progress, and last <see cref="GeometryUpdate.Rendered"/>.</returns>
    public async IAsyncEnumerable<GeometryUpdate> RunAsync(SceneJob job, [EnumeratorCancellation] CancellationToken cancel)
    {
        var rig = CameraRig.Zero123PlusV12;
        var view = 4 * job.Size * job.Size;
        var rgba = new float[rig.Count * view];

        // 1. Render.
        for (var k = 0; k < rig.Count; k++)
        {
            cancel.ThrowIfCancellationRequested();
            var camera = rig[k];
            var rendering = new GeometryUpdate.Progress(k, rig.Count, "rendering the object");
            var pixels = Task.Run(() => Render(job, camera), CancellationToken.None);
            await foreach (var sign in SignOfLife.During(pixels, rendering))
            {
                yield return sign;
            }

            (await pixels).CopyTo(rgba, k * view);
            yield return rendering with { Done = k + 1 };
        }

        // 2. Store.
        var cameras = rig.Select(c => c.ToView());
        var views = new ViewSet(rgba, job.Size, [.. cameras], "scene", job.Scene.Caption, unchecked((long)job.Seed), "");
        var id = await store.PutAsync(views.ToBytes(), cancel);
        var category = job.Scene.Attributes.Category!.Value.ToString().ToLowerInvariant();
        yield return new GeometryUpdate.Rendered(id, job.Scene.Caption, category);
    }

    private static float[] Render(SceneJob job, Camera camera)
    {
        using var render = SceneRenderer.Render(job.Scene, [camera], job.Size);
        return render.Rgba.data<float>().ToArray();
    }
}
