namespace Realiz3D.Mesh.Scenes.Solids;

/// <summary>A vector in doubles, for the numbers that shape a solid.</summary>
internal readonly record struct Vector3(double X, double Y, double Z)
{
    public double Length => Math.Sqrt(Dot(this));

    // A method: a property of its own type would make printing recurse for ever.
    public Vector3 Unit() => this * (1 / Length);

    public static Vector3 operator +(Vector3 a, Vector3 b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static Vector3 operator -(Vector3 a, Vector3 b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    public static Vector3 operator *(Vector3 a, double s) => new(a.X * s, a.Y * s, a.Z * s);

    public double Dot(Vector3 b) => X * b.X + Y * b.Y + Z * b.Z;

    public Vector3 Cross(Vector3 b) => new(Y * b.Z - Z * b.Y, Z * b.X - X * b.Z, X * b.Y - Y * b.X);
}
