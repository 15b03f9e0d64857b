using System.Numerics;

namespace Realiz3D.Mesh.Rendering;

/// <summary>A square picture that grows out of samples.</summary>
/// <param name="size">Width and height in pixels, H = W.</param>
public sealed class SampledPicture(int size)
{
    private readonly double[] _light = new double[3 * size * size];     // sums, [H, W, 3]
    private readonly int[] _hits = new int[size * size];

    /// <summary>Width and height in pixels.</summary>
    public int Size => size;

    /// <summary>Samples per pixel so far.</summary>
    public int SampleCount { get; private set; }

    /// <summary>The picture so far: a pixel's colour is the mean of the samples that met the asset, its alpha their share.</summary>
    /// <returns>Linear RGB with straight alpha, [4, H, W].</returns>
    public float[] ToRgba()
    {
        var rgba = new float[4 * _hits.Length];
        for (var pixel = 0; pixel < _hits.Length; pixel++)
        {
            for (var c = 0; c < 3 && _hits[pixel] > 0; c++)
            {
                rgba[(c * _hits.Length) + pixel] = (float)(_light[(3 * pixel) + c] / _hits[pixel]);
            }

            rgba[(3 * _hits.Length) + pixel] = _hits[pixel] / (float)Math.Max(1, SampleCount);
        }

        return rgba;
    }

    /// <summary>Adds a sample that met the asset.</summary>
    internal void Add(int pixel, Vector3 light)
    {
        _light[3 * pixel] += light.X;
        _light[(3 * pixel) + 1] += light.Y;
        _light[(3 * pixel) + 2] += light.Z;
        _hits[pixel]++;
    }

    /// <summary>Counts samples of every pixel, met or not.</summary>
    internal void Count(int samples) => SampleCount += samples;
}
