namespace Realiz3D.Mesh.Formats;

/// <summary>Reads and writes PNG. Equal pixels give equal bytes.</summary>
public static class Png
{
    internal static ReadOnlySpan<byte> Signature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Whether bytes start like a PNG.</summary>
    /// <param name="bytes">A file, or its beginning.</param>
    /// <returns>True if so.</returns>
    public static bool IsPng(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Signature);

    /// <summary>Decodes every kind of PNG: 1 to 16 bits, gray, RGB, palette, alpha, interlaced.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">What reading may cost; the defaults when null.</param>
    /// <returns>The image.</returns>
    /// <exception cref="MalformedFileException">The file is broken, truncated or too large.</exception>
    public static PngImage Read(ReadOnlySpan<byte> bytes, string name, ImageLimits? limits = null) =>
        new PngReader(name, limits ?? new ImageLimits()).Read(bytes);

    /// <summary>Encodes 8-bit pixels.</summary>
    /// <param name="pixels">Rows from the top, channels interleaved, [H, W, C].</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 gray, 2 gray and alpha, 3 RGB, 4 RGBA.</param>
    /// <returns>The whole file.</returns>
    public static byte[] Write(ReadOnlySpan<byte> pixels, int width, int height, int channels) =>
        PngEncoder.Encode(Header(pixels.Length, width, height, channels, 8), pixels);

    /// <summary>Encodes an image with its 8 or 16 bits per sample.</summary>
    /// <param name="image">The image.</param>
    /// <returns>The whole file.</returns>
    public static byte[] Write(PngImage image)
    {
        var header = Header(image.Samples.Length, image.Width, image.Height, image.Channels, image.BitDepth);
        return PngEncoder.Encode(header, PngEncoder.Pack(header, image.Samples));
    }

    /// <summary>Encodes gray samples of few bits.</summary>
    /// <param name="samples">Rows from the top, [H, W], 0 to 2^depth - 1.</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="depth">1, 2, 4, 8 or 16 bits.</param>
    /// <returns>The whole file.</returns>
    public static byte[] WriteGray(ReadOnlySpan<ushort> samples, int width, int height, int depth)
    {
        var header = Header(samples.Length, width, height, 1, depth);
        return PngEncoder.Encode(header, PngEncoder.Pack(header, samples));
    }

    /// <summary>Encodes an image of few colours, with as few bits per pixel as they need.</summary>
    /// <param name="indices">Colour per pixel, rows from the top, [H, W].</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="colors">R, G, B per colour, 1 to 256 of them, [3K].</param>
    /// <param name="alphas">Alpha of the first colours, the others are opaque; none for an image without alpha.</param>
    /// <returns>The whole file.</returns>
    public static byte[] WritePalette(ReadOnlySpan<byte> indices, int width, int height, ReadOnlySpan<byte> colors, ReadOnlySpan<byte> alphas = default)
    {
        var count = colors.Length / 3;
        if (colors.Length % 3 != 0 || count is 0 or > 256 || alphas.Length > count)
        {
            throw new ArgumentException($"{colors.Length} bytes are not 1 to 256 colours with at most as many alphas ({alphas.Length}).");
        }

        var header = Header(indices.Length, width, height, 1, count <= 2 ? 1 : count <= 4 ? 2 : count <= 16 ? 4 : 8) with { Color = 3 };
        var samples = new ushort[indices.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = indices[i] < count ? indices[i] : throw new ArgumentException($"Colour {indices[i]} of {count}.");
        }

        return PngEncoder.Encode(header, PngEncoder.Pack(header, samples), colors, alphas);
    }

    private static PngHeader Header(int samples, int width, int height, int channels, int depth)
    {
        if (channels is < 1 or > 4 || width < 1 || height < 1 || samples != (long)width * height * channels
            || depth is not (1 or 2 or 4 or 8 or 16))
        {
            throw new ArgumentException($"{samples} samples of {depth} bits are not {width} x {height} x {channels}.");
        }

        return new PngHeader(width, height, depth, channels switch { 1 => 0, 2 => 4, 3 => 2, _ => 6 }, Interlaced: false);
    }
}
