namespace Realiz3D.Mesh.Rendering;

/// <summary>Where silhouette edges cross the segments between neighbouring pixel centres.</summary>
/// <remarks>
/// Laine et al. 2020 (arXiv:2011.03277), section 3.6, from the description. For each pair of pixels beside or above one
/// another with different triangles, the nearer triangle is followed along the segment: from triangle to triangle across
/// edges that are no silhouette, until one is met (no neighbour, or a neighbour that folds back to the same side) or the
/// segment ends. The walk is ours; it finds the silhouette of meshes whose triangles are smaller than a pixel. An edge counts
/// only if it is steeper than the pair's axis, and within 1/16 of the segment.
/// </remarks>
public sealed class SilhouetteCrossings
{
    private const int MaxSteps = 16;
    private const double Slack = 1.0 / 16;

    private SilhouetteCrossings(List<Crossing> found)
    {
        Inside = [.. found.Select(c => c.Inside)];
        Outside = [.. found.Select(c => c.Outside)];
        FirstEnds = [.. found.Select(c => c.First)];
        SecondEnds = [.. found.Select(c => c.Second)];
        Downward = [.. found.Select(c => c.IsDownward)];
    }

    /// <summary>Pixel of the nearer triangle, counted over all views, [K].</summary>
    public long[] Inside { get; }

    /// <summary>The other pixel of the pair, [K].</summary>
    public long[] Outside { get; }

    /// <summary>One end of the silhouette edge: view times P plus vertex, the vertex alone where views share them, [K].</summary>
    public long[] FirstEnds { get; }

    /// <summary>The other end, [K].</summary>
    public long[] SecondEnds { get; }

    /// <summary>True for pairs one above the other, false for pairs side by side, [K].</summary>
    public bool[] Downward { get; }

    /// <summary>Number of crossings, K.</summary>
    public int Count => Inside.Length;

