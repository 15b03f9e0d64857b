using static TorchSharp.torch;

namespace Realiz3D.Mesh.Scenes.Solids;

/// <summary>An ellipsoid around the origin.</summary>
/// <remarks>
/// <code>k0 = |p / r|,  k1 = |p / r^2|,  d = k0 (k0 - 1) / k1</code>
/// First order in the distance: f = k0 - 1 over the length of its gradient, k1 / k0 (Taubin 1994, ACM Transactions on
/// Graphics 13(1), section 3). Exact on the axes; for radii within a factor of two it stays below the distance outside.
/// Deep inside a flat one it would claim too much (the distance to the far rim), so it stops at a quarter of the smallest
/// radius: what is cut out with an egg is safe to trace too.
/// </remarks>
internal sealed class Egg(double x, double y, double z) : Solid
{
    private readonly double _deepest = -0.25 * Math.Min(x, Math.Min(y, z));

    public override Tensor Distance(Points p)
    {
        var (a, b, c) = (p.X * (1 / x), p.Y * (1 / y), p.Z * (1 / z));
        var k0 = Points.Length(a, b, c);
        var k1 = Points.Length(a.mul_(1 / x), b.mul_(1 / y), c.mul_(1 / z)).clamp_(min: 1e-6);
        return (k0 - 1).mul_(k0).div_(k1).clamp_(min: _deepest);
    }

    public override double Support(Vector3 d) =>
        Math.Sqrt(x * x * d.X * d.X + y * y * d.Y * d.Y + z * z * d.Z * d.Z);
}
