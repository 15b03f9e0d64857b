using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Realiz3D.Mesh.Formats;

/// <summary>Reads and writes PNG. Equal pixels give equal bytes.</summary>
public static class Png
{
    private static readonly byte[] Signature = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Decodes every kind of PNG: 1 to 16 bits, gray, RGB, palette, alpha, interlaced.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">What reading may cost; the defaults when null.</param>
    /// <returns>The image.</returns>
    /// <exception cref="MalformedFileException">The file is broken, truncated or too large.</exception>
    public static PngImage Read(ReadOnlySpan<byte> bytes, string name, PngLimits? limits = null) =>
        new PngReader(name, limits ?? new PngLimits()).Read(bytes);

    /// <summary>Encodes 8-bit pixels.</summary>
    /// <param name="pixels">Rows from the top, channels interleaved, [H, W, C].</param>
    /// <param name="width">Pixels per row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">1 gray, 2 gray and alpha, 3 RGB, 4 RGBA.</param>
    /// <returns>The whole file.</returns>
    public static byte[] Write(ReadOnlySpan<byte> pixels, int width, int height, int channels)
    {
        if (channels is < 1 or > 4 || width < 1 || height < 1 || pixels.Length != (long)width * height * channels)
        {
            throw new ArgumentException($"{pixels.Length} bytes are not {width} x {height} x {channels}.");
        }

        using var stream = new MemoryStream();
        stream.Write(Signature);
        Span<byte> header = stackalloc byte[13];
        header.Clear();
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header[4..], height);
        header[8] = 8;
        header[9] = channels switch { 1 => 0, 2 => 4, 3 => 2, _ => 6 };
        WriteChunk(stream, "IHDR", header);
        WriteChunk(stream, "IDAT", Compress(pixels, width * channels, height, channels));
        WriteChunk(stream, "IEND", []);
        return stream.ToArray();
    }

    private static byte[] Compress(ReadOnlySpan<byte> pixels, int rowBytes, int height, int channels)
    {
        using var stream = new MemoryStream();
        using (var deflate = new ZLibStream(stream, CompressionLevel.Optimal))
        {
            var (row, above) = (new byte[rowBytes], new byte[rowBytes]);
            var (best, trial) = (new byte[rowBytes], new byte[rowBytes]);
            for (var y = 0; y < height; y++)
            {
                pixels.Slice(y * rowBytes, rowBytes).CopyTo(row);
                var (bestFilter, bestCost) = (0, long.MaxValue);
                for (var filter = 0; filter <= 4; filter++)
                {
                    PngFilter.Apply(filter, row, above, channels, trial);
                    var cost = Cost(trial);
                    if (cost < bestCost)
                    {
                        (bestFilter, bestCost) = (filter, cost);
                        (best, trial) = (trial, best);
                    }
                }

                deflate.WriteByte((byte)bestFilter);
                deflate.Write(best);
                (row, above) = (above, row);
            }
        }

        return stream.ToArray();
    }

    // The usual heuristic: the smaller the bytes are as signed numbers, the better they deflate (section 12.7).
    private static long Cost(byte[] filtered)
    {
        long cost = 0;
        foreach (var value in filtered)
        {
            cost += Math.Abs((int)(sbyte)value);
        }

        return cost;
    }

    private static void WriteChunk(MemoryStream stream, string type, ReadOnlySpan<byte> body)
    {
        var chunk = new byte[body.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, body.Length);
        Encoding.ASCII.GetBytes(type).CopyTo(chunk, 4);
        body.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(
            chunk.AsSpan(8 + body.Length), Crc32.Of(chunk.AsSpan(4, 4 + body.Length)));
        stream.Write(chunk);
    }
}
