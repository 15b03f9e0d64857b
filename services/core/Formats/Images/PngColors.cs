using System.Buffers.Binary;

namespace Realiz3D.Mesh.Formats;

/// <summary>From stored samples to channels: palettes looked up, tRNS turned into alpha, narrow gray widened.</summary>
internal static class PngColors
{
    public static PngImage Finish(string file, PngHeader header, ushort[] samples, byte[] palette, byte[] transparency)
    {
        var (width, height) = (header.Width, header.Height);
        if (header.Color == 3)
        {
            return LookUp(file, header, samples, palette, transparency);
        }

        if (transparency.Length > 0 && header.Color is 0 or 2)
        {
            samples = WithAlpha(file, header, samples, transparency);
            header = header with { Color = header.Color + 4 };
        }

        if (header.Depth < 8)
        {
            var scale = (ushort)(255 / ((1 << header.Depth) - 1));
            samples = Array.ConvertAll(samples, sample => (ushort)(sample * scale));
        }

        return new PngImage(width, height, header.Channels, Math.Max(8, header.Depth), samples);
    }

    private static PngImage LookUp(
        string file, PngHeader header, ushort[] indices, byte[] palette, byte[] transparency)
    {
        if (palette.Length is 0 or > 768 || palette.Length % 3 != 0)
        {
            throw new MalformedFileException(file, $"a palette image needs 1 to 256 colours, PLTE has {palette.Length} bytes.");
        }

        var channels = transparency.Length > 0 ? 4 : 3;
        var samples = new ushort[indices.Length * channels];
        for (var pixel = 0; pixel < indices.Length; pixel++)
        {
            var index = indices[pixel];
            if (3 * index >= palette.Length)
            {
                throw new MalformedFileException(file, $"palette index {index} of {palette.Length / 3} colours.");
            }

            for (var c = 0; c < 3; c++)
            {
                samples[(pixel * channels) + c] = palette[(3 * index) + c];
            }

            if (channels == 4)
            {
                samples[(pixel * 4) + 3] = index < transparency.Length ? transparency[index] : byte.MaxValue;
            }
        }

        return new PngImage(header.Width, header.Height, channels, 8, samples);
    }

    // One colour is fully transparent, all others opaque (section 11.3.1.1).
    private static ushort[] WithAlpha(string file, PngHeader header, ushort[] samples, byte[] transparency)
    {
        var channels = header.Channels;
        if (transparency.Length != 2 * channels)
        {
            throw new MalformedFileException(file, $"tRNS has {transparency.Length} bytes, not {2 * channels}.");
        }

        var key = new ushort[channels];
        for (var c = 0; c < channels; c++)
        {
            key[c] = BinaryPrimitives.ReadUInt16BigEndian(transparency.AsSpan(2 * c));
        }

        var opaque = (ushort)((1 << header.Depth) - 1);
        var result = new ushort[samples.Length / channels * (channels + 1)];
        for (var pixel = 0; pixel < samples.Length / channels; pixel++)
        {
            var source = samples.AsSpan(pixel * channels, channels);
            var target = result.AsSpan(pixel * (channels + 1), channels + 1);
            source.CopyTo(target);
            target[channels] = source.SequenceEqual(key) ? (ushort)0 : opaque;
        }

        return result;
    }
}
