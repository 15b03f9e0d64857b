using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>A texture in linear numbers.</summary>
/// <param name="Width">Columns.</param>
/// <param name="Height">Rows, from the top.</param>
/// <param name="Channels">Numbers per texel, C.</param>
/// <param name="Texels">0 to 1, [H, W, C].</param>
internal sealed record PbrTexture(int Width, int Height, int Channels, float[] Texels)
{
    /// <summary>Reads some channels of a PNG.</summary>
    /// <param name="png">The file; null gives null.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="channels">Which channels of RGBA.</param>
    /// <param name="isSrgb">Whether they are stored in sRGB.</param>
    /// <exception cref="MalformedFileException">It is no PNG, or too large.</exception>
    public static PbrTexture? Read(byte[]? png, string name, int[] channels, bool isSrgb)
    {
        if (png is null)
        {
            return null;
        }

        var image = Png.Read(png, name);
        var rgba = image.ToRgba();
        var texels = new float[image.Width * image.Height * channels.Length];
        for (var i = 0; i < texels.Length; i++)
        {
            var sample = rgba[(4 * (i / channels.Length)) + channels[i % channels.Length]];
            texels[i] = isSrgb ? Srgb.FromByte(sample) : sample / 255f;
        }

        return new PbrTexture(image.Width, image.Height, channels.Length, texels);
    }

    /// <summary>The texels as <see cref="TextureSampler"/> wants them, [H, W, C].</summary>
    public Tensor ToTensor() => tensor(Texels, [Height, Width, Channels]);

    /// <summary>Blends the four texels round a place; the texture repeats.</summary>
    /// <param name="u">0 to 1 from the left.</param>
    /// <param name="v">0 to 1 from the top.</param>
    /// <param name="into">[C].</param>
    public void Sample(double u, double v, Span<float> into)
    {
        var (x, y) = ((u * Width) - 0.5, (v * Height) - 0.5);
        var (left, top) = (Math.Floor(x), Math.Floor(y));
        var (right, lower) = ((float)(x - left), (float)(y - top));
        var (column, row) = (Wrap(left, Width), Wrap(top, Height));
        var (nextColumn, nextRow) = ((column + 1) % Width, (row + 1) % Height);
        for (var c = 0; c < Channels; c++)
        {
            var upper = (Texel(row, column, c) * (1 - right)) + (Texel(row, nextColumn, c) * right);
            var under = (Texel(nextRow, column, c) * (1 - right)) + (Texel(nextRow, nextColumn, c) * right);
            into[c] = (upper * (1 - lower)) + (under * lower);
        }
    }

    private float Texel(int row, int column, int channel) => Texels[(((row * Width) + column) * Channels) + channel];

    private static int Wrap(double place, int size) => (int)(place - (Math.Floor(place / size) * size)) % size;
}
