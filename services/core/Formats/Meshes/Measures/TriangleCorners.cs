namespace Realiz3D.Mesh.Formats;

/// <summary>A triangle with its vertices' numbers, and what it has in common with another one.</summary>
internal readonly struct TriangleCorners(FaceTree tree, int face)
{
    private Vector3d this[int corner] => tree.Corner(face, corner % 3);

    private Vector3d Cross => Vector3d.Cross(this[1] - this[0], this[2] - this[0]);

    /// <summary>Whether a side of the other triangle passes through this one's interior.</summary>
    public bool CrossedBy(TriangleCorners other, int side)
    {
        if (Has(other.Vertex(side)) || Has(other.Vertex(side + 1)))
        {
            return false;
        }

        var (p, q) = (other[side], other[side + 1]);
        if (Volume(this[0], this[1], this[2], p) * Volume(this[0], this[1], this[2], q) >= 0)
        {
            return false;
        }

        var (u, v, w) = (Volume(p, q, this[0], this[1]), Volume(p, q, this[1], this[2]), Volume(p, q, this[2], this[0]));
        return (u > 0 && v > 0 && w > 0) || (u < 0 && v < 0 && w < 0);
    }

    /// <summary>Whether both lie in one plane and share area: no side's line parts them.</summary>
    public bool OverlapsInPlane(TriangleCorners other)
    {
        var (normal, theirs) = (Cross, other.Cross);
        for (var corner = 0; corner < 3; corner++)
        {
            if (!Has(other.Vertex(corner)) && Volume(this[0], this[1], this[2], other[corner]) != 0)
            {
                return false;
            }
        }

        return normal.LengthSquared > 0 && theirs.LengthSquared > 0
            && !Parted(this, other, normal) && !Parted(other, this, normal);
    }

    private static bool Parted(TriangleCorners a, TriangleCorners b, Vector3d normal)
    {
        for (var side = 0; side < 3; side++)
        {
            var (start, end) = (a[side], a[side + 1]);
            var inner = Math.Sign(Turn(start, end, a[side + 2], normal));
            var parts = true;
            for (var corner = 0; corner < 3; corner++)
            {
                parts &= Math.Sign(Turn(start, end, b[corner], normal)) != inner;
            }

            if (parts)
            {
                return true;
            }
        }

        return false;
    }

    // To which side of a line a point of the plane lies, looking along the normal's longest axis: exactly 0 for the line's own points,
    // and for coordinates of like size, whose differences and products doubles hold.
    private static double Turn(Vector3d start, Vector3d end, Vector3d point, Vector3d normal)
    {
        var (along, to) = (end - start, point - start);
        return Math.Abs(normal.X) > Math.Abs(normal.Y) && Math.Abs(normal.X) > Math.Abs(normal.Z) ? (along.Y * to.Z) - (along.Z * to.Y)
            : Math.Abs(normal.Y) > Math.Abs(normal.Z) ? (along.Z * to.X) - (along.X * to.Z)
            : (along.X * to.Y) - (along.Y * to.X);
    }

    private int Vertex(int corner) => tree.Indices[(3 * face) + (corner % 3)];

    private bool Has(int vertex) => Vertex(0) == vertex || Vertex(1) == vertex || Vertex(2) == vertex;

    /// <summary>Six times the signed volume of a tetrahedron.</summary>
    private static double Volume(Vector3d a, Vector3d b, Vector3d c, Vector3d d) =>
        Vector3d.Dot(Vector3d.Cross(b - a, c - a), d - a);
}
