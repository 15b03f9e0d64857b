using static TorchSharp.torch;

namespace Realiz3D.Mesh.Scenes.Solids;

/// <summary>Either of two solids.</summary>
internal sealed class Union(Solid a, Solid b) : Solid
{
    public override Tensor Distance(Points p) => minimum(a.Distance(p), b.Distance(p));

    public override double Support(Vector3 direction) => Math.Max(a.Support(direction), b.Support(direction));
}

/// <summary>Union whose crease is filled: min(a, b) - h² w / 4 with h = max(0, 1 - |a - b| / w).</summary>
/// <remarks>Polynomial smooth minimum. Its gradient is a convex combination of both, so the field stays 1-Lipschitz.</remarks>
internal sealed class Blended(Solid a, Solid b, double width) : Solid
{
    public override Tensor Distance(Points p)
    {
        var (da, db) = (a.Distance(p), b.Distance(p));
        var h = (da - db).abs_().mul_(-1 / width).add_(1).clamp_(min: 0);
        return minimum(da, db).addcmul_(h, h, -width / 4);
    }

    // Of the solids alone: the fillet, which bulges out by less than width / 4, is left to the margin of the fit.
    public override double Support(Vector3 direction) => Math.Max(a.Support(direction), b.Support(direction));
}

/// <summary>One solid without another.</summary>
internal sealed class Difference(Solid a, Solid b) : Solid
{
    public override Tensor Distance(Points p) => maximum(a.Distance(p), b.Distance(p).neg_());

    public override double Support(Vector3 direction) => a.Support(direction);
}

/// <summary>What two solids share.</summary>
internal sealed class Intersection(Solid a, Solid b) : Solid
{
    public override Tensor Distance(Points p) => maximum(a.Distance(p), b.Distance(p));

    public override double Support(Vector3 direction) => Math.Min(a.Support(direction), b.Support(direction));
}

/// <summary>A solid with a layer around it.</summary>
internal sealed class Grown(Solid inner, double by) : Solid
{
    public override Tensor Distance(Points p) => inner.Distance(p).sub_(by);

    public override double Support(Vector3 direction) => inner.Support(direction) + by * direction.Length;
}
