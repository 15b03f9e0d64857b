namespace Realiz3D.Mesh.Formats;

/// <summary>Which faces must turn over so that neighbours run along their common edge in opposite directions.</summary>
/// <remarks>
/// Only edges with exactly two faces bind. Disjoint sets of faces, each with its parity to the root: an edge whose two faces are in one set
/// already and disagree closes a band with a twist, and the surface is not orientable.
/// </remarks>
internal sealed class FaceOrientation
{
    private readonly int[] _parent;
    private readonly bool[] _turned; // against the parent

    public FaceOrientation(MeshEdges edges, int faceCount)
    {
        (_parent, _turned) = ([.. Enumerable.Range(0, faceCount)], new bool[faceCount]);
        for (var edge = 0; edge < edges.Count; edge++)
        {
            var sides = edges[edge];
            if (sides.Length == 2)
            {
                Orientable &= Join(sides[0].Face, sides[1].Face, sides[0].Forward == sides[1].Forward);
            }
        }
    }

    /// <summary>Whether all faces can agree.</summary>
    public bool Orientable { get; } = true;

    /// <summary>The piece a face belongs to, named by one of its faces, and whether the face is turned against that one.</summary>
    public (int Piece, bool Turned) Of(int face)
    {
        var turned = false;
        var root = face;
        for (; _parent[root] != root; root = _parent[root])
        {
            turned ^= _turned[root];
        }

        for (var (at, parity) = (face, turned); _parent[at] != root && at != root;)
        {
            var (next, step) = (_parent[at], _turned[at]);
            (_parent[at], _turned[at]) = (root, parity);
            (at, parity) = (next, parity ^ step);
        }

        return (root, turned);
    }

    private bool Join(int a, int b, bool differ)
    {
        var ((rootA, turnedA), (rootB, turnedB)) = (Of(a), Of(b));
        var turned = turnedA ^ turnedB ^ differ;
        if (rootA == rootB)
        {
            return !turned;
        }

        (_parent[rootB], _turned[rootB]) = (rootA, turned);
        return true;
    }
}
