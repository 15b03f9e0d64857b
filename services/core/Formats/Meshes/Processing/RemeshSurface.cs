namespace Realiz3D.Mesh.Formats;

/// <summary>Triangles whose edges can be split, collapsed and flipped. Edges are pairs of places; places and faces are only added, gone ones stay empty.</summary>
internal sealed class RemeshSurface
{
    private const int HubFaces = 128;
    private const double LeastShape = 1e-2; // twice the area over the square of the longest side from the corner that moved
    private const double Thinning = 0.9;    // what is left at least of the shape of a face that is thinner than that already
    private const double Needle = 1e-6;     // no face gets thinner than this

    private readonly FaceRings _rings = new(); // ascending at each place: new faces have the highest numbers

    public RemeshSurface(TriangleMesh mesh)
    {
        foreach (var place in Vector3d.All(mesh.Positions))
        {
            AddPlace(place, held: false);
        }

        var indices = MeshInspection.Welded(mesh);
        foreach (var face in MeshEdges.ProperFaces(indices))
        {
            _rings.Add(indices[3 * face], indices[(3 * face) + 1], indices[(3 * face) + 2]);
        }
    }

    public List<Vector3d> Places { get; } = [];

    /// <summary>Places that stay: on borders and creases.</summary>
    public List<bool> Held { get; } = [];

    public IEnumerable<int> UsedPlaces() => Enumerable.Range(0, Places.Count).Where(place => _rings.CountAt(place) > 0);

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

    public int FaceCount => _rings.Present;

    public double Length(int a, int b) => (Places[a] - Places[b]).Length;

    public int[] FacesAt(int place) => _rings.At(place).ToArray();

    public List<int> FacesBetween(int a, int b) => _rings.Between(a, b);

    /// <summary>Places that share an edge with a place, ascending.</summary>
    public List<int> Neighbours(int place)
    {
        var neighbours = _rings.Neighbours(place);
        neighbours.Sort();
        return neighbours;
    }

    /// <summary>Number of edges at a place.</summary>
    public int Valence(int place) => _rings.Valence(place);

    public bool OnBorder(int place) => _rings.OnBorder(place);

    /// <summary>Whether a place has so many faces that it should not move for the sake of one.</summary>
    public bool IsHub(int place) => _rings.CountAt(place) > HubFaces;

    /// <summary>The corner of a face that is neither of two.</summary>
    public int Third(int face, int a, int b)
    {
        var (p, q, r) = _rings.Corners(face);
        return p != a && p != b ? p : q != a && q != b ? q : r;
    }

    public Vector3d Cross(int face, int moved = -1, Vector3d to = default)
    {
        var (a, b, c) = _rings.Corners(face);
        Vector3d At(int place) => place == moved ? to : Places[place];
        return Vector3d.Cross(At(b) - At(a), At(c) - At(a));
    }

    /// <summary>Puts a place in the middle of an edge.</summary>
    public void Split(int a, int b, bool held)
    {
        var middle = AddPlace((Places[a] + Places[b]) / 2, held);
        foreach (var face in FacesBetween(a, b))
        {
            var third = Third(face, a, b);
            var (next, last) = After(face, third) == a ? (a, b) : (b, a);
            _rings.Remove(face);
            _rings.Add(third, next, middle);
            _rings.Add(third, middle, last);
        }
    }

    /// <summary>Takes a place to another one; false where that would change the topology or turn a face over.</summary>
    public bool Collapse(int from, int to)
    {
        var between = FacesBetween(from, to);
        var common = _rings.Neighbours(from).FindAll(place => _rings.CountAt(place, to) > 0);
        if (between.Count != 2 || common.Count != 2 || common.Exists(place => _rings.CountAt(place) <= 3)
            || FacesAt(from).Except(between).Any(face => Turns(face, from, Places[to])))
        {
            return false;
        }

        between.ForEach(_rings.Remove);
        foreach (var face in FacesAt(from))
        {
            var (a, b, c) = _rings.Corners(face);
            _rings.Remove(face);
            _rings.Add(a == from ? to : a, b == from ? to : b, c == from ? to : c);
        }

        return true;
    }

    /// <summary>Turns an edge in the quad of its two faces; false where that edge is there already or a face would turn over.</summary>
    public bool Flip(int a, int b)
    {
        var between = FacesBetween(a, b);
        var (c, d) = (Third(between[0], a, b), Third(between[1], a, b));
        if (c == d || _rings.CountAt(c, d) > 0)
        {
            return false;
        }

        (a, b) = After(between[0], a) == b ? (a, b) : (b, a); // the first face runs a, b, c
        var normal = (Cross(between[0]).Unit() + Cross(between[1]).Unit()).Unit();
        if (Flat(c, d, b, normal) || Flat(d, c, a, normal))
        {
            return false;
        }

        between.ForEach(_rings.Remove);
        _rings.Add(c, d, b);
        _rings.Add(d, c, a);
        return true;
    }

    /// <summary>Whether a face would lean over, or become a sliver, if one corner moved.</summary>
    public bool Turns(int face, int moved, Vector3d to)
    {
        var (before, after) = (Cross(face), Cross(face, moved, to));
        var (next, last) = (After(face, moved), After(face, After(face, moved)));
        double Shape(Vector3d corner, double area) => area / Math.Max((Places[next] - corner).LengthSquared, (Places[last] - corner).LengthSquared);
        var least = Math.Clamp(Thinning * Shape(Places[moved], before.Length), Needle, LeastShape);
        return Vector3d.Dot(before.Unit(), after.Unit()) < 0.5 || Shape(to, after.Length) < least;
    }

    public TriangleMesh ToMesh()
    {
        var numbers = new Dictionary<int, int>();
        var (positions, indices) = (new List<float>(), new List<int>());
        for (var face = 0; face < _rings.Count; face++)
        {
            var (a, b, c) = _rings.Corners(face);
            foreach (var place in _rings.IsGone(face) ? [] : (ReadOnlySpan<int>)[a, b, c])
            {
                if (numbers.TryAdd(place, numbers.Count))
                {
                    positions.AddRange([(float)Places[place].X, (float)Places[place].Y, (float)Places[place].Z]);
                }

                indices.Add(numbers[place]);
            }
        }

        return new TriangleMesh([.. positions], [.. indices]);
    }

    private bool Flat(int a, int b, int c, Vector3d normal)
    {
        var cross = Vector3d.Cross(Places[b] - Places[a], Places[c] - Places[a]);
        return Vector3d.Dot(cross.Unit(), normal) < 0.5;
    }

    /// <summary>The corner of a face that follows one.</summary>
    private int After(int face, int place)
    {
        var (a, b, c) = _rings.Corners(face);
        return place == a ? b : place == b ? c : a;
    }

    private int AddPlace(Vector3d place, bool held)
    {
        Places.Add(place);
        Held.Add(held);
        return _rings.AddPlace();
    }
}
