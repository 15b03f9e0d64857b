namespace Realiz3D.Mesh.Formats;

/// <summary>Finds faces of a mesh that pass through each other.</summary>
/// <remarks>
/// Two faces intersect where a side of one crosses the interior of the other, or where both lie in one plane and overlap; faces that only
/// touch do not. Sides at a common vertex cannot cross. Pairs come from a tree of boxes. Vertices at the same place count as one.
/// </remarks>
public static class SelfIntersections
{
    /// <summary>Counts the pairs of faces that intersect.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="cancel">Stops the search.</param>
    /// <returns>Pairs, each once.</returns>
    public static int Count(TriangleMesh mesh, CancellationToken cancel = default) => Pairs(mesh, cancel).Count();

    /// <summary>The pairs of faces that intersect.</summary>
    /// <param name="mesh">The mesh.</param>
    /// <param name="cancel">Stops the search.</param>
    /// <returns>Pairs, each once, in no particular order.</returns>
    public static IEnumerable<(int First, int Second)> Pairs(TriangleMesh mesh, CancellationToken cancel = default)
    {
        var tree = new FaceTree(Vector3d.All(mesh.Positions), MeshInspection.Welded(mesh));
        var open = new Stack<(int A, int B)>();
        if (tree.Nodes.Length > 0)
        {
            open.Push((0, 0));
        }

        while (open.TryPop(out var pair))
        {
            cancel.ThrowIfCancellationRequested();
            var (a, b) = (tree.Nodes[pair.A], tree.Nodes[pair.B]);
            if (!a.Touches(b))
            {
                continue;
            }

            if (a.IsLeaf && b.IsLeaf)
            {
                foreach (var found in Meetings(tree, a, b))
                {
                    yield return found;
                }
            }
            else if (pair.A == pair.B)
            {
                open.Push((pair.A + 1, pair.A + 1));
                open.Push((pair.A + 1, a.Right));
                open.Push((a.Right, a.Right));
            }
            else if (b.IsLeaf || (!a.IsLeaf && a.End - a.Start >= b.End - b.Start))
            {
                open.Push((pair.A + 1, pair.B));
                open.Push((a.Right, pair.B));
            }
            else
            {
                open.Push((pair.A, pair.B + 1));
                open.Push((pair.A, b.Right));
            }
        }
    }

    private static IEnumerable<(int First, int Second)> Meetings(FaceTree tree, FaceTree.Node a, FaceTree.Node b)
    {
        for (var i = a.Start; i < a.End; i++)
        {
            for (var j = a == b ? i + 1 : b.Start; j < b.End; j++)
            {
                if (Meet(tree, tree.Faces[i], tree.Faces[j]))
                {
                    yield return (tree.Faces[i], tree.Faces[j]);
                }
            }
        }
    }

    internal static bool Meet(FaceTree tree, int first, int second)
    {
        var a = new TriangleCorners(tree, first);
        var b = new TriangleCorners(tree, second);
        for (var side = 0; side < 3; side++)
        {
            if (b.CrossedBy(a, side) || a.CrossedBy(b, side))
            {
                return true;
            }
        }

        return a.OverlapsInPlane(b);
    }
}
