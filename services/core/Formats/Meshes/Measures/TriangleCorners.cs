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
            if (Volume(this[0], this[1], this[2], other[corner]) != 0)
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
            var (start, third) = (a[side], a[side + 2]);
            var across = Vector3d.Cross(normal, a[side + 1] - start);
            var inner = Math.Sign(Vector3d.Dot(across, third - start));
            var parts = true;
            for (var corner = 0; corner < 3; corner++)
            {
                parts &= Math.Sign(Vector3d.Dot(across, b[corner] - start)) != inner;
            }

            if (parts)
            {
                return true;
            }
        }

        return false;
    }

    private int Vertex(int corner) => tree.Indices[(3 * face) + (corner % 3)];

    private bool Has(int vertex) => Vertex(0) == vertex || Vertex(1) == vertex || Vertex(2) == vertex;

    /// <summary>Six times the signed volume of a tetrahedron.</summary>
    private static double Volume(Vector3d a, Vector3d b, Vector3d c, Vector3d d) =>
        Vector3d.Dot(Vector3d.Cross(b - a, c - a), d - a);
}
