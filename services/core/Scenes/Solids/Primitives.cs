using static TorchSharp.torch;

namespace Realiz3D.Mesh.Scenes.Solids;

/// <summary>A ball around the origin.</summary>
internal sealed class Ball(double radius) : Solid
{
    public override Tensor Distance(Points p) => Points.Length(p.X, p.Y, p.Z).sub_(radius);

    public override double Support(Vector3 direction) => radius * direction.Length;
}

/// <summary>A box around the origin, its edges rounded.</summary>
/// <param name="x">Half the width.</param>
/// <param name="y">Half the height.</param>
/// <param name="z">Half the depth.</param>
/// <param name="round">Radius of the edges.</param>
internal sealed class Box(double x, double y, double z, double round = 0) : Solid
{
    public override Tensor Distance(Points p)
    {
        var qx = p.X.abs().sub_(x - round);
        var qy = p.Y.abs().sub_(y - round);
        var qz = p.Z.abs().sub_(z - round);
        var inside = maximum(qx, maximum(qy, qz)).clamp_(max: 0);
        var outside = Points.Length(qx.clamp_(min: 0), qy.clamp_(min: 0), qz.clamp_(min: 0));
        return outside.add_(inside).sub_(round);
    }

    public override double Support(Vector3 d) =>
        (x - round) * Math.Abs(d.X) + (y - round) * Math.Abs(d.Y) + (z - round) * Math.Abs(d.Z) + round * d.Length;
}

/// <summary>A cylinder along the vertical axis, its rims rounded.</summary>
/// <param name="radius">Radius.</param>
/// <param name="half">Half the height.</param>
/// <param name="round">Radius of the rims.</param>
internal sealed class Drum(double radius, double half, double round = 0) : Solid
{
    public override Tensor Distance(Points p)
    {
        var qx = p.Axial().sub_(radius - round);
        var qy = p.Y.abs().sub_(half - round);
        var inside = maximum(qx, qy).clamp_(max: 0);
        return Points.Length(qx.clamp_(min: 0), qy.clamp_(min: 0)).add_(inside).sub_(round);
    }

    public override double Support(Vector3 d) =>
        (radius - round) * Math.Sqrt(d.X * d.X + d.Z * d.Z) + (half - round) * Math.Abs(d.Y) + round * d.Length;
}

/// <summary>A cone cut off above, along the vertical axis.</summary>
/// <param name="bottom">Radius at the bottom.</param>
/// <param name="top">Radius at the top.</param>
/// <param name="half">Half the height.</param>
/// <param name="round">A layer around it, which rounds the rims.</param>
internal sealed class Frustum(double bottom, double top, double half, double round = 0) : Solid
{
    public override Tensor Distance(Points p)
    {
        // In the half-plane (axial, y) the solid is a trapezoid: nearest of its lids and its slanted side.
        var axial = p.Axial();
        var above = p.Y.abs().sub_(half);
        var fromFoot = axial - bottom;
        var height = p.Y + half;
        var lid = where(p.Y.lt(0), fromFoot, axial - top).clamp_(min: 0);
        var (sideX, sideY) = (top - bottom, 2 * half);
        var squared = sideX * sideX + sideY * sideY;
        var along = (fromFoot * (sideX / squared)).add_(height, sideY / squared).clamp_(0, 1);
        var gapX = fromFoot.add_(along, -sideX);
        var gapY = height.add_(along, -sideY);
        var outside = gapX.ge(0).logical_or(above.ge(0));
        var lids = (lid * lid).addcmul_(above, above, 1);
        var distance = minimum(lids, (gapX * gapX).addcmul_(gapY, gapY, 1)).sqrt_();
        return where(outside, distance, -distance).sub_(round);
    }

    public override double Support(Vector3 d)
    {
        var across = Math.Sqrt(d.X * d.X + d.Z * d.Z);
        return Math.Max(bottom * across - half * d.Y, top * across + half * d.Y) + round * d.Length;
    }
}

/// <summary>All points within a radius of a segment.</summary>
internal sealed class Pill(Vector3 from, Vector3 to, double radius) : Solid
{
    public override Tensor Distance(Points p)
    {
        var way = to - from;
        var q = p.Minus(from);
        var unit = way * (1 / way.Dot(way));
        var h = (q.X * unit.X).add_(q.Y, unit.Y).add_(q.Z, unit.Z).clamp_(0, 1);
        return Points.Length(q.X.add(h, -way.X), q.Y.add(h, -way.Y), q.Z.add(h, -way.Z)).sub_(radius);
    }

    public override double Support(Vector3 d) => Math.Max(from.Dot(d), to.Dot(d)) + radius * d.Length;
}

/// <summary>A torus around the vertical axis.</summary>
/// <param name="radius">Radius of the circle in the middle of the tube.</param>
/// <param name="tube">Radius of the tube.</param>
internal sealed class Ring(double radius, double tube) : Solid
{
    public override Tensor Distance(Points p) => Points.Length(p.Axial().sub_(radius), p.Y).sub_(tube);

    public override double Support(Vector3 d) => radius * Math.Sqrt(d.X * d.X + d.Z * d.Z) + tube * d.Length;
}
