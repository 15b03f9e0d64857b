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
    private readonly int _height;
    private readonly int _width;

    private ClipTriangle(Vertex a, Vertex b, Vertex c, double sign, double determinant, (int Height, int Width) image)
    {
        (_height, _width) = image;
        // Each edge function is scaled so that it is not negative inside; the depth below is then linear in them.
        (_edge0, _edge1, _edge2) = (EdgeFunction.Of(b, c, sign), EdgeFunction.Of(c, a, sign), EdgeFunction.Of(a, b, sign));
        var scale = sign / determinant;
        (_z0, _z1, _z2) = (a.Z * scale, b.Z * scale, c.Z * scale);
        (FirstColumn, LastColumn, FirstRow, LastRow) = (0, _width - 1, 0, _height - 1);
        if (a.W > 0 && b.W > 0 && c.W > 0)
        {
            var (x0, x1, x2) = (a.X / a.W, b.X / b.W, c.X / c.W);
            var (y0, y1, y2) = (a.Y / a.W, b.Y / b.W, c.Y / c.W);
            FirstColumn = FirstCentre(Math.Min(x0, Math.Min(x1, x2)), _width);
            LastColumn = LastCentre(Math.Max(x0, Math.Max(x1, x2)), _width);
            FirstRow = FirstCentre(-Math.Max(y0, Math.Max(y1, y2)), _height);
            LastRow = LastCentre(-Math.Min(y0, Math.Min(y1, y2)), _height);
        }
    }

    public int FirstColumn { get; }

    public int LastColumn { get; }

    public int FirstRow { get; }

    public int LastRow { get; }

    /// <summary>Reads a triangle; false if it has no area, lies behind the eye, or covers no pixel centre.</summary>
    public static bool TryRead(ReadOnlySpan<float> clip, ReadOnlySpan<int> face, int height, int width, out ClipTriangle triangle)
    {
        var (a, b, c) = (Vertex.Read(clip, face[0]), Vertex.Read(clip, face[1]), Vertex.Read(clip, face[2]));
        var cross = EdgeFunction.Of(b, c, 1);
        var determinant = cross.AtX * a.X + cross.AtY * a.Y + cross.AtW * a.W;
        if (determinant == 0 || !double.IsFinite(determinant) || (a.W <= 0 && b.W <= 0 && c.W <= 0))
        {
            triangle = default;
            return false;
        }

        triangle = new ClipTriangle(a, b, c, Math.Sign(determinant), determinant, (height, width));
        return triangle.FirstColumn <= triangle.LastColumn && triangle.FirstRow <= triangle.LastRow;
    }

    /// <summary>Whether the centre of a pixel belongs to the triangle, and its depth z / w there.</summary>
    public bool Covers(int column, int row, out float depth)
    {
        var (fx, fy) = ((2 * column + 1.0) / _width - 1, 1 - (2 * row + 1.0) / _height);
        var (a0, a1, a2) = (_edge0.Value(fx, fy), _edge1.Value(fx, fy), _edge2.Value(fx, fy));
        depth = (float)(_z0 * a0 + _z1 * a1 + _z2 * a2);
        return _edge0.Owns(a0) && _edge1.Owns(a1) && _edge2.Owns(a2) && depth is >= -1 and <= 1;
    }

    /// <summary>The same for four pixels side by side, bit for bit.</summary>
    /// <param name="column">Column of the first.</param>
    /// <param name="row">Their row.</param>
    /// <param name="depth">z / w of each, where it is covered.</param>
    /// <returns>All bits set for each pixel that is covered.</returns>
    public Vector128<int> CoversFour(int column, int row, out Vector128<float> depth)
    {
        var fx = (Vector256.Create(2.0 * column) + Vector256.Create(1.0, 3, 5, 7)) / Vector256.Create((double)_width) - Vector256<double>.One;
        var fy = Vector256.Create(1 - (2 * row + 1.0) / _height);
        var (a0, a1, a2) = (_edge0.Value(fx, fy), _edge1.Value(fx, fy), _edge2.Value(fx, fy));
        var depths = Vector256.Create(_z0) * a0 + Vector256.Create(_z1) * a1 + Vector256.Create(_z2) * a2;
        depth = Vector256.Narrow(depths, depths).GetLower();
        var owned = _edge0.Owns(a0) & _edge1.Owns(a1) & _edge2.Owns(a2);
        return Vector256.Narrow(owned.AsInt64(), owned.AsInt64()).GetLower()
            & Vector128.GreaterThanOrEqual(depth, -Vector128<float>.One).AsInt32()
            & Vector128.LessThanOrEqual(depth, Vector128<float>.One).AsInt32();
    }

    // Pixel k's centre lies at (2 k + 1) / size - 1; one pixel of slack absorbs the rounding of the divisions.
    private static int FirstCentre(double low, int size) =>
        (int)Math.Clamp(Math.Ceiling((low + 1) * 0.5 * size - 0.5) - 1, 0, size);

    private static int LastCentre(double high, int size) =>
        (int)Math.Clamp(Math.Floor((high + 1) * 0.5 * size - 0.5) + 1, -1, size - 1);

    private readonly record struct Vertex(double X, double Y, double Z, double W)
    {
        public static Vertex Read(ReadOnlySpan<float> clip, int number) =>
            new(clip[4 * number], clip[4 * number + 1], clip[4 * number + 2], clip[4 * number + 3]);
    }

    /// <summary>The linear form sign * (p_j x p_k), which vanishes along the edge from j to k.</summary>
    private readonly record struct EdgeFunction(double AtX, double AtY, double AtW)
    {
        // Swapping the ends negates every coefficient exactly, so neighbours agree on which side of an edge a pixel lies.
        public static EdgeFunction Of(Vertex j, Vertex k, double sign) => new(
            sign * (j.Y * k.W - k.Y * j.W), sign * (k.X * j.W - j.X * k.W), sign * (j.X * k.Y - k.X * j.Y));

        public double Value(double fx, double fy) => AtX * fx + AtY * fy + AtW;

        public Vector256<double> Value(Vector256<double> fx, Vector256<double> fy) =>
            Vector256.Create(AtX) * fx + Vector256.Create(AtY) * fy + Vector256.Create(AtW);

        // The interior lies where the form grows: to the right, or straight below.
        public bool Owns(double value) => value > 0 || (value == 0 && OwnsEdge);

        public Vector256<double> Owns(Vector256<double> values) => OwnsEdge
            ? Vector256.GreaterThanOrEqual(values, Vector256<double>.Zero)
            : Vector256.GreaterThan(values, Vector256<double>.Zero);

        private bool OwnsEdge => AtX > 0 || (AtX == 0 && AtY < 0);
    }
}
