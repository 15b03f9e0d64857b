using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Compares silhouettes.</summary>
public static class Silhouettes
{
    private const float Cut = 0.5f;

    /// <summary>Intersection over union of two masks, each the pixels with alpha above 0.5; 1 when both are empty.</summary>
    /// <param name="a">Alpha of one picture.</param>
    /// <param name="b">Alpha of another of the same size.</param>
    /// <exception cref="ArgumentException">The sizes differ.</exception>
    public static double Iou(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != b.Length)
        {
            throw new ArgumentException($"{a.Length} and {b.Length} pixels cannot be compared.");
        }

        var (both, either) = (0, 0);
        for (var i = 0; i < a.Length; i++)
        {
            both += a[i] > Cut && b[i] > Cut ? 1 : 0;
            either += a[i] > Cut || b[i] > Cut ? 1 : 0;
        }

        return either == 0 ? 1 : both / (double)either;
    }

    /// <summary>Intersection over union of an asset's silhouette and a view's mask.</summary>
    /// <param name="asset">The asset.</param>
    /// <param name="views">The views.</param>
    /// <param name="view">Which of them, 0 to V-1.</param>
    public static double Iou(AssetRenderer asset, ViewSet views, int view)
    {
        var pixels = views.Size * views.Size;
        var rendered = asset.Render(Camera.Of(views.Cameras[view]), views.Size);
        return Iou(rendered.AsSpan(3 * pixels), views.Rgba.AsSpan(((4 * view) + 3) * pixels, pixels));
    }

    /// <summary>Intersection over union of an asset's silhouette and the mask of each view.</summary>
    /// <param name="asset">The asset.</param>
    /// <param name="views">The views, V of them.</param>
    /// <returns>V numbers from 0 to 1.</returns>
    public static double[] Ious(AssetRenderer asset, ViewSet views)
    {
        var ious = new double[views.Count];
        Parallel.For(0, views.Count, view => ious[view] = Iou(asset, views, view));
        return ious;
    }
}
