namespace Realiz3D.Mesh.Formats;

/// <summary>Fewer faces for the same shape: edges collapse, the cheapest first, by quadric error.</summary>
/// <remarks>
/// Garland and Heckbert 1997. Planes are weighted by the area of their faces; open borders and texture seams are held by planes that stand
/// upright on them. The surface's topology stays (link condition), no face turns over, and each texture coordinate of the result is one of
/// the mesh: with texture coordinates an edge collapses into one of its ends, without into the best place.
/// </remarks>
public sealed class MeshDecimation
{
    private const double BorderWeight = 100;
    private const double LeastCosine = 0.2;   // between a face's normal before and after
    private const double LeastShape = 1e-3;   // twice the area over the square of the longest side

    private readonly CollapseMesh _mesh;
    private readonly bool _textured;
    private readonly Quadric[] _quadrics;
    private readonly int[] _versions;
    private readonly PriorityQueue<(int From, int To, Vector3d Place, int FromVersion, int ToVersion), double> _queue = new();

    private MeshDecimation(TriangleMesh mesh)
    {
        (_mesh, _textured) = (new CollapseMesh(mesh), mesh.Uvs is not null);
        (_quadrics, _versions) = (new Quadric[mesh.VertexCount], new int[mesh.VertexCount]);
    }

    /// <summary>Decimates a mesh.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="faces">Most faces of the result. More are left where topology, seams or borders leave no edge to collapse.</param>
    /// <param name="cancel">Stops the work.</param>
    /// <returns>A new mesh; its normals are computed anew if the mesh had some.</returns>
    public static TriangleMesh Decimate(TriangleMesh mesh, int faces, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(faces, 1);
        if (mesh.Fault() is { } fault)
        {
            throw new ArgumentException($"The mesh cannot be decimated: {fault}", nameof(mesh));
        }

        var work = new MeshDecimation(mesh);
        work.Prepare(cancel);
        work.Run(faces, cancel);
        var result = work._mesh.ToMesh();
        return mesh.Normals is null ? result : result with { Normals = result.AreaWeightedNormals() };
    }

    private void Prepare(CancellationToken cancel)
    {
        var edges = new HashSet<(int A, int B)>();
        foreach (var face in _mesh.Faces())
        {
            cancel.ThrowIfCancellationRequested();
            var (a, b, c) = _mesh.PlacesOf(face);
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
            var between = _mesh.Between(a, b);
            if (between.Count != 2 || _mesh.IsSeam(a, b, between))
            {
                Hold(a, b, between);
            }
        }

        foreach (var (a, b) in edges)
        {
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
        while (_mesh.FaceCount > faces && _queue.TryDequeue(out var next, out _))
        {
            cancel.ThrowIfCancellationRequested();
            if (next.FromVersion != _versions[next.From] || next.ToVersion != _versions[next.To])
            {
                continue; // one end has moved since
            }

            var between = _mesh.Between(next.From, next.To);
            if (!_mesh.MayCollapse(next.From, next.To, between) || TurnsOver(next.From, next.To, next.Place))
            {
                continue;
            }

            _mesh.Collapse(next.From, next.To, between, next.Place);
            _quadrics[next.To] += _quadrics[next.From];
            _versions[next.From]++;
            _versions[next.To]++;
            foreach (var neighbour in _mesh.Neighbours(next.To))
            {
                Enqueue(next.To, neighbour);
            }
        }
    }

    private void Enqueue(int a, int b)
    {
        var sum = _quadrics[a] + _quadrics[b];
        if (!_textured)
        {
            var middle = (_mesh.Places[a] + _mesh.Places[b]) / 2;
            var reach = (_mesh.Places[a] - _mesh.Places[b]).LengthSquared;
            // A best place far off comes of planes that hardly fix it.
            var place = sum.Best() is { } best && (best - middle).LengthSquared <= 4 * reach ? best : Cheapest(sum, a, b, middle);
            Add(a, b, place, sum);
            return;
        }

        Add(a, b, _mesh.Places[b], sum);
        Add(b, a, _mesh.Places[a], sum);
    }

    private Vector3d Cheapest(Quadric sum, int a, int b, Vector3d middle) =>
        new[] { _mesh.Places[a], _mesh.Places[b], middle }.MinBy(sum.At);

    private void Add(int from, int to, Vector3d place, Quadric sum) =>
        _queue.Enqueue((from, to, place, _versions[from], _versions[to]), sum.At(place));

    private bool TurnsOver(int from, int to, Vector3d place) => TurnsOverAt(from, to, place) || TurnsOverAt(to, from, place);

    private bool TurnsOverAt(int moved, int other, Vector3d place)
    {
        foreach (var face in _mesh.FacesAt(moved))
        {
            var (a, b, c) = _mesh.PlacesOf(face);
            if (a == other || b == other || c == other)
            {
                continue; // it goes away
            }

            var (before, after) = (_mesh.Cross(face), _mesh.Cross(face, moved, place));
            var longest = new[] { a, b, c }.Where(corner => corner != moved).Max(corner => (_mesh.Places[corner] - place).LengthSquared);
            if (Vector3d.Dot(before.Unit(), after.Unit()) < LeastCosine || after.Length < LeastShape * longest)
            {
                return true;
            }
        }

        return false;
    }

    private static (int A, int B) Edge(int a, int b) => (Math.Min(a, b), Math.Max(a, b));
}
