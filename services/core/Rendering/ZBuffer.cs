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
    private const int BandsPerProcessor = 2;
    private static readonly Vector128<int> s_lanes = Vector128.Create(0, 1, 2, 3);

    private readonly bool _wide;
    private readonly double[] _columns;

    private ZBuffer(int views, int height, int width, bool wide)
    {
        (Views, Height, Width, _wide) = (views, height, width, wide && width >= 4);
        Triangles = new int[views * height * width];
        Depths = new float[views * height * width];
        _columns = [.. Enumerable.Range(0, width).Select(column => Centre(0, column).X)];
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
        Parallel.For(0, views, view => buffer.DrawView(clip.AsMemory(view * floats, floats), faces, (0, faces.Length / 3), view));
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

    /// <summary>One view whose triangles are known, as those behind the nearest; it has no depths.</summary>
    /// <param name="triangles">[H, W], -1 where there is none.</param>
    /// <param name="height">Rows, H.</param>
    /// <param name="width">Columns, W.</param>
    internal static ZBuffer OfTriangles(int[] triangles, int height, int width)
    {
        var buffer = new ZBuffer(1, height, width, wide: false);
        triangles.CopyTo(buffer.Triangles, 0);
        return buffer;
    }

    /// <summary>Where a pixel's centre lies, in clip units.</summary>
    /// <param name="row">Row of the pixel.</param>
    /// <param name="column">Column of the pixel.</param>
    public (double X, double Y) Centre(int row, int column) => (((2 * column) + 1.0) / Width - 1, 1 - ((2 * row) + 1.0) / Height);

    // Bands of rows share the processors; each goes through all triangles in their order.
    private void DrawView(ReadOnlyMemory<float> clip, int[] faces, (int Start, int Count) range, int view)
    {
        using var visible = VisibleTriangles.Of(clip, faces, range, Height, Width);
        var bands = Math.Clamp(BandsPerProcessor * Environment.ProcessorCount / Views, 1, Height);
        Parallel.For(0, bands, band =>
        {
            var (first, end) = (Height * band / bands, Height * (band + 1) / bands);
            var pixels = ((view * Height) + first) * Width;
            Triangles.AsSpan(pixels, (end - first) * Width).Fill(-1);
            Depths.AsSpan(pixels, (end - first) * Width).Fill(float.PositiveInfinity);
            for (var chunk = 0; chunk < visible.ChunkCount; chunk++)
            {
                foreach (ref readonly var box in visible.Chunk(chunk))
                {
                    if (box.FirstRow < end && box.LastRow >= first
                        && ClipTriangle.TryRead(clip.Span, faces.AsSpan(3 * box.Number, 3), out var triangle))
                    {
                        DrawRows(triangle, box, (Math.Max(first, box.FirstRow), Math.Min(end - 1, box.LastRow)), view);
                    }
                }
            }
        });
    }

    private void DrawRows(in ClipTriangle triangle, in TriangleBox box, (int First, int Last) rows, int view)
    {
        for (var row = rows.First; row <= rows.Last; row++)
        {
            var start = ((view * Height) + row) * Width;
            var triangles = Triangles.AsSpan(start, Width);
            var depths = Depths.AsSpan(start, Width);
            var y = Centre(row, 0).Y;
            if (_wide)
            {
                for (var column = box.FirstColumn; column <= box.LastColumn; column += 4)
                {
                    DrawFour(triangle, box, column, y, triangles, depths);
                }

                continue;
            }

            for (var column = box.FirstColumn; column <= box.LastColumn; column++)
            {
                if (triangle.Covers(_columns[column], y, out var depth) && depth < depths[column])
                {
                    (depths[column], triangles[column]) = (depth, box.Number);  // triangles come in order: a tie stays with the lower one
                }
            }
        }
    }

    // Four pixels of the row from a column on. At the row's end they start earlier; those outside the box are left alone.
    private void DrawFour(in ClipTriangle triangle, in TriangleBox box, int column, double y, Span<int> triangles, Span<float> depths)
    {
        var at = Math.Min(column, Width - 4);
        var covered = triangle.CoversFour(Vector256.LoadUnsafe(ref _columns[at]), Vector256.Create(y), out var depth);
        if (covered == Vector128<int>.Zero)
        {
            return;
        }

        ref var firstDepth = ref depths[at];
        ref var firstTriangle = ref triangles[at];
        var lanes = Vector128.Create(at) + s_lanes;
        var before = Vector128.LoadUnsafe(ref firstDepth);
        var nearer = covered & Vector128.LessThan(depth, before).AsInt32()
            & Vector128.GreaterThanOrEqual(lanes, Vector128.Create(column)) & Vector128.LessThanOrEqual(lanes, Vector128.Create(box.LastColumn));
        Vector128.ConditionalSelect(nearer.AsSingle(), depth, before).StoreUnsafe(ref firstDepth);
        Vector128.ConditionalSelect(nearer, Vector128.Create(box.Number), Vector128.LoadUnsafe(ref firstTriangle)).StoreUnsafe(ref firstTriangle);
    }
}
