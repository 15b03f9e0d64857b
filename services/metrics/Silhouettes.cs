namespace Realiz3D.Mesh.Measuring;

/// <summary>Compares silhouettes.</summary>
internal static class Silhouettes
{
    private const float Cut = 0.5f;

    /// <summary>Intersection over union of two masks, each the pixels with alpha above 0.5; 1 when both are empty.</summary>
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
}
