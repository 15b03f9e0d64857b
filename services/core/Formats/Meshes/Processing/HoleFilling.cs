namespace Realiz3D.Mesh.Formats;

/// <summary>Closes holes by the triangulation of their rim with the least area.</summary>
/// <remarks>
/// Barequet and Sharir 1995, "Filling gaps in the boundary of a polyhedron": dynamic programming over the rim's intervals, O(n^3). No new edge
/// may be one that the mesh has already, or the edge would have more than two faces. All triangulations of a flat rim have the same area: long
/// sides cost a little, so that faces come out round, and not without area where corners of the rim lie on a line.
/// </remarks>
internal sealed class HoleFilling
{
    private const double Round = 1e-4; // what the square of a face's longest side costs, twice its area being 1

    private const int MostWays = 64;   // on from one place, among which the sharpest turn is sought

    private readonly Vector3d[] _points;
    private readonly HashSet<(int, int)> _edges = [];
    private readonly Dictionary<int, List<int>> _next = []; // along the rims, with the hole on the left

    public HoleFilling(Vector3d[] points, int[] faces)
    {
        _points = points;
        var edges = MeshEdges.Of(faces, MeshEdges.ProperFaces(faces));
        for (var edge = 0; edge < edges.Count; edge++)
        {
            var side = edges[edge][0];
            _edges.Add((side.Low, side.High));
            if (edges[edge].Length == 1)
            {
                var (from, to) = side.Forward ? (side.High, side.Low) : (side.Low, side.High); // against the face
                if (!_next.TryGetValue(from, out var ways))
                {
                    _next[from] = ways = [];
                }

                ways.Add(to);
            }
        }
    }

    /// <summary>Three vertices per face that closes a hole.</summary>
    public List<int> NewFaces { get; } = [];

    /// <summary>Closes all holes of at most <paramref name="longest"/> edges.</summary>
    public (int Filled, int Open) Fill(int longest, CancellationToken cancel = default)
    {
        var (filled, open) = (0, 0);
        foreach (var rim in Rims())
        {
            var closes = rim.Count >= 3 && rim.Count <= longest && Close(rim, cancel);
            (filled, open) = closes ? (filled + 1, open) : (filled, open + 1);
        }

        return (filled, open);
    }

    /// <summary>
    /// Walks the rims; where a walk meets itself a rim of its own is cut off. Where several rims touch the sharpest turn is taken: pieces that lie
    /// side by side but share their ends only are sewn together, each side for itself.
    /// </summary>
    private IEnumerable<List<int>> Rims()
    {
        foreach (var start in _next.Keys.Order().ToArray())
        {
            var (path, at) = (new List<int>(), start);
            var places = new Dictionary<int, int>(); // of vertices in the path
            while (_next.TryGetValue(at, out var ways) && ways.Count > 0)
            {
                var choice = path.Count == 0 || ways.Count > MostWays
                    ? ways.Count - 1
                    : Enumerable.Range(0, ways.Count).MaxBy(way => Cosine(path[^1], at, ways[way]));
                var next = ways[choice];
                ways.RemoveAt(choice);
                places[at] = path.Count;
                path.Add(at);
                if (places.TryGetValue(next, out var met))
                {
                    var rim = path[met..];
                    path.RemoveRange(met, rim.Count);
                    rim.ForEach(vertex => places.Remove(vertex));
                    yield return rim;
                }

                at = next;
            }

            if (path.Count > 0)
            {
                yield return []; // a border that does not close
            }
        }
    }

    private double Cosine(int before, int at, int after) =>
        Vector3d.Dot((_points[before] - _points[at]).Unit(), (_points[after] - _points[at]).Unit());

    private bool Close(List<int> rim, CancellationToken cancel)
    {
        var count = rim.Count;
        var (cost, middle) = (new double[count, count], new int[count, count]);
        for (var length = 2; length < count; length++)
        {
            cancel.ThrowIfCancellationRequested();
            for (var i = 0; i + length < count; i++)
            {
                var j = i + length;
                cost[i, j] = double.PositiveInfinity;
                var isRim = i == 0 && j == count - 1;
                if (!isRim && _edges.Contains((Math.Min(rim[i], rim[j]), Math.Max(rim[i], rim[j]))))
                {
                    continue;
                }

                for (var k = i + 1; k < j; k++)
                {
                    var total = cost[i, k] + cost[k, j] + Cost(_points[rim[i]], _points[rim[k]], _points[rim[j]]);
                    if (total < cost[i, j])
                    {
                        (cost[i, j], middle[i, j]) = (total, k);
                    }
                }
            }
        }

        if (double.IsPositiveInfinity(cost[0, count - 1]))
        {
            return false;
        }

        var open = new Stack<(int, int)>([(0, count - 1)]);
        while (open.TryPop(out var interval))
        {
            var (i, j) = interval;
            if (j - i >= 2)
            {
                var k = middle[i, j];
                NewFaces.AddRange([rim[i], rim[k], rim[j]]);
                _edges.Add((Math.Min(rim[i], rim[j]), Math.Max(rim[i], rim[j])));
                open.Push((i, k));
                open.Push((k, j));
            }
        }

        return true;
    }

    private static double Cost(Vector3d a, Vector3d b, Vector3d c)
    {
        var longest = Math.Max((b - a).LengthSquared, Math.Max((c - b).LengthSquared, (a - c).LengthSquared));
        return Vector3d.Cross(b - a, c - a).Length + (Round * longest);
    }
}
