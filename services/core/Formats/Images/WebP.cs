using System.Buffers.Binary;

namespace Realiz3D.Mesh.Formats;

/// <summary>Reads and writes still WebP, through libgd.</summary>
public static unsafe class WebP
{
    /// <summary>Quality from which on nothing is lost but the lowest bit of alpha.</summary>
    public const int Lossless = 101;

    /// <summary>Whether bytes start like a WebP.</summary>
    /// <param name="bytes">A file, or its beginning.</param>
    /// <returns>True if so.</returns>
    public static bool IsWebP(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= 30 && bytes.StartsWith("RIFF"u8) && bytes[8..].StartsWith("WEBP"u8);

    /// <summary>Decodes a WebP.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">What reading may cost; the defaults when null.</param>
    /// <returns>RGBA; libgd keeps seven bits of alpha.</returns>
    /// <exception cref="MalformedFileException">The file is broken, truncated or too large.</exception>
    public static PixelImage Read(ReadOnlySpan<byte> bytes, string name, ImageLimits? limits = null)
    {
        var (width, height) = IsWebP(bytes) ? Size(bytes[12..], name) : throw new MalformedFileException(name, "not a WebP.");
        (limits ?? new ImageLimits()).Check(name, width, height);
        return LibGd.Decode(bytes, width, height, 4, LibGd.FromWebP)
            ?? throw new MalformedFileException(name, "the WebP data is broken or truncated.");
    }

    /// <summary>Encodes an image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="quality">0 to 100, or <see cref="Lossless"/>.</param>
    /// <returns>The whole file.</returns>
    public static byte[] Write(PixelImage image, int quality = Lossless)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(quality);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, Lossless);
        return LibGd.Encode(image.Channels == 4 ? image : image.ToRgb(), (nint gd, out int size) => LibGd.ToWebP(gd, out size, quality));
    }

    /// <summary>The size that the first chunk states. Source: RFC 9649, section 2.5 to 2.7.</summary>
    private static (int Width, int Height) Size(ReadOnlySpan<byte> chunk, string name)
    {
        var body = chunk[8..];
        if (chunk.StartsWith("VP8X"u8))
        {
            return (1 + (body[4] | (body[5] << 8) | (body[6] << 16)), 1 + (body[7] | (body[8] << 8) | (body[9] << 16)));
        }

        if (chunk.StartsWith("VP8L"u8))
        {
            var bits = BinaryPrimitives.ReadUInt32LittleEndian(body[1..]);
            return (1 + (int)(bits & 0x3FFF), 1 + (int)((bits >> 14) & 0x3FFF));
        }

        return chunk.StartsWith("VP8 "u8)
            ? (BinaryPrimitives.ReadUInt16LittleEndian(body[6..]) & 0x3FFF, BinaryPrimitives.ReadUInt16LittleEndian(body[8..]) & 0x3FFF)
            : throw new MalformedFileException(name, "the WebP starts with an unknown chunk.");
    }
}
