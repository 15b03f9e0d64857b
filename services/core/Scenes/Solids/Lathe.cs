using static TorchSharp.torch;

namespace Realiz3D.Mesh.Scenes.Solids;

/// <summary>A turned body: a radius that follows a smooth curve over the height, solid or with a hollow under its mouth.</summary>
/// <remarks>
/// With R the natural cubic spline through the knots, c = 1 / sqrt(1 + max R'^2) and rho the distance from the axis
/// <code>side = c (rho - R(y)),  d = max(side, |y| beyond the ends)</code>
/// which is 1-Lipschitz because side's gradient is c (1, -R'). The spline is evaluated as one cubic plus a truncated cubic
/// per inner knot (de Boor 1978, "A Practical Guide to Splines", chapter VIII), which needs no look-up on a device.
/// </remarks>
internal sealed class Lathe : Solid
{
    private readonly double[] _heights;
    private readonly double[] _radii;
    private readonly double[] _jumps;
    private readonly double _slope;
    private readonly double _cubic;
    private readonly double _steepness;
    private readonly double _wall;
    private readonly double _floor;

    /// <param name="knots">Heights, rising, and the radius at each; at least three.</param>
    /// <param name="wall">Thickness of the wall around the hollow; 0 for a solid body.</param>
    /// <param name="floor">Height of the hollow's floor.</param>
    public Lathe((double Height, double Radius)[] knots, double wall = 0, double floor = 0)
    {
        _heights = [.. knots.Select(k => k.Height)];
        _radii = [.. knots.Select(k => k.Radius)];
        (_wall, _floor) = (wall, floor);

        var bends = NaturalSpline(_heights, _radii);
        var thirds = new double[knots.Length - 1];
        for (var i = 0; i < thirds.Length; i++)
        {
            thirds[i] = (bends[i + 1] - bends[i]) / (_heights[i + 1] - _heights[i]) / 6;
        }

        var first = _heights[1] - _heights[0];
        _slope = (_radii[1] - _radii[0]) / first - first * bends[1] / 6;
        _cubic = thirds[0];
        _jumps = [.. Enumerable.Range(1, thirds.Length - 1).Select(i => thirds[i] - thirds[i - 1])];

        // R' is steepest where R'' is 0: at the ends, and where it changes sign between knots.
        var turns = Enumerable.Range(0, knots.Length - 1)
            .Where(i => bends[i] * bends[i + 1] < 0)
            .Select(i => _heights[i] + (_heights[i + 1] - _heights[i]) * bends[i] / (bends[i] - bends[i + 1]));
        var steepest = _heights.Concat(turns).Max(y => Math.Abs(Slope(y)));
        _steepness = 1 / Math.Sqrt(1 + steepest * steepest);
    }

    /// <summary>R(y).</summary>
    public double Radius(double height)
    {
        var s = height - _heights[0];
        var sum = _radii[0] + s * (_slope + s * s * _cubic);
        for (var i = 0; i < _jumps.Length; i++)
        {
            sum += _jumps[i] * Math.Pow(Math.Max(0, height - _heights[i + 1]), 3);
        }

        return sum;
    }

    public override Tensor Distance(Points p)
    {
        var (bottom, top) = (_heights[0], _heights[^1]);
        var y = p.Y.clamp(bottom, top);
        var s = y - bottom;
        var radius = (s * s).mul_(_cubic).add_(_slope).mul_(s).add_(_radii[0]);
        for (var i = 0; i < _jumps.Length; i++)
        {
            var beyond = (y - _heights[i + 1]).clamp_(min: 0);
            radius.addcmul_(beyond * beyond, beyond, _jumps[i]);
        }

        var side = p.Axial().sub_(radius).mul_(_steepness);
        var ends = (p.Y - (bottom + top) / 2).abs_().sub_((top - bottom) / 2);
        var body = maximum(side, ends);
        if (_wall == 0)
        {
            return body;
        }

        var hollow = maximum(side.add_(_wall * _steepness), p.Y.neg().add_(_floor));
        return maximum(body, hollow.neg_());
    }

    public override double Support(Vector3 d)
    {
        var across = Math.Sqrt(d.X * d.X + d.Z * d.Z);
        return Samples().Max(y => Radius(y) * across + y * d.Y);
    }

    private double Slope(double height)
    {
        var s = height - _heights[0];
        var sum = _slope + 3 * s * s * _cubic;
        for (var i = 0; i < _jumps.Length; i++)
        {
            var beyond = Math.Max(0, height - _heights[i + 1]);
            sum += 3 * _jumps[i] * beyond * beyond;
        }

        return sum;
    }

    private IEnumerable<double> Samples() =>
        Enumerable.Range(0, 65).Select(i => _heights[0] + (_heights[^1] - _heights[0]) * i / 64);

    // Second derivatives at the knots, 0 at both ends: the tridiagonal system by elimination.
    private static double[] NaturalSpline(double[] x, double[] y)
    {
        var n = x.Length;
        var (bends, ratio, right) = (new double[n], new double[n], new double[n]);
        for (var i = 1; i < n - 1; i++)
        {
            var (before, after) = (x[i] - x[i - 1], x[i + 1] - x[i]);
            var pivot = 2 * (before + after) - before * ratio[i - 1];
            ratio[i] = after / pivot;
            var change = 6 * ((y[i + 1] - y[i]) / after - (y[i] - y[i - 1]) / before);
            right[i] = (change - before * right[i - 1]) / pivot;
        }

        for (var i = n - 2; i > 0; i--)
        {
            bends[i] = right[i] - ratio[i] * bends[i + 1];
        }

        return bends;
    }
}
