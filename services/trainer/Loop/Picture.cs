using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training;

/// <summary>A picture that sheets and curves are drawn on, 8-bit sRGB.</summary>
/// <param name="width">Pixels across.</param>
/// <param name="height">Pixels down.</param>
/// <param name="background">Gray value to start from.</param>
internal sealed class Picture(int width, int height, byte background)
{
    private readonly byte[] _pixels = Filled(width * height * 3, background);

    /// <summary>Lays images out in rows.</summary>
    /// <param name="images">sRGB in [0, 1], [N, 3 or 4, H, W]; a fourth channel is left out.</param>
    /// <param name="columns">Images in a row.</param>
    /// <returns>The sheet.</returns>
    public static Picture Sheet(Tensor images, int columns)
    {
        var (count, channels, h, w) = ((int)images.shape[0], (int)images.shape[1], (int)images.shape[2], (int)images.shape[3]);
        var sheet = new Picture(columns * w, (count + columns - 1) / columns * h, 127);
        using var floats = images.detach().to(ScalarType.Float32).cpu().contiguous();
        var values = floats.data<float>().ToArray();
        for (var n = 0; n < count; n++)
        {
            for (var y = 0; y < h; y++)
            {
                for (var x = 0; x < w; x++)
                {
                    var at = (n * channels * h * w) + (y * w) + x;
                    sheet.Set(
                        (n % columns * w) + x,
                        (n / columns * h) + y,
                        (ToByte(values[at]), ToByte(values[at + (h * w)]), ToByte(values[at + (2 * h * w)])));
                }
            }
        }

        return sheet;
    }

    /// <summary>Colours one pixel; outside the picture nothing happens.</summary>
    /// <param name="x">Column.</param>
    /// <param name="y">Row.</param>
    /// <param name="color">sRGB.</param>
    public void Set(int x, int y, (byte R, byte G, byte B) color)
    {
        if (x < 0 || y < 0 || x >= width || y >= height)
        {
            return;
        }

        var at = ((y * width) + x) * 3;
        (_pixels[at], _pixels[at + 1], _pixels[at + 2]) = color;
    }

    /// <summary>The picture as a PNG file.</summary>
    public byte[] ToPng() => Png.Write(_pixels, width, height, 3);

    private static byte ToByte(float value) => (byte)Math.Clamp((value * 255) + 0.5f, 0, 255);

    private static byte[] Filled(int length, byte value)
    {
        var bytes = new byte[length];
        Array.Fill(bytes, value);
        return bytes;
    }
}
