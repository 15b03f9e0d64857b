using System.Runtime.Intrinsics;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Which triangle each pixel sees, found on the CPU.</summary>
/// <remarks>
/// Homogeneous edge functions (Olano and Greer 1997, "Triangle scan conversion using 2D homogeneous coordinates"): with a
/// pixel centre (fx, fy) in clip units, <c>a_i = (p_j x p_k) . (1-form at the centre)</c> is linear in fx and fy and needs no
/// clipping against the eye plane. A pixel belongs to the triangle if all a_i have the sign of det[p0 p1 p2]; on an edge
/// exactly one of the two triangles owns it (interior to the right, or else below). Depth is z / w; nearer wins, ties go to
/// the lower triangle. No culling. Depths outside [-1, 1] are not drawn.
/// </remarks>
public sealed class ZBuffer
{
    private readonly bool _wide;

    private ZBuffer(int views, int height, int width, bool wide)
    {
        (Views, Height, Width, _wide) = (views, height, width, wide);
        Triangles = new int[views * height * width];
        Depths = new float[views * height * width];
    }

    /// <summary>Number of views, V.</summary>
    public int Views { get; }

    /// <summary>Rows of a view, H.</summary>
    public int Height { get; }

    /// <summary>Columns of a view, W.</summary>
    public int Width { get; }

    /// <summary>Triangle at each pixel, -1 where there is none, [V, H, W]. Row 0 is at the top.</summary>
    public int[] Triangles { get; }

    /// <summary>z / w at each pixel, infinity where there is no triangle, [V, H, W].</summary>
    public float[] Depths { get; }

    /// <summary>Draws the same triangles into several views.</summary>
    /// <param name="clip">Clip-space vertices per view, [V, P, 4].</param>
    /// <param name="views">Number of views, V.</param>
    /// <param name="faces">Vertices of the triangles, [F, 3].</param>
    /// <param name="height">Rows of a view, H.</param>
    /// <param name="width">Columns of a view, W.</param>
    /// <param name="wide">Whether to test four pixels at a time; the result is the same.</param>
    public static ZBuffer Draw(float[] clip, int views, int[] faces, int height, int width, bool wide = true)
    {
        ArgumentNullException.ThrowIfNull(clip);
        ArgumentNullException.ThrowIfNull(faces);
        var buffer = new ZBuffer(views, height, width, wide);
        var floats = clip.Length / views;
        Parallel.For(0, views, view => buffer.DrawView(clip.AsSpan(view * floats, floats), faces, (0, faces.Length / 3), view));
        return buffer;
    }

    /// <summary>Draws triangles of one set of vertices, other ones into each view.</summary>
    /// <param name="clip">Clip-space vertices, [P, 4].</param>
    /// <param name="faces">Vertices of the triangles, [F, 3].</param>
    /// <param name="ranges">First triangle and number of triangles of each view, [V].</param>
    /// <param name="height">Rows of a view, H.</param>
    /// <param name="width">Columns of a view, W.</param>
    /// <returns>Triangles have their numbers among all faces.</returns>
    public static ZBuffer DrawRanges(float[] clip, int[] faces, IReadOnlyList<(int Start, int Count)> ranges, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(clip);
        ArgumentNullException.ThrowIfNull(faces);
        ArgumentNullException.ThrowIfNull(ranges);
        var buffer = new ZBuffer(ranges.Count, height, width, wide: true);
        Parallel.For(0, ranges.Count, view => buffer.DrawView(clip, faces, ranges[view], view));
        return buffer;
    }

    /// <summary>Where a pixel's centre lies, in clip units.</summary>
    /// <param name="row">Row of the pixel.</param>
    /// <param name="column">Column of the pixel.</param>
    public (double X, double Y) Centre(int row, int column) => (((2 * column) + 1.0) / Width - 1, 1 - ((2 * row) + 1.0) / Height);

    private void DrawView(ReadOnlySpan<float> clip, int[] faces, (int Start, int Count) range, int view)
    {
        var triangles = Triangles.AsSpan(view * Height * Width, Height * Width);
        var depths = Depths.AsSpan(view * Height * Width, Height * Width);
        triangles.Fill(-1);
        depths.Fill(float.PositiveInfinity);
        for (var f = range.Start; f < range.Start + range.Count; f++)
        {
            if (ClipTriangle.TryRead(clip, faces.AsSpan(3 * f, 3), Height, Width, out var triangle))
            {
                Draw(triangle, f, triangles, depths);
            }
        }
    }

    private void Draw(in ClipTriangle triangle, int number, Span<int> triangles, Span<float> depths)
    {
        for (var row = triangle.FirstRow; row <= triangle.LastRow; row++)
        {
            var column = triangle.FirstColumn;
            if (_wide)
            {
                for (; column + 3 <= triangle.LastColumn; column += 4)
                {
                    DrawFour(triangle, number, (row, column), triangles, depths);
                }
            }

            for (; column <= triangle.LastColumn; column++)
            {
                var pixel = (row * Width) + column;
                if (triangle.Covers(column, row, out var depth) && depth < depths[pixel])
                {
                    (depths[pixel], triangles[pixel]) = (depth, number);    // triangles come in order: a tie stays with the lower one
                }
            }
        }
    }

    private void DrawFour(in ClipTriangle triangle, int number, (int Row, int Column) at, Span<int> triangles, Span<float> depths)
    {
        var covered = triangle.CoversFour(at.Column, at.Row, out var depth);
        if (covered == Vector128<int>.Zero)
        {
            return;
        }

        ref var firstDepth = ref depths[(at.Row * Width) + at.Column];
        ref var firstTriangle = ref triangles[(at.Row * Width) + at.Column];
        var before = Vector128.LoadUnsafe(ref firstDepth);
        var nearer = covered & Vector128.LessThan(depth, before).AsInt32();
        Vector128.ConditionalSelect(nearer.AsSingle(), depth, before).StoreUnsafe(ref firstDepth);
        Vector128.ConditionalSelect(nearer, Vector128.Create(number), Vector128.LoadUnsafe(ref firstTriangle)).StoreUnsafe(ref firstTriangle);
    }
}
