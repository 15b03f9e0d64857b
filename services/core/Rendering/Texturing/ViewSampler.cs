using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>What one view says about the colour of a point on the surface, and how far it is to be trusted.</summary>
/// <remarks>
/// trust = (n . v)^p x visibility x purity x distance to the mask's border.
/// Visibility: a depth buffer of the mesh, finer than the view. Purity: of the four pixels around the point, the share that
/// shows this surface and not another one in front of or behind it. Colours are averaged premultiplied, so that what lies
/// outside the mask never bleeds in.
/// </remarks>
internal sealed class ViewSampler
{
    private const int Finer = 4;                // depth samples per pixel and axis
    private const double FacingFloor = 0.1;     // cosine below which a surface is seen too flat to say anything
    private const double DepthSlack = 0.004;    // metres; about one depth sample
    private const double PuritySlack = 0.012;   // metres; plus slope, for samples up to one and a half pixels away
    private const double BorderPixels = 2;

    private readonly Camera _camera;
    private readonly int _size;
    private readonly float[] _alpha;
    private readonly float[] _border;
    private readonly (float Near, float Far)[] _range;  // of each pixel's depth samples
    private readonly FragmentBuffer _depth;
    private readonly Vector3 _eye;
    private readonly double _power;

    public ViewSampler(ViewSet views, int view, TriangleMesh mesh, double power)
    {
        _camera = Camera.Of(views.Cameras[view]);
        _size = views.Size;
        _power = power;
        _alpha = views.View(view)[(3 * _size * _size)..];
        _border = MaskBorder.Distances(_alpha, _size);
        _depth = FragmentBuffer.OfView(mesh, _camera, _size * Finer);
        _range = Range();
        var eye = _camera.Position();
        _eye = new Vector3((float)eye[0], (float)eye[1], (float)eye[2]);
    }

    /// <summary>What a picture at this camera has at a point, and trust from 0 to 1.</summary>
    /// <param name="position">The point.</param>
    /// <param name="normal">Unit normal there.</param>
    /// <param name="picture">The view itself or another picture at its camera, its first three planes read, [3 or more, H, W].</param>
    public (Vector3 Color, float Trust) Sample(Vector3 position, Vector3 normal, float[] picture)
    {
        var facing = (double)Vector3.Dot(normal, Vector3.Normalize(_eye - position));
        if (facing < FacingFloor)
        {
            return default;
        }

        var (column, row, depth) = _camera.Project(position.X, position.Y, position.Z, _size);
        var slope = Math.Sqrt(1 - Math.Min(1, facing * facing)) / facing;
        var pixelMetres = 2 * depth * _camera.HalfExtent / _size;
        var slack = DepthSlack + (pixelMetres / Finer * slope);
        if (column < 0 || row < 0 || column >= _size || row >= _size
            || depth > _depth.Depth[((int)(row * Finer) * _depth.Size) + (int)(column * Finer)] + slack)
        {
            return default;
        }

        var (color, share, border) = Average(picture, column, row, depth, PuritySlack + (1.5 * pixelMetres * slope));
        if (share <= 1e-3)
        {
            return default;
        }

        var trust = Math.Pow(facing, _power) * share * share * Math.Clamp(border / BorderPixels, 0.05, 1);
        return (color / (float)share, (float)trust);
    }

    // Bilinear over the four nearest pixels, each weighted by its alpha and by how much of it shows this surface.
    private (Vector3 Color, double Share, double Border) Average(
        float[] picture, double column, double row, double depth, double slack)
    {
        var (left, top) = ((int)Math.Floor(column - 0.5), (int)Math.Floor(row - 0.5));
        var (fx, fy) = (column - 0.5 - left, row - 0.5 - top);
        var (color, share, border) = (Vector3.Zero, 0.0, 0.0);
        for (var tap = 0; tap < 4; tap++)
        {
            var (x, y) = (Math.Clamp(left + (tap % 2), 0, _size - 1), Math.Clamp(top + (tap / 2), 0, _size - 1));
            var bilinear = (tap % 2 == 0 ? 1 - fx : fx) * (tap / 2 == 0 ? 1 - fy : fy);
            var pixel = (y * _size) + x;
            var plane = _size * _size;
            var weight = bilinear * _alpha[pixel] * Purity(x, y, depth, slack);
            color += (float)weight * new Vector3(picture[pixel], picture[plane + pixel], picture[(2 * plane) + pixel]);
            share += weight;
            border += bilinear * _border[pixel];
        }

        return (color, share, border);
    }

    private double Purity(int x, int y, double depth, double slack)
    {
        var (near, far) = _range[(y * _size) + x];
        if (depth - near <= slack && far - depth <= slack)
        {
            return 1;
        }

        var alike = 0;
        for (var sample = 0; sample < Finer * Finer; sample++)
        {
            alike += Math.Abs(Depth(x, y, sample) - depth) <= slack ? 1 : 0;
        }

        return alike / (double)(Finer * Finer);
    }

    private (float Near, float Far)[] Range()
    {
        var range = new (float Near, float Far)[_size * _size];
        for (var pixel = 0; pixel < range.Length; pixel++)
        {
            range[pixel] = (float.PositiveInfinity, float.NegativeInfinity);
            for (var sample = 0; sample < Finer * Finer; sample++)
            {
                var depth = Depth(pixel % _size, pixel / _size, sample);
                range[pixel] = (Math.Min(range[pixel].Near, depth), Math.Max(range[pixel].Far, depth));
            }
        }

        return range;
    }

    private float Depth(int x, int y, int sample) =>
        _depth.Depth[(((y * Finer) + (sample / Finer)) * _depth.Size) + (x * Finer) + (sample % Finer)];
}
