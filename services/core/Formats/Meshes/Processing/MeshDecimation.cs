namespace Realiz3D.Mesh.Formats;

/// <summary>Fewer faces for the same shape: edges collapse, the cheapest first, by quadric error.</summary>
/// <remarks>
/// Garland and Heckbert 1997. Planes are weighted by the area of their faces; open borders and texture seams are held by planes that stand
/// upright on them. The surface's topology stays (link condition), no face turns over, and each texture coordinate of the result is one of
/// the mesh: with texture coordinates an edge collapses into one of its ends, without into the best place. A place with very many faces, a
/// hub, keeps its place while it is one and takes its neighbours in, so that a collapse costs no walk round it: the work grows as F log F.
/// </remarks>
public sealed class MeshDecimation
{
    private const double BorderWeight = 100;
    private const double LeastCosine = 0.2;   // between a face's normal before and after
    private const double LeastShape = 1e-3;   // twice the area over the square of the longest side from the corner that moved
    private const double Thinning = 0.9;      // what a collapse must leave of the shape of a face that is thinner than that already
    private const double Needle = 1e-6;       // no face gets thinner than this
    private const int HubFaces = 128;         // with more a place becomes a hub, with half as many it is none again
    private const double Stale = 1.25;        // an edge to a hub goes back into the queue when its error has grown so much there

    private readonly CollapseMesh _mesh;
    private readonly bool _textured;
    private readonly Quadric[] _quadrics;
    private readonly int[] _versions;
    private readonly bool[] _hubs;
    private readonly PriorityQueue<(int From, int To, Vector3d Place, int FromVersion, int ToVersion), double> _queue = new();
    private long _queued;

    private MeshDecimation(TriangleMesh mesh, CancellationToken cancel)
    {
        (_mesh, _textured) = (new CollapseMesh(mesh, cancel), mesh.Uvs is not null);
        (_quadrics, _versions) = (new Quadric[mesh.VertexCount], new int[mesh.VertexCount]);
        _hubs = [.. Enumerable.Range(0, mesh.VertexCount).Select(place => _mesh.Rings.CountAt(place) > HubFaces)];
    }

    /// <summary>Decimates a mesh.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="faces">Most faces of the result. More are left where topology, seams or borders leave no edge to collapse.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>A new mesh; its normals are computed anew if the mesh had some.</returns>
    public static TriangleMesh Decimate(TriangleMesh mesh, int faces, CancellationToken cancel = default) => Decimate(mesh, faces, out _, cancel);

    /// <summary>Decimates a mesh and counts the work: faces looked at and edges queued.</summary>
    internal static TriangleMesh Decimate(TriangleMesh mesh, int faces, out long work, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(faces, 1);
        if (mesh.Fault() is { } fault)
        {
            throw new ArgumentException($"The mesh cannot be decimated: {fault}", nameof(mesh));
        }

        var decimation = new MeshDecimation(mesh, cancel);
        decimation.Prepare(cancel);
        decimation.Run(faces, cancel);
        var result = decimation._mesh.ToMesh();
        work = decimation._mesh.Rings.Visits + decimation._queued;
        return mesh.Normals is null ? result : result with { Normals = result.AreaWeightedNormals() };
    }

    private void Prepare(CancellationToken cancel)
    {
        var edges = new HashSet<(int A, int B)>();
        foreach (var face in _mesh.Faces())
        {
            cancel.ThrowIfCancellationRequested();
            var (a, b, c) = _mesh.Rings.Corners(face);
            var cross = _mesh.Cross(face);
            var plane = Quadric.Plane(cross.Unit(), _mesh.Places[a], cross.Length / 2);
            foreach (var place in (ReadOnlySpan<int>)[a, b, c])
            {
                _quadrics[place] += plane;
            }

            edges.UnionWith([Edge(a, b), Edge(b, c), Edge(c, a)]);
        }

        foreach (var (a, b) in edges)
        {
            cancel.ThrowIfCancellationRequested();
            if (_textured || _mesh.Rings.CountAt(a, b) != 2)
            {
                var between = _mesh.Rings.Between(a, b);
                if (between.Count != 2 || _mesh.IsSeam(a, b, between))
                {
                    Hold(a, b, between);
                }
            }
        }

        foreach (var (a, b) in edges)
        {
            cancel.ThrowIfCancellationRequested();
            Enqueue(a, b);
        }
    }

    /// <summary>Planes through a border or seam, upright on its faces.</summary>
    private void Hold(int a, int b, List<int> faces)
    {
        var along = _mesh.Places[b] - _mesh.Places[a];
        foreach (var face in faces)
        {
            var upright = Vector3d.Cross(along, _mesh.Cross(face)).Unit();
            var plane = Quadric.Plane(upright, _mesh.Places[a], BorderWeight * along.LengthSquared);
            _quadrics[a] += plane;
            _quadrics[b] += plane;
        }
    }

