namespace Realiz3D.Mesh.Formats;

/// <summary>How often a mesh winds round a place: 1 inside, 0 outside, something between where the mesh has holes.</summary>
/// <remarks>
/// The sum of the signed solid angles of all faces over 4 pi (Jacobson et al. 2013, "Robust inside-outside segmentation using generalized
/// winding numbers"), each by van Oosterom and Strackee 1983. Far groups of faces count as a dipole with its first moment (Barill et
/// al. 2018, "Fast winding numbers for soups and clouds", section 3), far being <see cref="Reach"/> radii of the group.
/// </remarks>
public sealed class WindingNumber
{
    private const double Reach = 3;

    private readonly FaceTree _tree;
    private readonly Cluster[] _clusters;

    /// <summary>Prepares a mesh.</summary>
    /// <param name="mesh">The mesh; open ones and soups too.</param>
    public WindingNumber(TriangleMesh mesh)
        : this(new FaceTree(Vector3d.All(mesh.Positions), mesh.Indices))
    {
    }

    internal WindingNumber(FaceTree tree)
    {
        _tree = tree;
        _clusters = [.. _tree.Nodes.Select(node => Summarize(node))];
    }

    /// <summary>The winding number at a place.</summary>
    /// <param name="x">X of the place.</param>
    /// <param name="y">Y of the place.</param>
    /// <param name="z">Z of the place.</param>
    /// <returns>The number; negative where faces look inwards.</returns>
    public double At(double x, double y, double z)
    {
        var place = new Vector3d(x, y, z);
        var angle = 0.0;
        for (var node = 0; node < _clusters.Length;)
        {
            var (cluster, box) = (_clusters[node], _tree.Nodes[node]);
            var away = cluster.Centre - place;
            if (away.LengthSquared > cluster.FarSquared)
            {
                angle += cluster.Angle(away);
                node = cluster.Next;
            }
            else if (box.IsLeaf)
            {
                for (var i = box.Start; i < box.End; i++)
                {
                    angle += SolidAngle(_tree.Faces[i], place);
                }

                node = cluster.Next;
            }
            else
            {
                node++;
            }
        }

        return angle / (4 * Math.PI);
    }

    /// <summary>Whether places lie inside: a winding number beyond 1/2 either way, so that inside-out meshes have an inside too.</summary>
    /// <param name="points">x, y, z per place, [3N].</param>
    /// <returns>[N].</returns>
    public bool[] Inside(ReadOnlySpan<float> points)
    {
        var inside = new bool[points.Length / 3];
        for (var i = 0; i < inside.Length; i++)
        {
            inside[i] = Math.Abs(At(points[3 * i], points[(3 * i) + 1], points[(3 * i) + 2])) > 0.5;
        }

        return inside;
    }

    private double SolidAngle(int face, Vector3d place)
    {
        var (a, b, c) = (_tree.Corner(face, 0) - place, _tree.Corner(face, 1) - place, _tree.Corner(face, 2) - place);
        var (la, lb, lc) = (a.Length, b.Length, c.Length);
        var below = (la * lb * lc) + (Vector3d.Dot(a, b) * lc) + (Vector3d.Dot(b, c) * la) + (Vector3d.Dot(c, a) * lb);
        return 2 * Math.Atan2(Vector3d.Dot(a, Vector3d.Cross(b, c)), below);
    }

    private Cluster Summarize(FaceTree.Node node)
    {
        var (weight, centre, normal) = (0.0, Vector3d.Zero, Vector3d.Zero);
        for (var i = node.Start; i < node.End; i++)
        {
            var (middle, vector) = AreaVector(_tree.Faces[i]);
            var area = vector.Length;
            (weight, centre, normal) = (weight + area, centre + (middle * area), normal + vector);
        }

        centre = weight > 0 ? centre / weight : (node.Low + node.High) / 2;
        var (mx, my, mz) = (Vector3d.Zero, Vector3d.Zero, Vector3d.Zero);
        var radius = 0.0;
        for (var i = node.Start; i < node.End; i++)
        {
            var (middle, vector) = AreaVector(_tree.Faces[i]);
            var shift = middle - centre;
            (mx, my, mz) = (mx + (vector * shift.X), my + (vector * shift.Y), mz + (vector * shift.Z));
            for (var corner = 0; corner < 3; corner++)
            {
                radius = Math.Max(radius, (_tree.Corner(_tree.Faces[i], corner) - centre).LengthSquared);
            }
        }

        return new Cluster(centre, normal, mx, my, mz, Reach * Reach * radius, After(node));
    }

    /// <summary>The node that follows a whole subtree; nodes stand in depth-first order, so their starts never fall.</summary>
    private int After(FaceTree.Node node)
    {
        var at = _tree.Nodes.Length;
        var (low, high) = (0, _tree.Nodes.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            (low, high, at) = _tree.Nodes[middle].Start >= node.End ? (low, middle - 1, middle) : (middle + 1, high, at);
        }

        return at;
    }

    private (Vector3d Middle, Vector3d Area) AreaVector(int face)
    {
        var (a, b, c) = (_tree.Corner(face, 0), _tree.Corner(face, 1), _tree.Corner(face, 2));
        return ((a + b + c) / 3, Vector3d.Cross(b - a, c - a) / 2);
    }

    /// <summary>Faces seen from afar. <paramref name="MomentX"/> is the sum of (x - centre) times the area vector, and so on.</summary>
    private readonly record struct Cluster(
        Vector3d Centre, Vector3d Normal, Vector3d MomentX, Vector3d MomentY, Vector3d MomentZ, double FarSquared, int Next)
    {
        public double Angle(Vector3d away)
        {
            var squared = away.LengthSquared;
            var cubed = squared * Math.Sqrt(squared);
            var trace = MomentX.X + MomentY.Y + MomentZ.Z;
            var along = (MomentX * away.X) + (MomentY * away.Y) + (MomentZ * away.Z);
            return ((Vector3d.Dot(away, Normal) + trace) / cubed) - (3 * Vector3d.Dot(away, along) / (cubed * squared));
        }
    }
}
