namespace Realiz3D.Mesh.Formats;

/// <summary>The weighted sum of squared distances from planes, as a function of a place.</summary>
/// <remarks>x^T A x + 2 b^T x + c. Source: Garland and Heckbert 1997, "Surface simplification using quadric error metrics", section 5.</remarks>
internal readonly record struct Quadric(
    double XX, double XY, double XZ, double YY, double YZ, double ZZ, double X, double Y, double Z, double C)
{
    // Below this share of the trace cubed the planes leave a direction open, and the best place is not one point.
    private const double Singular = 1e-6;

    /// <summary>Of one plane.</summary>
    /// <param name="normal">Its unit normal.</param>
    /// <param name="point">A point on it.</param>
    /// <param name="weight">Weight.</param>
    public static Quadric Plane(Vector3d normal, Vector3d point, double weight)
    {
        var d = -Vector3d.Dot(normal, point);
        return new Quadric(
            weight * normal.X * normal.X, weight * normal.X * normal.Y, weight * normal.X * normal.Z,
            weight * normal.Y * normal.Y, weight * normal.Y * normal.Z, weight * normal.Z * normal.Z,
            weight * normal.X * d, weight * normal.Y * d, weight * normal.Z * d, weight * d * d);
    }

    public static Quadric operator +(Quadric a, Quadric b) => new(
        a.XX + b.XX, a.XY + b.XY, a.XZ + b.XZ, a.YY + b.YY, a.YZ + b.YZ, a.ZZ + b.ZZ, a.X + b.X, a.Y + b.Y, a.Z + b.Z, a.C + b.C);

    /// <summary>The error at a place; rounding below zero is cut off.</summary>
    public double At(Vector3d p) => Math.Max(
        0,
        (XX * p.X * p.X) + (YY * p.Y * p.Y) + (ZZ * p.Z * p.Z)
        + (2 * ((XY * p.X * p.Y) + (XZ * p.X * p.Z) + (YZ * p.Y * p.Z) + (X * p.X) + (Y * p.Y) + (Z * p.Z))) + C);

    /// <summary>The place with the least error, A x = -b by Cramer's rule; null where the planes do not fix one.</summary>
    public Vector3d? Best()
    {
        var (a, b, c) = (new Vector3d(XX, XY, XZ), new Vector3d(XY, YY, YZ), new Vector3d(XZ, YZ, ZZ));
        var determinant = Vector3d.Dot(a, Vector3d.Cross(b, c));
        var trace = XX + YY + ZZ;
        if (Math.Abs(determinant) <= Singular * trace * trace * trace)
        {
            return null;
        }

        var r = new Vector3d(-X, -Y, -Z);
        return new Vector3d(
            Vector3d.Dot(r, Vector3d.Cross(b, c)),
            Vector3d.Dot(a, Vector3d.Cross(r, c)),
            Vector3d.Dot(a, Vector3d.Cross(b, r))) / determinant;
    }
}
