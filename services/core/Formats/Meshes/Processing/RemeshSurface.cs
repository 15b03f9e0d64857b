namespace Realiz3D.Mesh.Formats;

/// <summary>Triangles whose edges can be split, collapsed and flipped. Edges are pairs of places; places and faces are only added, gone ones stay empty.</summary>
internal sealed class RemeshSurface
{
    private readonly List<int[]?> _faces = [];
    private readonly List<List<int>> _facesAt = []; // ascending: new faces have the highest numbers

    public RemeshSurface(TriangleMesh mesh)
    {
        foreach (var place in Vector3d.All(mesh.Positions))
        {
            AddPlace(place, held: false);
        }

        var indices = MeshInspection.Welded(mesh);
        foreach (var face in MeshEdges.ProperFaces(indices))
        {
            AddFace(indices[3 * face], indices[(3 * face) + 1], indices[(3 * face) + 2]);
        }
    }

    public List<Vector3d> Places { get; } = [];

    /// <summary>Places that stay: on borders and creases.</summary>
    public List<bool> Held { get; } = [];

    public IEnumerable<int> UsedPlaces() => Enumerable.Range(0, Places.Count).Where(place => _facesAt[place].Count > 0);

    /// <summary>All edges once, the lower place first, in an order that is always the same.</summary>
    public List<(int A, int B)> Edges()
    {
        var edges = new List<(int, int)>(3 * Places.Count);
        for (var place = 0; place < Places.Count; place++)
        {
            foreach (var other in Neighbours(place))
            {
                if (other > place)
                {
                    edges.Add((place, other));
                }
            }
        }

        return edges;
    }

    public double Length(int a, int b) => (Places[a] - Places[b]).Length;

    public int[] FacesAt(int place) => [.. _facesAt[place]];

    public List<int> FacesBetween(int a, int b)
    {
        var between = new List<int>(2);
        foreach (var face in _facesAt[a])
        {
            if (_faces[face].AsSpan().Contains(b))
            {
                between.Add(face);
            }
        }

        return between;
    }

    /// <summary>Places that share an edge with a place, ascending.</summary>
    public List<int> Neighbours(int place)
    {
        var neighbours = new List<int>(8);
        foreach (var face in _facesAt[place])
        {
            foreach (var other in _faces[face]!)
            {
                if (other != place && !neighbours.Contains(other))
                {
                    neighbours.Add(other);
                }
            }
        }

        neighbours.Sort();
        return neighbours;
    }

    public bool OnBorder(int place) => Neighbours(place).Any(other => FacesBetween(place, other).Count != 2);

    /// <summary>The corner of a face that is neither of two.</summary>
    public int Third(int face, int a, int b) => _faces[face]!.First(place => place != a && place != b);

    public Vector3d Cross(int face, int moved = -1, Vector3d to = default)
    {
        Vector3d At(int k) => _faces[face]![k] == moved ? to : Places[_faces[face]![k]];
        return Vector3d.Cross(At(1) - At(0), At(2) - At(0));
    }

    /// <summary>Puts a place in the middle of an edge.</summary>
    public void Split(int a, int b, bool held)
    {
        var middle = AddPlace((Places[a] + Places[b]) / 2, held);
        foreach (var face in FacesBetween(a, b))
        {
            var corners = Remove(face);
            var k = Array.FindIndex(corners, place => place != a && place != b);
            var (third, next, last) = (corners[k], corners[(k + 1) % 3], corners[(k + 2) % 3]);
            AddFace(third, next, middle);
            AddFace(third, middle, last);
        }
    }

    /// <summary>Takes a place to another one; false where that would change the topology or turn a face over.</summary>
    public bool Collapse(int from, int to)
    {
        var between = FacesBetween(from, to);
        var common = Neighbours(from).Intersect(Neighbours(to)).ToArray();
        if (between.Count != 2 || common.Length != 2 || Array.Exists(common, place => _facesAt[place].Count <= 3)
            || FacesAt(from).Except(between).Any(face => Turns(face, from, Places[to])))
        {
            return false;
        }

        foreach (var face in between)
        {
            Remove(face);
        }

        foreach (var face in FacesAt(from))
        {
            var corners = Array.ConvertAll(Remove(face), place => place == from ? to : place);
            AddFace(corners[0], corners[1], corners[2]);
        }

        return true;
    }

    /// <summary>Turns an edge in the quad of its two faces; false where that edge is there already or a face would turn over.</summary>
    public bool Flip(int a, int b)
    {
        var between = FacesBetween(a, b);
        var (c, d) = (Third(between[0], a, b), Third(between[1], a, b));
        if (c == d || FacesBetween(c, d).Count > 0)
        {
            return false;
        }

        var corners = _faces[between[0]]!;
        (a, b) = corners[(Array.IndexOf(corners, a) + 1) % 3] == b ? (a, b) : (b, a); // the first face runs a, b, c
        var normal = (Cross(between[0]).Unit() + Cross(between[1]).Unit()).Unit();
        if (Flat(c, d, b, normal) || Flat(d, c, a, normal))
        {
            return false;
        }

        Remove(between[0]);
        Remove(between[1]);
        AddFace(c, d, b);
        AddFace(d, c, a);
        return true;
    }

    /// <summary>Whether a face would lean over, or become a sliver, if one corner moved.</summary>
    public bool Turns(int face, int moved, Vector3d to)
    {
        var (before, after) = (Cross(face).Unit(), Cross(face, moved, to));
        var longest = _faces[face]!.Where(place => place != moved).Max(place => (Places[place] - to).LengthSquared);
        return Vector3d.Dot(before, after.Unit()) < 0.5 || after.Length < 1e-2 * longest;
    }

    public TriangleMesh ToMesh()
    {
        var numbers = new Dictionary<int, int>();
        var (positions, indices) = (new List<float>(), new List<int>());
        foreach (var place in _faces.Where(face => face is not null).SelectMany(face => face!))
        {
            if (numbers.TryAdd(place, numbers.Count))
            {
                positions.AddRange([(float)Places[place].X, (float)Places[place].Y, (float)Places[place].Z]);
            }

            indices.Add(numbers[place]);
        }

        return new TriangleMesh([.. positions], [.. indices]);
    }

    private bool Flat(int a, int b, int c, Vector3d normal)
    {
        var cross = Vector3d.Cross(Places[b] - Places[a], Places[c] - Places[a]);
        return Vector3d.Dot(cross.Unit(), normal) < 0.5;
    }

    private int AddPlace(Vector3d place, bool held)
    {
        Places.Add(place);
        Held.Add(held);
        _facesAt.Add([]);
        return Places.Count - 1;
    }

    private void AddFace(int a, int b, int c)
    {
        foreach (var place in (ReadOnlySpan<int>)[a, b, c])
        {
            _facesAt[place].Add(_faces.Count);
        }

        _faces.Add([a, b, c]);
    }

    private int[] Remove(int face)
    {
        var corners = _faces[face]!;
        _faces[face] = null;
        foreach (var place in corners)
        {
            _facesAt[place].Remove(face);
        }

        return corners;
    }
}
