using System.Buffers.Binary;

namespace Realiz3D.Mesh.Formats;

/// <summary>Reads and writes JPEG, through libgd.</summary>
public static unsafe class Jpeg
{
    /// <summary>Whether bytes start like a JPEG.</summary>
    /// <param name="bytes">A file, or its beginning.</param>
    /// <returns>True if so.</returns>
    public static bool IsJpeg(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]);

    /// <summary>Decodes a baseline or progressive JPEG.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">What reading may cost; the defaults when null.</param>
    /// <returns>RGB.</returns>
    /// <exception cref="MalformedFileException">The file is broken, truncated or too large.</exception>
    public static PixelImage Read(ReadOnlySpan<byte> bytes, string name, ImageLimits? limits = null)
    {
        var (width, height) = IsJpeg(bytes) ? Size(bytes, name) : throw new MalformedFileException(name, "not a JPEG.");
        (limits ?? new ImageLimits()).Check(name, width, height);
        return LibGd.Decode(bytes, width, height, 3, (size, data) => LibGd.FromJpeg(size, data, ignoreWarning: 0))
            ?? throw new MalformedFileException(name, "the JPEG data is broken or truncated.");
    }

    /// <summary>Encodes an image.</summary>
    /// <param name="image">The image; alpha is dropped, not composited.</param>
    /// <param name="quality">1 to 100.</param>
    /// <returns>The whole file.</returns>
    public static byte[] Write(PixelImage image, int quality = 90)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quality, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quality, 100);
        return LibGd.Encode(image.ToRgb(), (nint gd, out int size) => LibGd.ToJpeg(gd, out size, quality));
    }

    /// <summary>The size of the first frame, so that nothing large is allocated for a lie. Source: ITU-T T.81, annex B.</summary>
    private static (int Width, int Height) Size(ReadOnlySpan<byte> bytes, string name)
    {
        for (var at = 2; at + 9 < bytes.Length && bytes[at] == 0xFF;)
        {
            var marker = bytes[at + 1];
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                return (BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 7)..]), BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 5)..]));
            }

            if (marker is 0 or 1 or (>= 0xD0 and <= 0xD9))
            {
                break; // these have no length, and no place before a frame
            }

            at += marker == 0xFF ? 1 : 2 + BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]);
        }

        throw new MalformedFileException(name, "the JPEG has no frame header.");
    }
}
