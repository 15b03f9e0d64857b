namespace Realiz3D.Mesh.Formats;

/// <summary>A vector in double precision, for sums and predicates that float would spoil.</summary>
internal readonly record struct Vector3d(double X, double Y, double Z)
{
    public static Vector3d Zero => default;

    public double LengthSquared => Dot(this, this);

    public double Length => Math.Sqrt(LengthSquared);

    /// <summary>Component 0, 1 or 2.</summary>
    public double this[int axis] => axis switch { 0 => X, 1 => Y, _ => Z };

    public static Vector3d operator +(Vector3d a, Vector3d b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Vector3d operator -(Vector3d a, Vector3d b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    public static Vector3d operator *(Vector3d a, double s) => new(a.X * s, a.Y * s, a.Z * s);

    public static Vector3d operator /(Vector3d a, double s) => new(a.X / s, a.Y / s, a.Z / s);

    /// <summary>Point <paramref name="index"/> of x, y, z triples.</summary>
    public static Vector3d At(ReadOnlySpan<float> coordinates, int index) =>
        new(coordinates[3 * index], coordinates[(3 * index) + 1], coordinates[(3 * index) + 2]);

    public static double Dot(Vector3d a, Vector3d b) => (a.X * b.X) + (a.Y * b.Y) + (a.Z * b.Z);

    public static Vector3d Cross(Vector3d a, Vector3d b) =>
        new((a.Y * b.Z) - (a.Z * b.Y), (a.Z * b.X) - (a.X * b.Z), (a.X * b.Y) - (a.Y * b.X));

    public static Vector3d Min(Vector3d a, Vector3d b) => new(Math.Min(a.X, b.X), Math.Min(a.Y, b.Y), Math.Min(a.Z, b.Z));

    public static Vector3d Max(Vector3d a, Vector3d b) => new(Math.Max(a.X, b.X), Math.Max(a.Y, b.Y), Math.Max(a.Z, b.Z));

    /// <summary>All points of x, y, z triples.</summary>
    public static Vector3d[] All(ReadOnlySpan<float> coordinates)
    {
        var points = new Vector3d[coordinates.Length / 3];
        for (var i = 0; i < points.Length; i++)
        {
            points[i] = At(coordinates, i);
        }

        return points;
    }

    /// <summary>The vector with length 1; zero stays zero.</summary>
    public Vector3d Unit() => Length is var length && length > 0 ? this / length : Zero;

    /// <summary>Writes the components as floats at point <paramref name="index"/>.</summary>
    public void Store(Span<float> coordinates, int index)
    {
        coordinates[3 * index] = (float)X;
        coordinates[(3 * index) + 1] = (float)Y;
        coordinates[(3 * index) + 2] = (float)Z;
    }
}
