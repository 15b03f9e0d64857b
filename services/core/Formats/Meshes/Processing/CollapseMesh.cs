namespace Realiz3D.Mesh.Formats;

/// <summary>A mesh whose edges can be collapsed: places (welded vertices) carry the topology, corners keep their own vertices.</summary>
/// <remarks>
/// A vertex is a place with one texture coordinate. A place on a texture seam has several; it may go only where each of them has a
/// counterpart, which is along the seam, so that seams keep their course on both sides.
/// </remarks>
internal sealed class CollapseMesh
{
    private readonly int[] _corners;        // vertices of faces, [3F]
    private readonly int[] _placeOf;        // of a vertex
    private readonly List<int>[] _facesAt;  // of a place
    private readonly bool[] _gone;
    private readonly float[]? _uvs;

    public CollapseMesh(TriangleMesh mesh)
    {
        _uvs = mesh.Uvs;
        _placeOf = MeshInspection.FirstAtSamePlace(mesh);
        var same = SameVertices(mesh);
        _corners = Array.ConvertAll(mesh.Indices, vertex => same[vertex]);
        Places = Vector3d.All(mesh.Positions);
        _facesAt = [.. Enumerable.Range(0, Places.Length).Select(_ => new List<int>())];
        _gone = new bool[mesh.FaceCount];
        for (var face = 0; face < mesh.FaceCount; face++)
        {
            var (a, b, c) = PlacesOf(face);
            if (a == b || b == c || c == a)
            {
                _gone[face] = true;
                continue;
            }

            FaceCount++;
            _facesAt[a].Add(face);
            _facesAt[b].Add(face);
            _facesAt[c].Add(face);
        }
    }

    /// <summary>Where the places are; only those of first vertices count.</summary>
    public Vector3d[] Places { get; }

    public int FaceCount { get; private set; }

    public IReadOnlyList<int> FacesAt(int place) => _facesAt[place];

    public IEnumerable<int> Faces() => Enumerable.Range(0, _gone.Length).Where(face => !_gone[face]);

    public (int A, int B, int C) PlacesOf(int face) =>
        (_placeOf[_corners[3 * face]], _placeOf[_corners[(3 * face) + 1]], _placeOf[_corners[(3 * face) + 2]]);

    /// <summary>The face's normal with twice its area as length.</summary>
    public Vector3d Cross(int face, int moved = -1, Vector3d to = default)
    {
        var (a, b, c) = PlacesOf(face);
        Vector3d At(int place) => place == moved ? to : Places[place];
        return Vector3d.Cross(At(b) - At(a), At(c) - At(a));
    }

    /// <summary>The faces that have both places.</summary>
    public List<int> Between(int a, int b) => _facesAt[a].FindAll(face => PlacesOf(face) is var (p, q, r) && (p == b || q == b || r == b));

    public HashSet<int> Neighbours(int place)
    {
        var found = new HashSet<int>();
        foreach (var face in _facesAt[place])
        {
            var (a, b, c) = PlacesOf(face);
            found.UnionWith([a, b, c]);
        }

        found.Remove(place);
        return found;
    }

    /// <summary>Whether an edge's two faces use different vertices at one of its ends: a texture seam.</summary>
    public bool IsSeam(int a, int b, List<int> faces) =>
        faces.Count == 2 && (VertexAt(faces[0], a) != VertexAt(faces[1], a) || VertexAt(faces[0], b) != VertexAt(faces[1], b));

    /// <summary>Whether taking place <paramref name="from"/> to place <paramref name="to"/> keeps the surface's topology and its seams.</summary>
    public bool MayCollapse(int from, int to, List<int> between)
    {
        var (here, there) = (Neighbours(from), Neighbours(to));
        var common = here.Intersect(there).ToArray();

        // Link condition (Dey et al. 1999): only the third corners of the edge's faces are neighbours of both ends, and keep three themselves.
        if (between.Count is < 1 or > 2 || common.Length != between.Count
            || (between.Count == 2 && common.Any(place => _facesAt[place].Count <= 3 && !OnBorder(place)))
            || (between.Count == 2 && OnBorder(from) && OnBorder(to))
            || (between.Count == 1 && _facesAt[from].Count + _facesAt[to].Count <= 3))
        {
            return false;
        }

        return Counterparts(from, to, between) is { } counterparts && !TurnsTexture(from, between, counterparts);
    }

