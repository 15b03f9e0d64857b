using static TorchSharp.torch;

namespace Realiz3D.Mesh.Scenes.Solids;

/// <summary>A solid moved by an offset.</summary>
internal sealed class Moved(Solid inner, Vector3 offset) : Solid
{
    public override Tensor Distance(Points p) => inner.Distance(p.Minus(offset));

    public override double Support(Vector3 direction) => inner.Support(direction) + offset.Dot(direction);
}

/// <summary>A solid turned about an axis, by the right-hand rule.</summary>
internal sealed class Turned(Solid inner, Axis axis, double radians) : Solid
{
    private readonly double _cos = Math.Cos(radians);
    private readonly double _sin = Math.Sin(radians);

    public override Tensor Distance(Points p) => inner.Distance(axis switch
    {
        Axis.X => new Points(p.X, (p.Y * _cos).add_(p.Z, _sin), (p.Z * _cos).add_(p.Y, -_sin)),
        Axis.Y => new Points((p.X * _cos).add_(p.Z, -_sin), p.Y, (p.Z * _cos).add_(p.X, _sin)),
        _ => new Points((p.X * _cos).add_(p.Y, _sin), (p.Y * _cos).add_(p.X, -_sin), p.Z),
    });

    public override double Support(Vector3 d) => inner.Support(axis switch
    {
        Axis.X => new Vector3(d.X, d.Y * _cos + d.Z * _sin, d.Z * _cos - d.Y * _sin),
        Axis.Y => new Vector3(d.X * _cos - d.Z * _sin, d.Y, d.Z * _cos + d.X * _sin),
        _ => new Vector3(d.X * _cos + d.Y * _sin, d.Y * _cos - d.X * _sin, d.Z),
    });
}

/// <summary>The half of a solid at positive coordinates and its mirror image.</summary>
/// <remarks>One evaluation for a pair of legs, wings or wheels. 1-Lipschitz always; a lower bound of the distance if the solid keeps to its half.</remarks>
internal sealed class Mirrored(Solid inner, bool X, bool Z) : Solid
{
    public override Tensor Distance(Points p) =>
        inner.Distance(new Points(X ? p.X.abs() : p.X, p.Y, Z ? p.Z.abs() : p.Z));

    public override double Support(Vector3 d) =>
        inner.Support(new Vector3(X ? Math.Abs(d.X) : d.X, d.Y, Z ? Math.Abs(d.Z) : d.Z));
}
