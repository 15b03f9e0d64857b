namespace Realiz3D.Mesh.Formats;

/// <summary>Finds the nearest place on a surface. Source of the case by case search: Ericson 2005, "Real-time collision detection", section 5.1.5.</summary>
internal sealed class NearestSurface(TriangleMesh mesh)
{
    private readonly FaceTree _tree = new(Vector3d.All(mesh.Positions), mesh.Indices);
    private readonly Stack<int> _open = new();

    public Vector3d To(Vector3d place)
    {
        var (best, least) = (place, double.PositiveInfinity);
        _open.Push(0);
        while (_open.TryPop(out var number))
        {
            var node = _tree.Nodes[number];
            if (node.SquaredDistance(place) >= least)
            {
                continue;
            }

            if (!node.IsLeaf)
            {
                // The nearer child is looked at first.
                var (left, right) = (number + 1, node.Right);
                var swap = _tree.Nodes[right].SquaredDistance(place) < _tree.Nodes[left].SquaredDistance(place);
                _open.Push(swap ? left : right);
                _open.Push(swap ? right : left);
                continue;
            }

            for (var i = node.Start; i < node.End; i++)
            {
                var face = _tree.Faces[i];
                var nearest = OnTriangle(place, _tree.Corner(face, 0), _tree.Corner(face, 1), _tree.Corner(face, 2));
                var distance = (nearest - place).LengthSquared;
                (best, least) = distance < least ? (nearest, distance) : (best, least);
            }
        }

        return best;
    }

    internal static Vector3d OnTriangle(Vector3d p, Vector3d a, Vector3d b, Vector3d c)
    {
        var (ab, ac, ap) = (b - a, c - a, p - a);
        var (d1, d2) = (Vector3d.Dot(ab, ap), Vector3d.Dot(ac, ap));
        if (d1 <= 0 && d2 <= 0)
        {
            return a;
        }

        var (d3, d4) = (Vector3d.Dot(ab, p - b), Vector3d.Dot(ac, p - b));
        if (d3 >= 0 && d4 <= d3)
        {
            return b;
        }

        var (d5, d6) = (Vector3d.Dot(ab, p - c), Vector3d.Dot(ac, p - c));
        if (d6 >= 0 && d5 <= d6)
        {
            return c;
        }

        var (vc, vb, va) = ((d1 * d4) - (d3 * d2), (d5 * d2) - (d1 * d6), (d3 * d6) - (d5 * d4));
        if (vc <= 0 && d1 >= 0 && d3 <= 0)
        {
            return a + (ab * (d1 / (d1 - d3)));
        }

        if (vb <= 0 && d2 >= 0 && d6 <= 0)
        {
            return a + (ac * (d2 / (d2 - d6)));
        }

        if (va <= 0 && d4 >= d3 && d5 >= d6)
        {
            return b + ((c - b) * ((d4 - d3) / (d4 - d3 + (d5 - d6))));
        }

        return a + (ab * (vb / (va + vb + vc))) + (ac * (vc / (va + vb + vc)));
    }
}
