namespace Realiz3D.Mesh.Formats;

/// <summary>Distance of places to a mesh, exact, negative inside.</summary>
/// <remarks>
/// The nearest face is found in a tree of boxes. Inside is where the <see cref="WindingNumber"/> is above 1/2, so that small holes
/// and faces that cross do no harm; a mesh with its faces turned inwards has no inside. Nearest point of a triangle: Ericson 2005,
/// "Real-time collision detection", section 5.1.5.
/// </remarks>
public sealed class SignedDistance
{
    private const int DeepestTree = 64;

    private readonly FaceTree _tree;
    private readonly WindingNumber _winding;

    /// <summary>Prepares a mesh.</summary>
    /// <param name="mesh">The mesh; open ones and soups too, but with one face at least.</param>
    /// <exception cref="ArgumentException">The mesh has no faces.</exception>
    public SignedDistance(TriangleMesh mesh)
    {
        ArgumentNullException.ThrowIfNull(mesh);
        if (mesh.FaceCount == 0)
        {
            throw new ArgumentException("A mesh without faces has no distance to anything.");
        }

        (_tree, _winding) = (new FaceTree(Vector3d.All(mesh.Positions), mesh.Indices), new WindingNumber(mesh));
    }

    /// <summary>The signed distance of one place.</summary>
    /// <param name="x">X of the place.</param>
    /// <param name="y">Y of the place.</param>
    /// <param name="z">Z of the place.</param>
    /// <returns>In the mesh's unit.</returns>
    public double At(double x, double y, double z)
    {
        var distance = Math.Sqrt(SquaredDistance(new Vector3d(x, y, z)));
        return _winding.At(x, y, z) > 0.5 ? -distance : distance;
    }

    /// <summary>The signed distances of many places, such as the vertices of a grid, on all processors.</summary>
    /// <param name="points">x, y, z per place, [N, 3].</param>
    /// <returns>[N].</returns>
    public float[] At(float[] points)
    {
        ArgumentNullException.ThrowIfNull(points);
        var distances = new float[points.Length / 3];
        Parallel.For(
            0, distances.Length, i => distances[i] = (float)At(points[3 * i], points[(3 * i) + 1], points[(3 * i) + 2]));
        return distances;
    }

    private double SquaredDistance(Vector3d place)
    {
        Span<int> waiting = stackalloc int[DeepestTree];
        var (count, nearest) = (1, double.PositiveInfinity);
        waiting[0] = 0;
        while (count > 0)
        {
            var number = waiting[--count];
            var node = _tree.Nodes[number];
            if (node.SquaredDistance(place) >= nearest)
            {
                continue;
            }

            if (node.IsLeaf)
            {
                for (var i = node.Start; i < node.End; i++)
                {
                    nearest = Math.Min(nearest, (Nearest(_tree.Faces[i], place) - place).LengthSquared);
                }
            }
            else
            {
                // The nearer child is looked at first: it rules out most of the other.
                var (left, right) = (number + 1, node.Right);
                var leftFirst = _tree.Nodes[left].SquaredDistance(place) <= _tree.Nodes[right].SquaredDistance(place);
                waiting[count++] = leftFirst ? right : left;
                waiting[count++] = leftFirst ? left : right;
            }
        }

        return nearest;
    }

    private Vector3d Nearest(int face, Vector3d place)
    {
        var (a, b, c) = (_tree.Corner(face, 0), _tree.Corner(face, 1), _tree.Corner(face, 2));
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