    private void Run(int faces, CancellationToken cancel)
    {
        while (_mesh.FaceCount > faces && _queue.TryDequeue(out var next, out var error))
        {
            cancel.ThrowIfCancellationRequested();
            if (next.FromVersion != _versions[next.From] || next.ToVersion != _versions[next.To])
            {
                continue; // one end has moved since
            }

            if (_hubs[next.To] && (_quadrics[next.From] + _quadrics[next.To]).At(next.Place) > Stale * error)
            {
                Enqueue(next.From, next.To);
                continue;
            }

            var between = _mesh.Rings.Between(next.From, next.To);
            if (_mesh.MayCollapse(next.From, next.To, between) && !TurnsOver(next.From, next.To, next.Place))
            {
                Collapse(next.From, next.To, between, next.Place);
            }
        }
    }

    private void Collapse(int from, int to, List<int> between, Vector3d place)
    {
        var around = _mesh.Rings.Neighbours(from);
        var thirds = around.FindAll(other => between.Exists(face => _mesh.Rings.Corners(face) is var (a, b, c) && (a == other || b == other || c == other)));
        _mesh.Collapse(from, to, between, place);
        _quadrics[to] += _quadrics[from];
        _versions[from]++;
        if (_hubs[to])
        {
            around.Remove(to);
            around.ForEach(other => Enqueue(to, other)); // its other edges are queued, with errors from before
        }
        else
        {
            _hubs[to] = _mesh.Rings.CountAt(to) > HubFaces;
            Renew(to);
        }

        foreach (var third in thirds)
        {
            if (_hubs[third] && _mesh.Rings.CountAt(third) <= HubFaces / 2)
            {
                _hubs[third] = false;
                Renew(third);
            }
        }
    }

    /// <summary>Queues all edges of a place anew.</summary>
    private void Renew(int place)
    {
        _versions[place]++;
        foreach (var other in _mesh.Rings.Neighbours(place))
        {
            Enqueue(place, other);
        }
    }

    private void Enqueue(int a, int b)
    {
        if (_hubs[a] && _hubs[b])
        {
            return;
        }

        var sum = _quadrics[a] + _quadrics[b];
        if (_hubs[a] || _hubs[b])
        {
            var (from, to) = _hubs[a] ? (b, a) : (a, b);
            Add(from, to, _mesh.Places[to], sum);
        }
        else if (_textured)
        {
            Add(a, b, _mesh.Places[b], sum);
            Add(b, a, _mesh.Places[a], sum);
        }
        else
        {
            var middle = (_mesh.Places[a] + _mesh.Places[b]) / 2;
            var reach = (_mesh.Places[a] - _mesh.Places[b]).LengthSquared;
            // A best place far off comes of planes that hardly fix it.
            var place = sum.Best() is { } best && (best - middle).LengthSquared <= 4 * reach ? best : Cheapest(sum, a, b, middle);
            Add(a, b, place, sum);
        }
    }

    private Vector3d Cheapest(Quadric sum, int a, int b, Vector3d middle) =>
        new[] { _mesh.Places[a], _mesh.Places[b], middle }.MinBy(sum.At);

    private void Add(int from, int to, Vector3d place, Quadric sum)
    {
        _queue.Enqueue((from, to, place, _versions[from], _versions[to]), sum.At(place));
        _queued++;
    }

    private bool TurnsOver(int from, int to, Vector3d place) => TurnsOverAt(from, to, place) || TurnsOverAt(to, from, place);

    private bool TurnsOverAt(int moved, int other, Vector3d place)
    {
        if (place == _mesh.Places[moved])
        {
            return false; // its faces stay as they are
        }

        foreach (var face in _mesh.Rings.At(moved))
        {
            var (a, b, c) = _mesh.Rings.Corners(face);
            if (a == other || b == other || c == other)
            {
                continue; // it goes away
            }

            var (before, after) = (_mesh.Cross(face), _mesh.Cross(face, moved, place));
            var (next, last) = a == moved ? (b, c) : b == moved ? (c, a) : (a, b);
            double Shape(Vector3d corner, double area) => area / Math.Max(
                (_mesh.Places[next] - corner).LengthSquared, (_mesh.Places[last] - corner).LengthSquared);
            var least = Math.Clamp(Thinning * Shape(_mesh.Places[moved], before.Length), Needle, LeastShape);
            if (Vector3d.Dot(before.Unit(), after.Unit()) < LeastCosine || Shape(place, after.Length) < least)
            {
                return true;
            }
        }

        return false;
    }

    private static (int A, int B) Edge(int a, int b) => (Math.Min(a, b), Math.Max(a, b));
}
