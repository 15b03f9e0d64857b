namespace Realiz3D.Mesh.Formats;

/// <summary>A mesh whose edges can be collapsed: places (welded vertices) carry the topology, corners keep their own vertices.</summary>
/// <remarks>
/// A vertex is a place with one texture coordinate. A place on a texture seam has several; it may go only where each of them has a
/// counterpart, which is along the seam, so that seams keep their course on both sides.
/// </remarks>
internal sealed class CollapseMesh
{
    private readonly int[] _corners;    // vertices of faces, [3F]
    private readonly int[] _placeOf;    // of a vertex
    private readonly FaceRings _rings = new();
    private readonly float[]? _uvs;

    public CollapseMesh(TriangleMesh mesh, CancellationToken cancel)
    {
        _uvs = mesh.Uvs;
        _placeOf = MeshInspection.FirstAtSamePlace(mesh);
        var same = SameVertices(mesh);
        _corners = Array.ConvertAll(mesh.Indices, vertex => same[vertex]);
        Places = Vector3d.All(mesh.Positions);
        for (var place = 0; place < Places.Length; place++)
        {
            _rings.AddPlace();
        }

        for (var corner = 0; corner < _corners.Length; corner += 3)
        {
            cancel.ThrowIfCancellationRequested();
            _rings.Add(_placeOf[_corners[corner]], _placeOf[_corners[corner + 1]], _placeOf[_corners[corner + 2]]);
        }
    }

    /// <summary>Where the places are; only those of first vertices count.</summary>
    public Vector3d[] Places { get; }

    public int FaceCount => _rings.Present;

    /// <summary>Which faces lie where; changed only here.</summary>
    public FaceRings Rings => _rings;

    public IEnumerable<int> Faces() => Enumerable.Range(0, _rings.Count).Where(face => !_rings.IsGone(face));

    /// <summary>The face's normal with twice its area as length.</summary>
    public Vector3d Cross(int face, int moved = -1, Vector3d to = default)
    {
        var (a, b, c) = _rings.Corners(face);
        Vector3d At(int place) => place == moved ? to : Places[place];
        return Vector3d.Cross(At(b) - At(a), At(c) - At(a));
    }

    /// <summary>Whether an edge's two faces use different vertices at one of its ends: a texture seam.</summary>
    public bool IsSeam(int a, int b, List<int> faces) =>
        faces.Count == 2 && (VertexAt(faces[0], a) != VertexAt(faces[1], a) || VertexAt(faces[0], b) != VertexAt(faces[1], b));

    /// <summary>Whether taking place <paramref name="from"/> to place <paramref name="to"/> keeps the surface's topology and its seams.</summary>
    public bool MayCollapse(int from, int to, List<int> between)
    {
        // Link condition (Dey et al. 1999): only the third corners of the edge's faces are neighbours of both ends, and keep three themselves.
        if (between.Count is < 1 or > 2 || !OnlyCommon(from, to, between.Count)
            || (between.Count == 2 && _rings.OnBorder(from) && _rings.OnBorder(to))
            || (between.Count == 1 && _rings.CountAt(from) + _rings.CountAt(to) <= 3))
        {
            return false;
        }

        return Counterparts(from, to, between) is { } counterparts && !TurnsTexture(from, between, counterparts);
    }

    /// <summary>Collapses; the caller has asked whether it may.</summary>
    public void Collapse(int from, int to, List<int> between, Vector3d place)
    {
        var counterparts = Counterparts(from, to, between)!;
        between.ForEach(_rings.Remove);

        foreach (var face in _rings.At(from))
        {
            for (var corner = 3 * face; corner < (3 * face) + 3; corner++)
            {
                if (_placeOf[_corners[corner]] == from)
                {
                    _corners[corner] = counterparts[_corners[corner]];
                }
            }
        }

        _rings.Move(from, to);
        Places[to] = place;
    }

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

        foreach (var face in _rings.At(from))
        {
            if (!found.ContainsKey(VertexAt(face, from)))
            {
                return null;
            }
        }

        return found;
    }

    /// <summary>Whether two places have so many common neighbours and no more, each of which can spare a face.</summary>
    private bool OnlyCommon(int from, int to, int count)
    {
        var (few, other) = _rings.Valence(from) <= _rings.Valence(to) ? (from, to) : (to, from);
        var common = 0;
        foreach (var place in _rings.Neighbours(few))
        {
            if (_rings.CountAt(place, other) > 0
                && (++common > count || (count == 2 && _rings.CountAt(place) <= 3 && !_rings.OnBorder(place))))
            {
                return false;
            }
        }

        return common == count;
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
        foreach (var face in _rings.At(from))
        {
            if (between.Contains(face))
            {
                continue; // it goes away
            }

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
