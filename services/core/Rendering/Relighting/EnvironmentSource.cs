using System.Numerics;

namespace Realiz3D.Mesh.Rendering;

/// <summary>An environment to trace paths into: its radiance by direction, and directions drawn towards its lamps.</summary>
/// <remarks>
/// Directions are drawn in proportion to how much a texel is brighter than the mean, times its solid angle: what is left, the surface's own
/// directions find well (Karlik et al. 2019, "MIS compensation"). Under constant light none are drawn at all.
/// </remarks>
internal sealed class EnvironmentSource
{
    private readonly CubeTexels _texels;
    private readonly double[] _sums;        // of the texels' shares up to and with each, [6 R R]; empty where nothing stands out
    private readonly int _size;

    public EnvironmentSource(EnvironmentMap map)
    {
        _size = map.Size;
        using (var texels = map.ToTensor())
        {
            _texels = new CubeTexels(texels);
        }

        var angles = CubeMap.SolidAngles(_size);
        var bright = new double[6 * angles.Length];
        var mean = 0.0;
        for (var i = 0; i < bright.Length; i++)
        {
            bright[i] = SurfaceScatter.Luminance(new Vector3(map.Texels[3 * i], map.Texels[(3 * i) + 1], map.Texels[(3 * i) + 2]));
            mean += bright[i] * angles[i % angles.Length] / (4 * Math.PI);
        }

        var total = 0.0;
        for (var i = 0; i < bright.Length; i++)
        {
            // What rounding leaves of constant light is no lamp.
            total += Math.Max(0, bright[i] - (mean * (1 + 1e-4))) * angles[i % angles.Length];
            bright[i] = total;
        }

        _sums = total > 0 ? Array.ConvertAll(bright, sum => sum / total) : [];
    }

    /// <summary>Whether anything stands out that directions can be drawn towards.</summary>
    public bool HasLamps => _sums.Length > 0;

    /// <summary>Linear radiance from a unit direction.</summary>
    public Vector3 Radiance(Vector3 direction)
    {
        Span<double> sum = stackalloc double[3];
        sum.Clear();
        _texels.Add(direction.X, direction.Y, direction.Z, 1, sum);
        return new Vector3((float)sum[0], (float)sum[1], (float)sum[2]);
    }

    /// <summary>Draws a unit direction; only where <see cref="HasLamps"/>.</summary>
    /// <param name="choice">Which texel, [0, 1).</param>
    /// <param name="u">Place within it, [0, 1).</param>
    /// <param name="v">[0, 1).</param>
    public Vector3 Draw(double choice, double u, double v)
    {
        var found = Array.BinarySearch(_sums, choice);
        var texel = Math.Min(found < 0 ? ~found : found + 1, _sums.Length - 1);     // the first whose sum is above the choice
        var (face, row, column) = (texel / (_size * _size), texel / _size % _size, texel % _size);
        var (x, y, z) = CubeTexels.Direction(face, (2 * (column + u) / _size) - 1, (2 * (row + v) / _size) - 1);
        return Vector3.Normalize(new Vector3((float)x, (float)y, (float)z));
    }

    /// <summary>How densely <see cref="Draw"/> draws a unit direction, per steradian.</summary>
    public double Density(Vector3 direction)
    {
        if (!HasLamps)
        {
            return 0;
        }

        var (face, across, down) = CubeTexels.Locate(direction.X, direction.Y, direction.Z);
        var column = Math.Clamp((int)((across + 1) * 0.5 * _size), 0, _size - 1);
        var row = Math.Clamp((int)((down + 1) * 0.5 * _size), 0, _size - 1);
        var texel = (((face * _size) + row) * _size) + column;
        var share = _sums[texel] - (texel > 0 ? _sums[texel - 1] : 0);
        // A texel is 4 / R^2 of the face's area; its solid angle shrinks with the cube of the distance.
        var distance = Math.Sqrt((across * across) + (down * down) + 1);
        return share * _size * _size / 4 * distance * distance * distance;
    }
}
