using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Realiz3D.Mesh.Rendering;

/// <summary>A triangle ready to be tested against pixel centres; see <see cref="ZBuffer"/> for the method.</summary>
internal readonly struct ClipTriangle
{
    private readonly EdgeFunction _edge0;
    private readonly EdgeFunction _edge1;
    private readonly EdgeFunction _edge2;
    private readonly double _z0;
    private readonly double _z1;
    private readonly double _z2;

    private ClipTriangle(Vertex a, Vertex b, Vertex c, double sign, double determinant)
    {
        // Each edge function is scaled so that it is not negative inside; the depth below is then linear in them.
        (_edge0, _edge1, _edge2) = (new EdgeFunction(b, c, sign), new EdgeFunction(c, a, sign), new EdgeFunction(a, b, sign));
        var scale = sign / determinant;
        (_z0, _z1, _z2) = (a.Z * scale, b.Z * scale, c.Z * scale);
    }

    /// <summary>Reads a triangle; false if it has no area.</summary>
    public static bool TryRead(ReadOnlySpan<float> clip, ReadOnlySpan<int> face, out ClipTriangle triangle)
    {
        var (a, b, c) = (Vertex.Read(clip, face[0]), Vertex.Read(clip, face[1]), Vertex.Read(clip, face[2]));
        var cross = new EdgeFunction(b, c, 1);
        var determinant = (cross.AtX * a.X) + (cross.AtY * a.Y) + (cross.AtW * a.W);
        if (determinant == 0 || !double.IsFinite(determinant))
        {
            triangle = default;
            return false;
        }

        triangle = new ClipTriangle(a, b, c, Math.Sign(determinant), determinant);
        return true;
    }

    /// <summary>Whether a pixel's centre (fx, fy), in clip units, belongs to the triangle, and its depth z / w there.</summary>
    public bool Covers(double fx, double fy, out float depth)
    {
        var (a0, a1, a2) = (_edge0.Value(fx, fy), _edge1.Value(fx, fy), _edge2.Value(fx, fy));
        depth = (float)((_z0 * a0) + (_z1 * a1) + (_z2 * a2));
        return a0 >= _edge0.Least && a1 >= _edge1.Least && a2 >= _edge2.Least && depth is >= -1 and <= 1;
    }

    /// <summary>The same for four pixels side by side, bit for bit.</summary>
    /// <param name="fx">The centres' x.</param>
    /// <param name="fy">Their y.</param>
    /// <param name="depth">z / w of each, where it is covered.</param>
    /// <returns>All bits set for each pixel that is covered.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector128<int> CoversFour(Vector256<double> fx, Vector256<double> fy, out Vector128<float> depth)
    {
        var (a0, a1, a2) = (_edge0.Value(fx, fy), _edge1.Value(fx, fy), _edge2.Value(fx, fy));
        var owned = Vector256.GreaterThanOrEqual(a0, Vector256.Create(_edge0.Least))
            & Vector256.GreaterThanOrEqual(a1, Vector256.Create(_edge1.Least))
            & Vector256.GreaterThanOrEqual(a2, Vector256.Create(_edge2.Least));
        if (owned == Vector256<double>.Zero)
        {
            depth = default;
            return default;
        }

        var depths = (Vector256.Create(_z0) * a0) + (Vector256.Create(_z1) * a1) + (Vector256.Create(_z2) * a2);
        depth = Vector256.Narrow(depths, depths).GetLower();
        return Vector256.Narrow(owned.AsInt64(), owned.AsInt64()).GetLower()
            & Vector128.GreaterThanOrEqual(depth, -Vector128<float>.One).AsInt32()
            & Vector128.LessThanOrEqual(depth, Vector128<float>.One).AsInt32();
    }

    private readonly record struct Vertex(double X, double Y, double Z, double W)
    {
        public static Vertex Read(ReadOnlySpan<float> clip, int number)
        {
            var at = clip.Slice(4 * number, 4);
            return new(at[0], at[1], at[2], at[3]);
        }
    }

    /// <summary>The linear form sign * (p_j x p_k), which vanishes along the edge from j to k.</summary>
    private readonly struct EdgeFunction
    {
        // Far below any value but 0 that floats can give.
        private const double AboveZero = 2.2250738585072014E-308;

        // Swapping the ends negates every coefficient exactly, so neighbours agree on which side of an edge a pixel lies.
        public EdgeFunction(Vertex j, Vertex k, double sign)
        {
            AtX = sign * ((j.Y * k.W) - (k.Y * j.W));
            AtY = sign * ((k.X * j.W) - (j.X * k.W));
            AtW = sign * ((j.X * k.Y) - (k.X * j.Y));
            // On the edge itself the triangle owns the pixel where the form grows to the right, or else straight below.
            Least = AtX > 0 || (AtX == 0 && AtY < 0) ? 0 : AboveZero;
        }

        public double AtX { get; }

        public double AtY { get; }

        public double AtW { get; }

        /// <summary>From which value on a pixel is the triangle's.</summary>
        public double Least { get; }

        public double Value(double fx, double fy) => (AtX * fx) + (AtY * fy) + AtW;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public Vector256<double> Value(Vector256<double> fx, Vector256<double> fy) =>
            (Vector256.Create(AtX) * fx) + (Vector256.Create(AtY) * fy) + Vector256.Create(AtW);
    }
}
