using System.Numerics;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Where a view sees a point of the surface, and how far it is to be trusted.</summary>
/// <param name="Column">Left of the four pixels around the point.</param>
/// <param name="Row">Upper of the four.</param>
/// <param name="Weights">Of the four: upper left, upper right, lower left, lower right; their sum is 1.</param>
/// <param name="Trust">0 to 1; 0 where the view does not see the point.</param>
internal readonly record struct Look(short Column, short Row, Vector4 Weights, float Trust);

/// <summary>What one view says about the colour of a point on the surface, and how far it is to be trusted.</summary>
/// <remarks>
/// trust = (n . v)^p x visibility x purity x distance to the mask's border.
/// Visibility: a depth buffer of the mesh, finer than the view. Purity: of the four pixels around the point, the share that
/// shows this surface and not another one in front of or behind it, nor the other side of a crease, which stands in other light. Colours are averaged premultiplied, so that what lies
/// outside the mask never bleeds in, and weighted by the fourth power of purity: a mixed pixel says little beside a pure one.
/// </remarks>
internal sealed class ViewSampler
{
    private const double FacingFloor = 0.1;     // cosine below which a surface is seen too flat to say anything
    private const double DepthSlack = 0.004;    // metres; about one depth sample
    private const double PuritySlack = 0.012;   // metres; plus slope, for samples up to one and a half pixels away
    private const float LightSlack = 0.08f;     // of full light: what a round surface changes within a pixel
    private const double PurityPower = 4;       // a mixed pixel's colour says little beside a pure one's
    private const double BorderPixels = 2;

    private readonly ViewFrame _frame;
    private readonly int _size;
    private readonly int _finer;                // depth samples per pixel and axis
    private readonly float[] _alpha;
    private readonly float[] _border;
    private readonly (float Near, float Far, float Dim, float Bright)[] _range;  // of each pixel's samples
    private readonly float[] _lights;
    private readonly FragmentBuffer _depth;
    private readonly double _power;

    /// <param name="camera">The view's camera.</param>
    /// <param name="alpha">The view's alpha, [H, W].</param>
    /// <param name="depth">The mesh as the camera sees it, a whole number of times as fine as the view.</param>
    /// <param name="lights">The light at each of its samples.</param>
    /// <param name="power">Exponent of n . v.</param>
    public ViewSampler(Camera camera, float[] alpha, FragmentBuffer depth, float[] lights, double power)
    {
        _lights = lights;
        _size = (int)Math.Sqrt(alpha.Length);
        _frame = new ViewFrame(camera, _size);
        (_alpha, _depth, _power, _finer) = (alpha, depth, power, depth.Size / _size);
        _border = MaskBorder.Distances(alpha, _size);
        _range = Range();
    }

    /// <summary>How the view sees a point.</summary>
    /// <param name="position">The point.</param>
    /// <param name="normal">Unit normal there.</param>
    public Look At(Vector3 position, Vector3 normal)
    {
        var facing = (double)Vector3.Dot(normal, Vector3.Normalize(_frame.Eye - position));
        if (facing < FacingFloor)
        {
            return default;
        }

        var (column, row, depth) = _frame.Project(position);
        var slope = Math.Sqrt(1 - Math.Min(1, facing * facing)) / facing;
        var pixelMetres = _frame.PixelMetres(depth);
        var slack = DepthSlack + (pixelMetres / _finer * slope);
        if (column < 0 || row < 0 || column >= _size || row >= _size
            || depth > _depth.Depth[((int)(row * _finer) * _depth.Size) + (int)(column * _finer)] + slack)
        {
            return default;
        }

        var light = (float)StudioLight.Irradiance(normal.X, normal.Y, normal.Z);
        return Around(column, row, depth, PuritySlack + (1.5 * pixelMetres * slope), light, Math.Pow(facing, _power));
    }

    // Bilinear over the four nearest pixels, each weighted by its alpha and by how much of it shows this surface.
    private Look Around(double column, double row, double depth, double slack, float light, double trust)
    {
        var (left, top) = ((int)Math.Floor(column - 0.5), (int)Math.Floor(row - 0.5));
        var (fx, fy) = (column - 0.5 - left, row - 0.5 - top);
        var (weights, sum, share, border) = (Vector4.Zero, 0f, 0.0, 0.0);
        for (var tap = 0; tap < 4; tap++)
        {
            var (x, y) = (Math.Clamp(left + (tap % 2), 0, _size - 1), Math.Clamp(top + (tap / 2), 0, _size - 1));
            var bilinear = (tap % 2 == 0 ? 1 - fx : fx) * (tap / 2 == 0 ? 1 - fy : fy);
            var (alpha, purity) = (_alpha[(y * _size) + x], Purity(x, y, depth, slack, light));
            weights[tap] = (float)(bilinear * alpha * Math.Pow(purity, PurityPower));
            sum += weights[tap];
            share += bilinear * alpha * purity;
            border += bilinear * _border[(y * _size) + x];
        }

        return share <= 1e-3 || sum <= 0
            ? default
            : new Look(
                (short)left, (short)top, weights / sum,
                (float)(trust * share * share * Math.Clamp(border / BorderPixels, 0.05, 1)));
    }

    private double Purity(int x, int y, double depth, double slack, float light)
    {
        var (near, far, dim, bright) = _range[(y * _size) + x];
        if (depth - near <= slack && far - depth <= slack && light - dim <= LightSlack && bright - light <= LightSlack)
        {
            return 1;
        }

        var alike = 0;
        for (var sample = 0; sample < _finer * _finer; sample++)
        {
            var at = (((y * _finer) + (sample / _finer)) * _depth.Size) + (x * _finer) + (sample % _finer);
            alike += Math.Abs(_depth.Depth[at] - depth) <= slack && Math.Abs(_lights[at] - light) <= LightSlack ? 1 : 0;
        }

        return alike / (double)(_finer * _finer);
    }

    private (float Near, float Far, float Dim, float Bright)[] Range()
    {
        var range = new (float Near, float Far, float Dim, float Bright)[_size * _size];
        Array.Fill(range, (float.PositiveInfinity, float.NegativeInfinity, float.PositiveInfinity, float.NegativeInfinity));
        for (var y = 0; y < _depth.Size; y++)
        {
            for (var x = 0; x < _depth.Size; x++)
            {
                ref var pixel = ref range[(y / _finer * _size) + (x / _finer)];
                var (depth, light) = (_depth.Depth[(y * _depth.Size) + x], _lights[(y * _depth.Size) + x]);
                pixel = (
                    Math.Min(pixel.Near, depth), Math.Max(pixel.Far, depth), Math.Min(pixel.Dim, light), Math.Max(pixel.Bright, light));
            }
        }

        return range;
    }
}
