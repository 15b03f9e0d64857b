using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Realiz3D.Mesh.Formats;

/// <summary>Decodes one PNG.</summary>
/// <remarks>
/// 1. chunks  2. inflate no more than the image needs  3. undo the filters, pass by pass  4. samples  5. palette, alpha.
/// Source: W3C, Portable Network Graphics (third edition), sections 5, 7, 8, 9 and 11.
/// </remarks>
internal sealed class PngReader(string file, ImageLimits limits)
{
    // First column and row and their steps of the seven passes of Adam7 (section 8.2).
    private static readonly (int X, int Y, int StepX, int StepY)[] Adam7 =
        [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];

    private const int DeflateRatio = 1032; // 258 bytes for two bits are the most that deflate gives (RFC 1951)

    private readonly ArrayBufferWriter<byte> _compressed = new();
    private PngHeader _header;
    private byte[] _palette = [];
    private byte[] _transparency = [];

    public PngImage Read(ReadOnlySpan<byte> bytes)
    {
        // 1. chunks
        ReadChunks(bytes);

        // 2. and 3.: pass by pass, so that a bomb of zeros is never inflated further than the image goes; nothing is allocated for
        // pixels that so few bytes cannot hold
        if (_header.RowBytes(_header.Width) * (long)_header.Height / DeflateRatio > _compressed.WrittenCount)
        {
            throw new MalformedFileException(file, $"{_compressed.WrittenCount} bytes of pixel data cannot hold {_header.Width} x {_header.Height} pixels.");
        }

        var samples = new ushort[_header.Width * _header.Height * _header.Channels];
        using var compressed = new MemoryStream(_compressed.WrittenSpan.ToArray());
        using var inflate = new ZLibStream(compressed, CompressionMode.Decompress);
        foreach (var (x, y, stepX, stepY) in _header.Interlaced ? Adam7 : [(0, 0, 1, 1)])
        {
            ReadPass(inflate, samples, x, y, stepX, stepY);
        }

        Inflate(() => inflate.ReadByte()); // so that the checksum at the end is looked at

        // 5. palette, alpha
        return PngColors.Finish(file, _header, samples, _palette, _transparency);
    }

    private void ReadChunks(ReadOnlySpan<byte> bytes)
    {
        if (!Png.IsPng(bytes))
        {
            throw new MalformedFileException(file, "not a PNG: the signature is wrong.");
        }

        var seenHeader = false;
        for (var at = Png.Signature.Length; at < bytes.Length;)
        {
            var rest = bytes[at..];
            var length = rest.Length < 12 ? 0 : BinaryPrimitives.ReadUInt32BigEndian(rest);
            if (rest.Length < 12 || length > rest.Length - 12)
            {
                throw new MalformedFileException(file, $"truncated: a chunk at byte {at} runs past the end.");
            }

            var type = Encoding.ASCII.GetString(rest.Slice(4, 4));
            var body = rest.Slice(8, (int)length);
            if (Crc32.Of(rest.Slice(4, 4 + (int)length))
                != BinaryPrimitives.ReadUInt32BigEndian(rest[(8 + (int)length)..]))
            {
                throw new MalformedFileException(file, $"the checksum of chunk {type} is wrong.");
            }

            if (seenHeader != (type != "IHDR"))
            {
                throw new MalformedFileException(file, "IHDR must come first and once.");
            }

            switch (type)
            {
                case "IHDR": _header = PngHeader.Parse(file, body, limits); seenHeader = true; break;
                case "PLTE": _palette = body.ToArray(); break;
                case "tRNS": _transparency = body.ToArray(); break;
                case "IDAT": _compressed.Write(body); break;
                case "IEND": return;
                case [>= 'A' and <= 'Z', ..]: throw new MalformedFileException(file, $"its chunk {type} is critical, and not known.");
                default: break; // ancillary: nothing that changes the samples
            }

            at += 12 + (int)length;
        }

        throw new MalformedFileException(file, "truncated: IEND is missing.");
    }

    private void ReadPass(ZLibStream inflate, ushort[] samples, int x0, int y0, int stepX, int stepY)
    {
        var width = (_header.Width - x0 + stepX - 1) / stepX;
        var height = (_header.Height - y0 + stepY - 1) / stepY;
        if (width <= 0 || height <= 0)
        {
            return;
        }

        var row = new byte[_header.RowBytes(width)];
        var above = new byte[row.Length];
        for (var y = 0; y < height; y++)
        {
            var filter = ReadRow(inflate, row);
            PngFilter.Undo(file, filter, row, above, _header.PixelBytes);

            // 4. samples
            for (var x = 0; x < width; x++)
            {
                var pixel = ((y0 + (y * stepY)) * _header.Width) + x0 + (x * stepX);
                for (var c = 0; c < _header.Channels; c++)
                {
                    samples[(pixel * _header.Channels) + c] = Sample(row, (x * _header.Channels) + c);
                }
            }

            (row, above) = (above, row);
        }
    }

    private int ReadRow(ZLibStream inflate, byte[] row) => Inflate(() =>
    {
        var filter = inflate.ReadByte();
        inflate.ReadExactly(row);
        return filter;
    });

    private int Inflate(Func<int> read)
    {
        try
        {
            return read();
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException)
        {
            throw new MalformedFileException(file, $"the pixel data is broken or too short: {broken.Message}", broken);
        }
    }

    private ushort Sample(byte[] row, int index)
    {
        if (_header.Depth >= 8)
        {
            return _header.Depth == 8 ? row[index] : BinaryPrimitives.ReadUInt16BigEndian(row.AsSpan(2 * index));
        }

        var bit = index * _header.Depth;
        return (ushort)((row[bit / 8] >> (8 - _header.Depth - (bit % 8))) & ((1 << _header.Depth) - 1));
    }
}
