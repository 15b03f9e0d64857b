using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Realiz3D.Mesh.Formats;

/// <summary>Encodes one PNG that is not interlaced. Source: W3C, Portable Network Graphics (third edition), sections 5, 7, 9 to 12.</summary>
internal static class PngEncoder
{
    /// <param name="header">Size, depth and colour type.</param>
    /// <param name="rows">All rows packed as they are stored, without filter bytes.</param>
    /// <param name="palette">RGB triples of a palette image.</param>
    /// <param name="transparency">Alpha of the first colours of a palette.</param>
    public static byte[] Encode(PngHeader header, ReadOnlySpan<byte> rows, ReadOnlySpan<byte> palette = default, ReadOnlySpan<byte> transparency = default)
    {
        using var stream = new MemoryStream();
        stream.Write(Png.Signature);
        Span<byte> chunk = stackalloc byte[13];
        chunk.Clear();
        BinaryPrimitives.WriteInt32BigEndian(chunk, header.Width);
        BinaryPrimitives.WriteInt32BigEndian(chunk[4..], header.Height);
        (chunk[8], chunk[9]) = ((byte)header.Depth, (byte)header.Color);
        WriteChunk(stream, "IHDR", chunk);
        if (!palette.IsEmpty)
        {
            WriteChunk(stream, "PLTE", palette);
        }

        if (!transparency.IsEmpty)
        {
            WriteChunk(stream, "tRNS", transparency);
        }

        WriteChunk(stream, "IDAT", Compress(header, rows));
        WriteChunk(stream, "IEND", []);
        return stream.ToArray();
    }

    /// <summary>Samples as they are stored: 16 bits with the higher byte first, below 8 bits several to a byte from the left.</summary>
    public static byte[] Pack(PngHeader header, ReadOnlySpan<ushort> samples)
    {
        var rowBytes = header.RowBytes(header.Width);
        var (perRow, rows) = (header.Width * header.Channels, new byte[rowBytes * header.Height]);
        for (var i = 0; i < samples.Length; i++)
        {
            var (y, x) = Math.DivRem(i, perRow);
            if (samples[i] >> header.Depth != 0)
            {
                throw new ArgumentException($"The sample {samples[i]} does not fit into {header.Depth} bits.");
            }

            if (header.Depth == 16)
            {
                BinaryPrimitives.WriteUInt16BigEndian(rows.AsSpan((y * rowBytes) + (2 * x)), samples[i]);
            }
            else
            {
                var bit = x * header.Depth;
                rows[(y * rowBytes) + (bit / 8)] |= (byte)(samples[i] << (8 - header.Depth - (bit % 8)));
            }
        }

        return rows;
    }

    private static byte[] Compress(PngHeader header, ReadOnlySpan<byte> rows)
    {
        using var stream = new MemoryStream();
        using (var deflate = new ZLibStream(stream, CompressionLevel.Optimal))
        {
            var rowBytes = header.RowBytes(header.Width);
            var (row, above) = (new byte[rowBytes], new byte[rowBytes]);
            var (best, trial) = (new byte[rowBytes], new byte[rowBytes]);
            for (var y = 0; y < header.Height; y++)
            {
                rows.Slice(y * rowBytes, rowBytes).CopyTo(row);
                var (bestFilter, bestCost) = (0, long.MaxValue);
                for (var filter = 0; filter <= 4; filter++)
                {
                    PngFilter.Apply(filter, row, above, header.PixelBytes, trial);
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
