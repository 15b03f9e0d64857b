using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Scenes;

namespace Realiz3D.Mesh.Testing;

/// <summary>How close an asset comes to the procedural object it was made from, at cameras that its makers never saw.</summary>
public static class SceneFidelity
{
    private const int Size = 64;

    /// <summary>Azimuths and elevations that the rig lacks, fixed beforehand.</summary>
    public static IReadOnlyList<Camera> HeldOut { get; } =
        [CameraRig.At(0, 10), CameraRig.At(60, -20), CameraRig.At(180, 30), CameraRig.At(240, 5)];

    /// <summary>Exact views of an object, 64 x 64.</summary>
    /// <param name="scene">The object.</param>
    /// <param name="cameras">One per view.</param>
    public static ViewSet Render(SceneObject scene, IReadOnlyList<Camera> cameras)
    {
        using var render = SceneRenderer.Render(scene, cameras, Size);
        return new ViewSet(
            render.Rgba.data<float>().ToArray(), Size, [.. cameras.Select(c => c.ToView())], "scene", scene.Caption, (long)scene.Seed, "");
    }

    /// <summary>
    /// Peak signal-to-noise ratio of colour inside the true silhouettes (pixels that they cover by more than half), over all
    /// views; a pixel that the asset misses counts as black.
    /// </summary>
    /// <param name="asset">The asset.</param>
    /// <param name="truth">Exact views.</param>
    /// <returns>Decibels, of sRGB values with peak 1.</returns>
    public static double Psnr(AssetRenderer asset, ViewSet truth)
    {
        var (sum, count, plane) = (0.0, 0, truth.Size * truth.Size);
        for (var view = 0; view < truth.Count; view++)
        {
            var shown = asset.Render(Camera.Of(truth.Cameras[view]), truth.Size);
            var wanted = truth.View(view);
            for (var value = 0; value < 3 * plane; value++)
            {
                if (wanted[(3 * plane) + (value % plane)] > 0.5f)
                {
                    sum += Math.Pow(Encoded(shown[value]) - Encoded(wanted[value]), 2);
                    count++;
                }
            }
        }

        return -10 * Math.Log10(sum / count);
    }

    private static double Encoded(float linear) => Srgb.FromLinear(Math.Min(linear, 1));
}