    /// <summary>Collapses; the caller has asked whether it may.</summary>
    public void Collapse(int from, int to, List<int> between, Vector3d place)
    {
        var counterparts = Counterparts(from, to, between)!;
        foreach (var face in between)
        {
            var (a, b, c) = PlacesOf(face);
            _gone[face] = true;
            FaceCount--;
            _facesAt[a].Remove(face);
            _facesAt[b].Remove(face);
            _facesAt[c].Remove(face);
        }

        foreach (var face in _facesAt[from])
        {
            for (var corner = 3 * face; corner < (3 * face) + 3; corner++)
            {
                if (_placeOf[_corners[corner]] == from)
                {
                    _corners[corner] = counterparts[_corners[corner]];
                }
            }

            _facesAt[to].Add(face);
        }

        _facesAt[from].Clear();
        Places[to] = place;
    }

    /// <summary>Whether a place lies on an edge with one face, or with more than two.</summary>
    public bool OnBorder(int place) => Neighbours(place).Any(other => Between(place, other).Count != 2);

    /// <summary>The mesh as it is now, vertices that no face has left out.</summary>
    public TriangleMesh ToMesh()
    {
        var (numbers, vertices, indices) = (new Dictionary<int, int>(), new List<int>(), new List<int>());
        foreach (var corner in Faces().SelectMany(face => new[] { 3 * face, (3 * face) + 1, (3 * face) + 2 }))
        {
            if (numbers.TryAdd(_corners[corner], vertices.Count))
            {
                vertices.Add(_corners[corner]);
            }

            indices.Add(numbers[_corners[corner]]);
        }

        var positions = new float[3 * vertices.Count];
        for (var i = 0; i < vertices.Count; i++)
        {
            Places[_placeOf[vertices[i]]].Store(positions, i);
        }

        return new TriangleMesh(
            positions, [.. indices], _uvs is null ? null : [.. vertices.SelectMany(vertex => _uvs[(2 * vertex)..((2 * vertex) + 2)])]);
    }

    /// <summary>For each vertex at <paramref name="from"/> the one at <paramref name="to"/> on its side; null unless each has exactly one.</summary>
    private Dictionary<int, int>? Counterparts(int from, int to, List<int> between)
    {
        var found = new Dictionary<int, int>();
        foreach (var face in between)
        {
            var (here, there) = (VertexAt(face, from), VertexAt(face, to));
            if (!found.TryAdd(here, there) && found[here] != there)
            {
                return null;
            }
        }

        return _facesAt[from].TrueForAll(face => found.ContainsKey(VertexAt(face, from))) ? found : null;
    }

    /// <summary>Whether a face that stays would turn over in the texture.</summary>
    private bool TurnsTexture(int from, List<int> between, Dictionary<int, int> counterparts)
    {
        if (_uvs is null)
        {
            return false;
        }

        double Area(int a, int b, int c) =>
            (((double)_uvs[2 * b] - _uvs[2 * a]) * ((double)_uvs[(2 * c) + 1] - _uvs[(2 * a) + 1]))
            - (((double)_uvs[2 * c] - _uvs[2 * a]) * ((double)_uvs[(2 * b) + 1] - _uvs[(2 * a) + 1]));
        foreach (var face in _facesAt[from].Except(between))
        {
            var (a, b, c) = (_corners[3 * face], _corners[(3 * face) + 1], _corners[(3 * face) + 2]);
            var before = Area(a, b, c);
            var after = Area(counterparts.GetValueOrDefault(a, a), counterparts.GetValueOrDefault(b, b), counterparts.GetValueOrDefault(c, c));
            if (before * after <= 0 && before != 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>For each vertex the first one at the same place with the same texture coordinate: other splits do not count here.</summary>
    private int[] SameVertices(TriangleMesh mesh)
    {
        var first = new Dictionary<(int, float, float), int>();
        var same = new int[mesh.VertexCount];
        for (var vertex = 0; vertex < same.Length; vertex++)
        {
            var key = mesh.Uvs is null ? (_placeOf[vertex], 0, 0) : (_placeOf[vertex], mesh.Uvs[2 * vertex], mesh.Uvs[(2 * vertex) + 1]);
            same[vertex] = first.TryGetValue(key, out var earlier) ? earlier : vertex;
            first.TryAdd(key, vertex);
        }

        return same;
    }

    private int VertexAt(int face, int place)
    {
        var corner = 3 * face;
        while (_placeOf[_corners[corner]] != place)
        {
            corner++;
        }

        return _corners[corner];
    }
}
