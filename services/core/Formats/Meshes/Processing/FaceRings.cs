using System.Runtime.InteropServices;

namespace Realiz3D.Mesh.Formats;

/// <summary>Which faces lie round each place of a mesh that changes.</summary>
/// <remarks>
/// A change costs the same however many faces a place has: a face that goes is only marked, and leaves the lists of its places at the next look
/// at them, while edges and places carry counts.
/// </remarks>
internal sealed class FaceRings
{
    private readonly List<(int A, int B, int C)> _corners = []; // of a face
    private readonly List<bool> _gone = [];
    private readonly List<Ring> _rings = [];                    // of a place
    private readonly Dictionary<(int, int), int> _edges = [];   // faces at an edge, those that are there

    /// <summary>Faces looked at so far: the work.</summary>
    public long Visits { get; private set; }

    /// <summary>Faces that there ever were; those that are gone keep their numbers.</summary>
    public int Count => _gone.Count;

    /// <summary>Faces that are there.</summary>
    public int Present { get; private set; }

    public int AddPlace()
    {
        _rings.Add(new Ring());
        return _rings.Count - 1;
    }

    /// <summary>Adds a face with the next number. One that names a place twice is gone from the start.</summary>
    public void Add(int a, int b, int c)
    {
        var face = _corners.Count;
        _corners.Add((a, b, c));
        _gone.Add(a == b || b == c || c == a);
        if (!_gone[face])
        {
            Present++;
            foreach (var place in (ReadOnlySpan<int>)[a, b, c])
            {
                _rings[place].Faces.Add(face);
                _rings[place].Count++;
            }

            CountSides(face, 1);
        }
    }

    public void Remove(int face)
    {
        CountSides(face, -1);
        _gone[face] = true;
        Present--;
        var (a, b, c) = _corners[face];
        foreach (var place in (ReadOnlySpan<int>)[a, b, c])
        {
            _rings[place].Count--;
        }
    }

    /// <summary>Gives all faces at a place another corner instead of it, which none of them may have.</summary>
    public void Move(int from, int to)
    {
        foreach (var face in At(from))
        {
            CountSides(face, -1);
            var (a, b, c) = _corners[face];
            _corners[face] = a == from ? (to, b, c) : b == from ? (a, to, c) : (a, b, to);
            CountSides(face, 1);
            _rings[to].Faces.Add(face);
            _rings[to].Count++;
        }

        _rings[from].Faces.Clear();
        _rings[from].Count = 0;
    }

    public bool IsGone(int face) => _gone[face];

    public (int A, int B, int C) Corners(int face) => _corners[face];

    /// <summary>The faces at a place, in the order in which they came; valid until the next call about this place.</summary>
    public ReadOnlySpan<int> At(int place)
    {
        var ring = _rings[place];
        if (ring.Faces.Count != ring.Count)
        {
            ring.Faces.RemoveAll(face => _gone[face]);
        }

        Visits += ring.Count;
        return CollectionsMarshal.AsSpan(ring.Faces);
    }

    /// <summary>Number of faces at a place.</summary>
    public int CountAt(int place) => _rings[place].Count;

    /// <summary>Number of faces at an edge, 0 where there is none.</summary>
    public int CountAt(int a, int b) => _edges.GetValueOrDefault(Key(a, b));

    /// <summary>Number of edges at a place.</summary>
    public int Valence(int place) => _rings[place].Edges;

    /// <summary>Whether a place lies on an edge with one face, or with more than two.</summary>
    public bool OnBorder(int place) => _rings[place].Borders > 0;

    /// <summary>The faces that have both places, in the order in which they came.</summary>
    public List<int> Between(int a, int b)
    {
        var (few, other) = CountAt(a) <= CountAt(b) ? (a, b) : (b, a);
        var between = new List<int>(2);
        foreach (var face in At(few))
        {
            var (p, q, r) = _corners[face];
            if (p == other || q == other || r == other)
            {
                between.Add(face);
            }
        }

        return between;
    }

    /// <summary>The places that share an edge with a place, in the order in which its faces name them.</summary>
    public List<int> Neighbours(int place)
    {
        var (seen, neighbours) = (new HashSet<int> { place }, new List<int>(Valence(place)));
        foreach (var face in At(place))
        {
            var (a, b, c) = _corners[face];
            foreach (var other in (ReadOnlySpan<int>)[a, b, c])
            {
                if (seen.Add(other))
                {
                    neighbours.Add(other);
                }
            }
        }

        return neighbours;
    }

    private void CountSides(int face, int change)
    {
        var (a, b, c) = _corners[face];
        CountSide(a, b, change);
        CountSide(b, c, change);
        CountSide(c, a, change);
    }

    private void CountSide(int a, int b, int change)
    {
        var (before, after) = (CountAt(a, b), CountAt(a, b) + change);
        if (after == 0)
        {
            _edges.Remove(Key(a, b));
        }
        else
        {
            _edges[Key(a, b)] = after;
        }

        foreach (var place in (ReadOnlySpan<int>)[a, b])
        {
            _rings[place].Edges += (after > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
            _rings[place].Borders += (after is not 0 and not 2 ? 1 : 0) - (before is not 0 and not 2 ? 1 : 0);
        }
    }

    private static (int Low, int High) Key(int a, int b) => a < b ? (a, b) : (b, a);

    private sealed class Ring
    {
        public List<int> Faces { get; } = [];

        public int Count { get; set; }

        public int Edges { get; set; }

        public int Borders { get; set; }
    }
}
