using System.Numerics;
using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>How light becomes colour on a screen.</summary>
public enum ToneCurve
{
    /// <summary>Light above 1 is cut off.</summary>
    Clip,

    /// <summary><see cref="ToneMapping.Reinhard"/>.</summary>
    Reinhard,

    /// <summary><see cref="ToneMapping.PbrNeutral"/>.</summary>
    PbrNeutral,
}

/// <summary>From a rendered view to what people look at.</summary>
public static class Picture
{
    /// <summary>Puts the environment behind a view.</summary>
    /// <param name="rgba">Linear RGB with straight alpha, [4, H, W].</param>
    /// <param name="camera">The view's camera.</param>
    /// <param name="environment">What surrounds it.</param>
    /// <returns>The same with alpha 1, [4, H, W].</returns>
    public static float[] Over(float[] rgba, Camera camera, EnvironmentMap environment)
    {
        ArgumentNullException.ThrowIfNull(rgba);
        ArgumentNullException.ThrowIfNull(camera);
        ArgumentNullException.ThrowIfNull(environment);
        var count = rgba.Length / 4;
        var size = (int)Math.Sqrt(count);
        var source = new EnvironmentSource(environment);
        var result = new float[rgba.Length];
        Parallel.For(0, size, row =>
        {
            for (var column = 0; column < size; column++)
            {
                var pixel = (row * size) + column;
                var ray = camera.RayDirection(column + 0.5, row + 0.5, size);
                var behind = source.Radiance(new Vector3((float)ray[0], (float)ray[1], (float)ray[2]));
                var alpha = rgba[(3 * count) + pixel];
                for (var c = 0; c < 3; c++)
                {
                    result[(c * count) + pixel] = (rgba[(c * count) + pixel] * alpha) + (behind[c] * (1 - alpha));
                }

                result[(3 * count) + pixel] = 1;
            }
        });
        return result;
    }

    /// <summary>Tone-maps a view and writes it.</summary>
    /// <param name="rgba">Linear RGB with straight alpha, [4, H, W].</param>
    /// <param name="curve">How light becomes colour.</param>
    /// <param name="maxSide">Largest width and height; larger views are shrunk by a whole factor.</param>
    /// <returns>A PNG in sRGB with straight alpha.</returns>
    public static byte[] ToPng(float[] rgba, ToneCurve curve, int maxSide = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(rgba);
        using var scope = NewDisposeScope();
        var size = (int)Math.Sqrt(rgba.Length / 4);
        var view = tensor(rgba, [1, 4, size, size]);
        if (size > maxSide)
        {
            var alpha = view.narrow(1, 3, 1);
            var factor = (size + maxSide - 1) / maxSide;
            var means = nn.functional.avg_pool2d(cat([view.narrow(1, 0, 3) * alpha, alpha], 1), factor);
            view = cat([means.narrow(1, 0, 3) / means.narrow(1, 3, 1).clamp_min(1e-6), means.narrow(1, 3, 1)], 1);
        }

        var linear = view.narrow(1, 0, 3).permute(0, 2, 3, 1);                              // [1, H, W, 3]
        var mapped = curve switch
        {
            ToneCurve.Clip => linear,
            ToneCurve.Reinhard => ToneMapping.Reinhard(linear),
            _ => ToneMapping.PbrNeutral(linear),
        };
        var colours = cat([ToneMapping.LinearToSrgb(mapped.clamp(0, 1)), view.narrow(1, 3, 1).permute(0, 2, 3, 1).clamp(0, 1)], 3);
        var bytes = (colours * 255).round().to(ScalarType.Byte).contiguous();
        return Png.Write(bytes.data<byte>().ToArray(), (int)bytes.shape[2], (int)bytes.shape[1], 4);
    }
}
