using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>How much an unwrapping distorts lengths.</summary>
/// <remarks>
/// Sander, Snyder, Gortler and Hoppe 2001, "Texture mapping progressive meshes", section 3: for each triangle the map from texture to
/// surface stretches lengths between its two singular values; their root mean square, over the surface by area, is the L2 stretch. Both are
/// divided by what a map of the same areas without distortion has, so 1 is perfect and independent of the texture's size.
/// </remarks>
/// <param name="L2">Root mean square stretch; infinite where a triangle with area has none in the texture.</param>
/// <param name="Worst">Largest singular value of any triangle, of the same scale.</param>
public sealed record TextureStretch(double L2, double Worst)
{
    private const double Thin = 1e-6; // height through longest side: what texture coordinates in single precision can hold

    /// <summary>Measures a mesh with texture coordinates.</summary>
    /// <param name="mesh">The mesh; faces without area, or thinner than a millionth of their longest side, are passed over.</param>
    /// <exception cref="ArgumentException">It has no texture coordinates, or no area.</exception>
    public static TextureStretch Of(TriangleMesh mesh)
    {
        var uvs = mesh.Uvs ?? throw new ArgumentException("The mesh has no texture coordinates.", nameof(mesh));
        var (squares, worst, surface, flat) = (0.0, 0.0, 0.0, 0.0);
        for (var f = 0; f < mesh.FaceCount; f++)
        {
            var face = mesh.Indices.AsSpan(3 * f, 3);
            var (p, q) = (Edge(mesh.Positions, face, 1), Edge(mesh.Positions, face, 2));
            var (pp, pq, qq) = (Dot(p, p), Dot(p, q), Dot(q, q));
            var area = Math.Sqrt(Math.Max(0, (pp * qq) - (pq * pq))) / 2;
            if (2 * area <= Thin * Math.Max(pp, Math.Max(qq, pp - (2 * pq) + qq)))
            {
                continue;
            }

            var (s, t) = (Side(uvs, face, 1), Side(uvs, face, 2));
            var determinant = (s.U * t.V) - (t.U * s.V);
            if (determinant == 0)
            {
                return new TextureStretch(double.PositiveInfinity, double.PositiveInfinity);
            }

            // Squared lengths and product of the surface's derivatives by u and v.
            var scale = 1 / (determinant * determinant);
            var a = ((t.V * t.V * pp) - (2 * t.V * s.V * pq) + (s.V * s.V * qq)) * scale;
            var c = ((t.U * t.U * pp) - (2 * t.U * s.U * pq) + (s.U * s.U * qq)) * scale;
            var b = ((-t.U * t.V * pp) + (((t.U * s.V) + (s.U * t.V)) * pq) - (s.U * s.V * qq)) * scale;
            squares += (a + c) / 2 * area;
            worst = Math.Max(worst, Math.Sqrt((a + c + Math.Sqrt(((a - c) * (a - c)) + (4 * b * b))) / 2));
            (surface, flat) = (surface + area, flat + (Math.Abs(determinant) / 2));
        }

        var unit = surface > 0 ? Math.Sqrt(flat / surface) : throw new ArgumentException("The mesh has no area.", nameof(mesh));
        return new TextureStretch(Math.Sqrt(squares / surface) * unit, worst * unit);
    }

    private static (double X, double Y, double Z) Edge(float[] positions, ReadOnlySpan<int> face, int corner)
    {
        var (from, to) = (3 * face[0], 3 * face[corner]);
        return (
            (double)positions[to] - positions[from],
            (double)positions[to + 1] - positions[from + 1],
            (double)positions[to + 2] - positions[from + 2]);
    }

    private static (double U, double V) Side(float[] uvs, ReadOnlySpan<int> face, int corner) => (
        (double)uvs[2 * face[corner]] - uvs[2 * face[0]],
        (double)uvs[(2 * face[corner]) + 1] - uvs[(2 * face[0]) + 1]);

    private static double Dot((double X, double Y, double Z) a, (double X, double Y, double Z) b) => (a.X * b.X) + (a.Y * b.Y) + (a.Z * b.Z);
}
