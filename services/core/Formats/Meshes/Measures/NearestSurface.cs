namespace Realiz3D.Mesh.Formats;

/// <summary>Finds the nearest place on a surface, in a tree of boxes. Any number of threads may ask.</summary>
internal sealed class NearestSurface(FaceTree tree)
{
    private const int DeepestTree = 64;

    public NearestSurface(TriangleMesh mesh)
        : this(new FaceTree(Vector3d.All(mesh.Positions), mesh.Indices))
    {
    }

    public Vector3d To(Vector3d place) => Find(place, Vector3d.Zero, double.PositiveInfinity).Place;

    /// <summary>The nearest place of the faces that look to the side of <paramref name="facing"/>; of all faces where that is zero.</summary>
    /// <returns>Its face; -1 and the place itself when none lies nearer than <paramref name="within"/>.</returns>
    public (int Face, Vector3d Place) Find(Vector3d place, Vector3d facing, double within)
    {
        Span<int> waiting = stackalloc int[DeepestTree];
        var (count, found, best, least) = (1, -1, place, within * within);
        waiting[0] = 0;
        while (count > 0)
        {
            var number = waiting[--count];
            var node = tree.Nodes[number];
            if (node.SquaredDistance(place) >= least)
            {
                continue;
            }

            if (!node.IsLeaf)
            {
                // The nearer child is looked at first: it rules out most of the other.
                var (left, right) = (number + 1, node.Right);
                var leftFirst = tree.Nodes[left].SquaredDistance(place) <= tree.Nodes[right].SquaredDistance(place);
                waiting[count++] = leftFirst ? right : left;
                waiting[count++] = leftFirst ? left : right;
                continue;
            }

            for (var i = node.Start; i < node.End; i++)
            {
                var face = tree.Faces[i];
                var nearest = OnTriangle(place, tree.Corner(face, 0), tree.Corner(face, 1), tree.Corner(face, 2));
                var distance = (nearest - place).LengthSquared;
                if (distance < least && (facing == Vector3d.Zero || Vector3d.Dot(tree.Cross(face), facing) > 0))
                {
                    (found, best, least) = (face, nearest, distance);
                }
            }
        }

        return (found, best);
    }

    /// <summary>
    /// The foot of a place in the triangle's plane if it lies within, else the nearest place on its sides; so triangles without area
    /// are as good as any. Ericson 2005, "Real-time collision detection", section 5.1.5.
    /// </summary>
    internal static Vector3d OnTriangle(Vector3d place, Vector3d a, Vector3d b, Vector3d c)
    {
        var normal = Vector3d.Cross(b - a, c - a);
        var area = normal.LengthSquared;
        // Barycentric coordinates of the place's foot in the plane, times the squared area vector.
        var u = Vector3d.Dot(Vector3d.Cross(c - b, place - b), normal);
        var v = Vector3d.Dot(Vector3d.Cross(a - c, place - c), normal);
        var w = Vector3d.Dot(Vector3d.Cross(b - a, place - a), normal);
        if (area > 0 && u >= 0 && v >= 0 && w >= 0)
        {
            return place - (normal * (Vector3d.Dot(place - a, normal) / area));
        }

        var (ab, bc, ca) = (OnSegment(a, b, place), OnSegment(b, c, place), OnSegment(c, a, place));
        var best = (ab - place).LengthSquared <= (bc - place).LengthSquared ? ab : bc;
        return (best - place).LengthSquared <= (ca - place).LengthSquared ? best : ca;
    }

    private static Vector3d OnSegment(Vector3d from, Vector3d to, Vector3d place)
    {
        var (along, length) = (to - from, (to - from).LengthSquared);
        var share = length > 0 ? Math.Clamp(Vector3d.Dot(place - from, along) / length, 0, 1) : 0;
        return from + (along * share);
    }
}
