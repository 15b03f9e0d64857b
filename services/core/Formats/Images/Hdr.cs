using System.Globalization;
using System.Text;

namespace Realiz3D.Mesh.Formats;

/// <summary>An image of light without an upper end: linear RGB, rows from the top.</summary>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Rgb">[H, W, 3].</param>
public sealed record HdrImage(int Width, int Height, float[] Rgb);

/// <summary>Reads and writes Radiance pictures (.hdr, .pic).</summary>
/// <remarks>
/// Four bytes per pixel, m_r m_g m_b e: value = m / 256 x 2^(e - 128), and 0 for e = 0. Sources: Ward 1991, "Real pixels", Graphics Gems II;
/// the Radiance reference manual, "Picture file format". Its own programs add half a step to m on reading; like most others we do not, so that
/// white stays 1.
/// </remarks>
public static class Hdr
{
    private const int HeaderBytes = 64 << 10;

    /// <summary>Reads a picture in 32-bit_rle_rgbe, run-length encoded in the new or old way or plain.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">What reading may cost; the defaults when null.</param>
    /// <returns>The image, its EXPOSURE taken out.</returns>
    /// <exception cref="MalformedFileException">The file is broken, truncated or too large.</exception>
    public static HdrImage Read(ReadOnlySpan<byte> bytes, string name, ImageLimits? limits = null)
    {
        if (!bytes.StartsWith("#?"u8))
        {
            throw new MalformedFileException(name, "not a Radiance picture: it does not start with \"#?\".");
        }

        var (exposure, at) = (1.0, 0);
        for (var line = Line(bytes, name, ref at); line.Length > 0; line = Line(bytes, name, ref at))
        {
            if (line.StartsWith("FORMAT=", StringComparison.Ordinal) && line != "FORMAT=32-bit_rle_rgbe")
            {
                throw new MalformedFileException(name, $"{line} is not read; only 32-bit_rle_rgbe is.");
            }

            if (line.StartsWith("EXPOSURE=", StringComparison.Ordinal))
            {
                exposure *= double.TryParse(line.AsSpan(9), NumberStyles.Float, CultureInfo.InvariantCulture, out var factor) && factor is > 0 and < 1e30
                    ? factor
                    : throw new MalformedFileException(name, "its EXPOSURE is no positive number.");
            }
        }

        var words = Line(bytes, name, ref at).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is not ["-Y" or "+Y", var rows, "+X" or "-X", var columns]
            || !int.TryParse(rows, NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            || !int.TryParse(columns, NumberStyles.None, CultureInfo.InvariantCulture, out var width))
        {
            throw new MalformedFileException(name, "its size must read like \"-Y 256 +X 512\", rows first.");
        }

        (limits ?? new ImageLimits()).Check(name, width, height);
        if (bytes.Length - at < 4 * height)
        {
            throw new MalformedFileException(name, "the Radiance picture is truncated.");
        }

        var image = new HdrImage(width, height, new float[3 * width * height]);
        var scan = new HdrScan(bytes[at..], width, name);
        for (var row = 0; row < height; row++)
        {
            var line = scan.Next();
            var y = words[0] == "-Y" ? row : height - 1 - row;
            for (var column = 0; column < width; column++)
            {
                var x = words[2] == "+X" ? column : width - 1 - column;
                var scale = line[(4 * column) + 3] == 0 ? 0 : Math.ScaleB(1 / exposure, line[(4 * column) + 3] - 136);
                for (var c = 0; c < 3; c++)
                {
                    image.Rgb[(((y * width) + x) * 3) + c] = (float)(line[(4 * column) + c] * scale);
                }
            }
        }

        return Array.TrueForAll(image.Rgb, float.IsFinite)
            ? image
            : throw new MalformedFileException(name, "a value is too large for a float.");
    }

    /// <summary>Writes a picture, run-length encoded where the width allows it.</summary>
    /// <param name="image">The image, finite and not negative.</param>
    /// <returns>The whole file; values keep 8 bits of the largest channel.</returns>
    public static byte[] Write(HdrImage image)
    {
        if (image.Width < 1 || image.Height < 1 || image.Rgb.Length != 3L * image.Width * image.Height
            || !Array.TrueForAll(image.Rgb, value => value is >= 0 and < 1e38f))
        {
            throw new ArgumentException($"{image.Rgb.Length} values, all from 0 to 1e38, are expected to be {image.Width} x {image.Height} x 3.");
        }

        using var stream = new MemoryStream();
        stream.Write(Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y {image.Height} +X {image.Width}\n")));
        var line = new byte[4 * image.Width];
        for (var y = 0; y < image.Height; y++)
        {
            for (var x = 0; x < image.Width; x++)
            {
                Encode(image.Rgb.AsSpan(((y * image.Width) + x) * 3, 3), line.AsSpan(4 * x, 4));
            }

            HdrScan.Write(stream, line);
        }

        return stream.ToArray();
    }

    private static void Encode(ReadOnlySpan<float> rgb, Span<byte> rgbe)
    {
        rgbe.Clear();
        var largest = Math.Max(rgb[0], Math.Max(rgb[1], rgb[2]));
        if (largest < 1e-38f)
        {
            return;
        }

        var exponent = Math.ILogB(largest) + 1;
        exponent += Math.Round(Math.ScaleB(largest, 8 - exponent)) > 255 ? 1 : 0; // rounding up may fill the next power
        for (var c = 0; c < 3; c++)
        {
            rgbe[c] = (byte)Math.Round(Math.ScaleB(rgb[c], 8 - exponent));
        }

        rgbe[3] = (byte)(exponent + 128);
    }

    private static string Line(ReadOnlySpan<byte> bytes, string name, ref int at)
    {
        var end = bytes[at..].IndexOf((byte)'\n');
        if (end < 0 || at + end > HeaderBytes)
        {
            throw new MalformedFileException(name, "the header of the Radiance picture does not end.");
        }

        var line = Encoding.ASCII.GetString(bytes.Slice(at, end)).TrimEnd('\r');
        at += end + 1;
        return line;
    }
}
