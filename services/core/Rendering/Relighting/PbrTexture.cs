using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>A texture of a material.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows, from the top.</param>
/// <param name="Channels">Numbers per texel, C.</param>
/// <param name="Texels">As stored, [H, W, C].</param>
/// <param name="Linear">The number, 0 to 1, that each byte stands for, [256].</param>
/// <param name="Sampling">How it is read.</param>
internal sealed record PbrTexture(int Width, int Height, int Channels, byte[] Texels, float[] Linear, TextureSampling Sampling)
{
    private static readonly float[] s_plain = [.. Enumerable.Range(0, 256).Select(value => value / 255f)];
    private static readonly float[] s_srgb = [.. Enumerable.Range(0, 256).Select(value => Srgb.FromByte((byte)value))];

    /// <summary>Reads some channels of a PNG.</summary>
    /// <param name="png">The file; null gives null.</param>
    /// <param name="sampler">How it is read.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="channels">Which channels of RGBA.</param>
    /// <param name="isSrgb">Whether they are stored in sRGB.</param>
    /// <exception cref="MalformedFileException">It is no PNG, or too large.</exception>
    public static PbrTexture? Read(byte[]? png, GlbSampler sampler, string name, int[] channels, bool isSrgb)
    {
        if (png is null)
        {
            return null;
        }

        var image = Png.Read(png, name);
        var rgba = image.ToRgba();
        var texels = new byte[image.Width * image.Height * channels.Length];
        for (var i = 0; i < texels.Length; i++)
        {
            texels[i] = rgba[(4 * (i / channels.Length)) + channels[i % channels.Length]];
        }

        return new PbrTexture(image.Width, image.Height, channels.Length, texels, isSrgb ? s_srgb : s_plain, TextureSampling.Of(sampler));
    }

    /// <summary>The texels as <see cref="TextureSampler"/> wants them, [H, W, C].</summary>
    public Tensor ToTensor() => tensor(Array.ConvertAll(Texels, texel => Linear[texel]), [Height, Width, Channels]);

    /// <summary>Reads a place as where texels are larger than pixels: the nearest texel, or the four round it blended.</summary>
    /// <param name="u">0 to 1 from the left, the texture beyond.</param>
    /// <param name="v">0 to 1 from the top.</param>
    /// <param name="into">[C].</param>
    public void Sample(double u, double v, Span<float> into)
    {
        var (x, y) = (u * Width, v * Height);
        if (Sampling.IsNearestMagnified)
        {
            var nearest = At(Math.Floor(x), Math.Floor(y));
            for (var channel = 0; channel < Channels; channel++)
            {
                into[channel] = Number(nearest, channel);
            }

            return;
        }

        (x, y) = (x - 0.5, y - 0.5);
        var (left, top) = (Math.Floor(x), Math.Floor(y));
        var (right, lower) = ((float)(x - left), (float)(y - top));
        var (a, b) = (At(left, top), At(left + 1, top));
        var (c, d) = (At(left, top + 1), At(left + 1, top + 1));
        for (var channel = 0; channel < Channels; channel++)
        {
            var upper = (Number(a, channel) * (1 - right)) + (Number(b, channel) * right);
            var under = (Number(c, channel) * (1 - right)) + (Number(d, channel) * right);
            into[channel] = (upper * (1 - lower)) + (under * lower);
        }
    }

    private float Number(int texel, int channel) => Linear[Texels[texel + channel]];

    // Where a texel's numbers begin.
    private int At(double column, double row) =>
        ((Inside(row, Height, Sampling.WrapV) * Width) + Inside(column, Width, Sampling.WrapU)) * Channels;

    private static int Inside(double texel, int size, TextureWrap wrap)
    {
        if (wrap == TextureWrap.Clamp)
        {
            return (int)Math.Clamp(texel, 0, size - 1);
        }

        var period = wrap == TextureWrap.Mirror ? 2 * size : size;
        var within = (int)(texel % period);        // exact, however large the place is
        within += within < 0 ? period : 0;
        return within < size ? within : period - 1 - within;
    }
}
