using static TorchSharp.torch;

namespace Realiz3D.Mesh.Scenes.Solids;

/// <summary>A ball around the origin.</summary>
internal sealed class Ball(double radius) : Solid
{
    public override Tensor Distance(Points p) => Points.Length(p.X, p.Y, p.Z) - radius;

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
        var qx = p.X.abs() - (x - round);
        var qy = p.Y.abs() - (y - round);
        var qz = p.Z.abs() - (z - round);
        var outside = Points.Length(qx.clamp_min(0), qy.clamp_min(0), qz.clamp_min(0));
        var inside = maximum(qx, maximum(qy, qz)).clamp_max(0);
        return outside + inside - round;
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
        var qx = p.Axial() - (radius - round);
        var qy = p.Y.abs() - (half - round);
        return Points.Length(qx.clamp_min(0), qy.clamp_min(0)) + maximum(qx, qy).clamp_max(0) - round;
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
        var lid = where(p.Y.lt(0), axial - bottom, axial - top).clamp_min(0);
        var above = p.Y.abs() - half;
        var (sideX, sideY) = (top - bottom, 2 * half);
        var along = (((axial - bottom) * sideX + (p.Y + half) * sideY) * (1 / (sideX * sideX + sideY * sideY))).clamp(0, 1);
        var gapX = axial - bottom - along * sideX;
        var gapY = p.Y + half - along * sideY;
        var squared = minimum(lid * lid + above * above, gapX * gapX + gapY * gapY);
        var inside = gapX.lt(0).logical_and(above.lt(0));
        var distance = squared.sqrt();
        return where(inside, -distance, distance) - round;
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
        var h = ((q.X * way.X + q.Y * way.Y + q.Z * way.Z) * (1 / way.Dot(way))).clamp(0, 1);
        return Points.Length(q.X - h * way.X, q.Y - h * way.Y, q.Z - h * way.Z) - radius;
    }

    public override double Support(Vector3 d) => Math.Max(from.Dot(d), to.Dot(d)) + radius * d.Length;
}

/// <summary>A torus around the vertical axis.</summary>
/// <param name="radius">Radius of the circle in the middle of the tube.</param>
/// <param name="tube">Radius of the tube.</param>
internal sealed class Ring(double radius, double tube) : Solid
{
    public override Tensor Distance(Points p) => Points.Length(p.Axial() - radius, p.Y) - tube;

    public override double Support(Vector3 d) => radius * Math.Sqrt(d.X * d.X + d.Z * d.Z) + tube * d.Length;
}
