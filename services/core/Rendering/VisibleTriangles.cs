using System.Buffers;

namespace Realiz3D.Mesh.Rendering;

/// <summary>The pixels that a triangle may cover: those whose centres lie in its box.</summary>
/// <param name="Number">Which triangle.</param>
/// <param name="FirstColumn">Leftmost column.</param>
/// <param name="LastColumn">Rightmost column.</param>
/// <param name="FirstRow">Uppermost row.</param>
/// <param name="LastRow">Lowest row.</param>
internal readonly record struct TriangleBox(int Number, int FirstColumn, int LastColumn, int FirstRow, int LastRow);

/// <summary>The triangles of a view that may cover a pixel's centre, in their order, with their boxes.</summary>
/// <remarks>
/// Each vertex is projected once, not once for each triangle round it, and of a fine mesh most triangles fall between the centres: they end
/// here. The rest is kept in chunks, which are found in parallel.
/// </remarks>
internal sealed class VisibleTriangles : IDisposable
{
    /// <summary>How far beyond its box a triangle is looked for, in pixels: more than the rounding of a projection.</summary>
    public const double Slack = 1.0 / 64;

    private const int ChunkSize = 4096;

    private readonly TriangleBox[] _boxes;
    private readonly int[] _counts;

    private VisibleTriangles(TriangleBox[] boxes, int[] counts) => (_boxes, _counts) = (boxes, counts);

    /// <summary>Number of chunks.</summary>
    public int ChunkCount => _counts.Length;

    /// <summary>Finds them.</summary>
    /// <param name="clip">Clip-space vertices of the view, [P, 4].</param>
    /// <param name="faces">Vertices of all triangles, [F, 3].</param>
    /// <param name="range">First triangle and number of triangles of the view.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    public static VisibleTriangles Of(ReadOnlyMemory<float> clip, int[] faces, (int Start, int Count) range, int height, int width)
    {
        var places = ArrayPool<(double Column, double Row)>.Shared.Rent(clip.Length / 4);
        Parallel.For(0, Chunks(clip.Length / 4), chunk => Project(clip.Span, places, chunk, height, width));
        var boxes = ArrayPool<TriangleBox>.Shared.Rent(range.Count);
        var counts = new int[Chunks(range.Count)];
        Parallel.For(0, counts.Length, chunk =>
        {
            var (first, last) = (chunk * ChunkSize, Math.Min(range.Count, (chunk + 1) * ChunkSize));
            counts[chunk] = Collect(clip.Span, places, faces, (range.Start + first, range.Start + last), boxes.AsSpan(first, last - first), (height, width));
        });
        ArrayPool<(double Column, double Row)>.Shared.Return(places);
        return new VisibleTriangles(boxes, counts);
    }

    /// <summary>The boxes of one chunk.</summary>
    public ReadOnlySpan<TriangleBox> Chunk(int chunk) => _boxes.AsSpan(chunk * ChunkSize, _counts[chunk]);

    /// <inheritdoc/>
    public void Dispose() => ArrayPool<TriangleBox>.Shared.Return(_boxes);

    private static int Chunks(int count) => (count + ChunkSize - 1) / ChunkSize;

    // Column and row on a scale where pixel k's centre is k. Of a vertex behind the eye it means nothing.
    private static void Project(ReadOnlySpan<float> clip, (double Column, double Row)[] places, int chunk, int height, int width)
    {
        for (var vertex = chunk * ChunkSize; vertex < Math.Min(clip.Length / 4, (chunk + 1) * ChunkSize); vertex++)
        {
            double x = clip[4 * vertex], y = clip[(4 * vertex) + 1], w = clip[(4 * vertex) + 3];
            places[vertex] = (((x / w + 1) * 0.5 * width) - 0.5, ((-(y / w) + 1) * 0.5 * height) - 0.5);
        }
    }

    private static int Collect(
        ReadOnlySpan<float> clip, (double Column, double Row)[] places, int[] faces, (int First, int End) range, Span<TriangleBox> boxes, (int Height, int Width) image)
    {
        var count = 0;
        for (var f = range.First; f < range.End; f++)
        {
            var (a, b, c) = (faces[3 * f], faces[(3 * f) + 1], faces[(3 * f) + 2]);
            var (wa, wb, wc) = (clip[(4 * a) + 3], clip[(4 * b) + 3], clip[(4 * c) + 3]);
            var box = new TriangleBox(f, 0, image.Width - 1, 0, image.Height - 1);
            if (wa > 0 && wb > 0 && wc > 0)
            {
                var (p, q, r) = (places[a], places[b], places[c]);
                box = new TriangleBox(
                    f,
                    First(Math.Min(p.Column, Math.Min(q.Column, r.Column)), image.Width),
                    Last(Math.Max(p.Column, Math.Max(q.Column, r.Column)), image.Width),
                    First(Math.Min(p.Row, Math.Min(q.Row, r.Row)), image.Height),
                    Last(Math.Max(p.Row, Math.Max(q.Row, r.Row)), image.Height));
            }
            else if (!(wa > 0 || wb > 0 || wc > 0))
            {
                continue;
            }

            if (box.FirstColumn <= box.LastColumn && box.FirstRow <= box.LastRow)
            {
                boxes[count++] = box;
            }
        }

        return count;
    }

    private static int First(double low, int size) => (int)Math.Clamp(Math.Ceiling(low - Slack), 0, size);

    private static int Last(double high, int size) => (int)Math.Clamp(Math.Floor(high + Slack), -1, size - 1);
}