    /// <summary>Finds the crossings in all views.</summary>
    /// <param name="buffer">What each pixel sees.</param>
    /// <param name="clip">Clip-space vertices per view, [V, P, 4].</param>
    /// <param name="faces">Vertices of the triangles, [F, 3].</param>
    /// <param name="adjacency">From <see cref="FaceAdjacency"/>, [F, 3].</param>
    /// <param name="shared">Whether all views share the vertices, [P, 4], as those of <see cref="ZBuffer.DrawRanges"/> do.</param>
    public static SilhouetteCrossings Find(ZBuffer buffer, float[] clip, int[] faces, int[] adjacency, bool shared = false)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ArgumentNullException.ThrowIfNull(clip);
        var perView = new List<Crossing>[buffer.Views];
        Parallel.For(0, buffer.Views, view =>
        {
            var walk = new Walk(clip, shared ? 0 : clip.Length / 4 / buffer.Views * view, faces, adjacency, (buffer.Height, buffer.Width));
            perView[view] = FindInView(buffer, view, walk);
        });
        return new SilhouetteCrossings([.. perView.SelectMany(found => found)]);
    }

    private static List<Crossing> FindInView(ZBuffer buffer, int view, Walk walk)
    {
        var (height, width) = (buffer.Height, buffer.Width);
        var found = new List<Crossing>();
        bool Differ(int a, int b) => buffer.Triangles[a] != buffer.Triangles[b];
        for (var row = 0; row < height; row++)
        {
            for (var column = 0; column < width; column++)
            {
                var pixel = (view * height + row) * width + column;
                if (column + 1 < width && Differ(pixel, pixel + 1))
                {
                    AddPair(buffer, walk, found, pixel, pixel + 1, false);
                }

                if (row + 1 < height && Differ(pixel, pixel + width))
                {
                    AddPair(buffer, walk, found, pixel, pixel + width, true);
                }
            }
        }

        return found;
    }

    private static void AddPair(ZBuffer buffer, Walk walk, List<Crossing> found, int first, int second, bool downward)
    {
        var (a, b) = (buffer.Triangles[first], buffer.Triangles[second]);
        var firstIsNearer = b < 0 || (a >= 0 && buffer.Depths[first] <= buffer.Depths[second]);
        var (inside, outside) = firstIsNearer ? (first, second) : (second, first);
        if (walk.TryFind(buffer.Triangles[inside], inside, firstIsNearer ? 1 : -1, downward, out var i, out var j))
        {
            found.Add(new Crossing(inside, outside, i, j, downward));
        }
    }

    private readonly record struct Crossing(long Inside, long Outside, long First, long Second, bool IsDownward);

    /// <summary>Follows one view's triangles along a row or a column of pixel centres.</summary>
    private sealed class Walk(float[] clip, int firstVertex, int[] faces, int[] adjacency, (int Height, int Width) image)
    {
        public bool TryFind(int face, int pixel, int direction, bool downward, out long first, out long second)
        {
            var (row, column) = (pixel / image.Width % image.Height, pixel % image.Width);
            var (line, start) = downward ? (column, row) : (row, column);
            (first, second) = (0, 0);
            var entry = -1;
            for (var step = 0; step < MaxSteps; step++)
            {
                var exit = Exit(face, entry, line, direction, downward, out var at);
                var travelled = (at - start) * direction;
                if (exit < 0 || travelled > 1 + Slack)
                {
                    return false;
                }

                var across = adjacency[3 * face + exit];
                var (i, j) = (faces[3 * face + (exit + 1) % 3], faces[3 * face + (exit + 2) % 3]);
                if (across < 0 || Folds(i, j, faces[3 * face + exit], faces[across]))
                {
                    (first, second) = (firstVertex + i, firstVertex + j);
                    return travelled >= -Slack && IsSteep(i, j, downward);
                }

                (face, entry) = (across / 3, across % 3);
            }

            return false;
        }

        // The edge by which the line leaves the triangle, as the number of the corner opposite it; -1 if there is none.
        private int Exit(int face, int entry, int line, int direction, bool downward, out double at)
        {
            var exit = -1;
            at = double.NegativeInfinity;
            for (var k = 0; k < 3; k++)
            {
                if (k == entry)
                {
                    continue;
                }

                var a = Place(faces[3 * face + (k + 1) % 3], downward);
                var b = Place(faces[3 * face + (k + 2) % 3], downward);
                if (a.Across > line == b.Across > line)
                {
                    continue;
                }

                var crossing = a.Along + (b.Along - a.Along) * (line - a.Across) / (b.Across - a.Across);
                if (exit < 0 || (crossing - at) * direction > 0)
                {
                    (exit, at) = (k, crossing);
                }
            }

            return exit;
        }

        // Whether both triangles at edge (i, j) lie on the same side of it in the image.
        private bool Folds(int i, int j, int one, int other)
        {
            var (a, b, c, d) = (Place(i, false), Place(j, false), Place(one, false), Place(other, false));
            var side = (b.Along - a.Along) * (c.Across - a.Across) - (b.Across - a.Across) * (c.Along - a.Along);
            var otherSide = (b.Along - a.Along) * (d.Across - a.Across) - (b.Across - a.Across) * (d.Along - a.Along);
            return side > 0 == otherSide > 0;
        }

        private bool IsSteep(int i, int j, bool downward)
        {
            var (a, b) = (Place(i, downward), Place(j, downward));
            return Math.Abs(a.Across - b.Across) >= Math.Abs(a.Along - b.Along);
        }

        // Position in pixels, 0 at the first pixel's centre: along the pair's axis and across it. A vertex behind the eye
        // is nowhere (not a number), and every comparison with it fails.
        private (double Along, double Across) Place(int vertex, bool downward)
        {
            var at = 4 * (firstVertex + vertex);
            var w = clip[at + 3] > 0 ? clip[at + 3] : double.NaN;
            var column = (clip[at] / w + 1) * 0.5 * image.Width - 0.5;
            var row = (1 - clip[at + 1] / w) * 0.5 * image.Height - 0.5;
            return downward ? (row, column) : (column, row);
        }
    }
}
