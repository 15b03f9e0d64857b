using Realiz3D.Mesh.Rendering;

namespace Realiz3D.Mesh.Shaping;

/// <summary>The largest shape that the masks of several views allow, as a field: negative inside.</summary>
/// <remarks>
/// A point is as far outside as the view that excludes it most says: <c>max over v of d_v(project(x)) * metres per
/// pixel</c>. Laurentini 1994, "The visual hull concept for silhouette-based image understanding". The maximum is taken
/// softly, <c>t log sum exp(d_v / t) - t log 2</c> with t a share of the mask's half width there: where two views meet at
/// an edge that neither of them sees, the edge is rounded, as befits a vase; where one view (or an opposite pair of
/// views) decides, the surface stays where its mask has it.
/// </remarks>
internal sealed class VisualHull(IReadOnlyList<Camera> cameras, IReadOnlyList<MaskDistance> masks, double rounding)
{
    private const int Chunk = 4096;

    private readonly double[][] _matrices = [.. cameras.Select(camera => camera.WorldToClip())];

    /// <summary>The field at many points.</summary>
    /// <param name="positions">World positions, [P, 3].</param>
    /// <returns>Metres, [P].</returns>
    public float[] Values(float[] positions)
    {
        var values = new float[positions.Length / 3];
        Parallel.For(0, (values.Length + Chunk - 1) / Chunk, chunk =>
        {
            for (var i = chunk * Chunk; i < Math.Min(values.Length, (chunk + 1) * Chunk); i++)
            {
                values[i] = (float)At(positions[3 * i], positions[3 * i + 1], positions[3 * i + 2]);
            }
        });
        return values;
    }

    private double At(double x, double y, double z)
    {
        Span<double> distances = stackalloc double[cameras.Count];
        var (farthest, width) = (double.NegativeInfinity, double.PositiveInfinity);
        for (var v = 0; v < cameras.Count; v++)
        {
            var (m, size) = (_matrices[v], masks[v].Size);
            var depth = m[12] * x + m[13] * y + m[14] * z + m[15];
            var column = ((m[0] * x + m[1] * y + m[2] * z + m[3]) / depth + 1) * 0.5 * size;
            var row = (1 - (m[4] * x + m[5] * y + m[6] * z + m[7]) / depth) * 0.5 * size;
            var metresPerPixel = 2 * cameras[v].HalfExtent * depth / size;
            distances[v] = masks[v].At(column, row) * metresPerPixel;
            farthest = Math.Max(farthest, distances[v]);
            width = rounding > 0 ? Math.Min(width, masks[v].HalfWidthAt(column, row) * metresPerPixel) : 0;
        }

        var softness = rounding * width;
        if (softness < 1e-6)
        {
            return farthest;
        }

        var sum = 0.0;
        foreach (var distance in distances)
        {
            sum += Math.Exp((distance - farthest) / softness);
        }

        return farthest + softness * Math.Log(sum / 2);
    }
}
