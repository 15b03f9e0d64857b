using System.Buffers.Binary;

namespace Realiz3D.Mesh.Formats;

/// <summary>The IHDR chunk, checked.</summary>
internal readonly record struct PngHeader(int Width, int Height, int Depth, int Color, bool Interlaced)
{
    /// <summary>Samples stored per pixel: colour types 0, 2, 3, 4, 6.</summary>
    public int Channels => Color switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };

    /// <summary>Bytes of one stored row of <paramref name="width"/> pixels, without its filter byte.</summary>
    public int RowBytes(int width) => ((width * Channels * Depth) + 7) / 8;

    /// <summary>Distance to the byte "on the left" that filters use.</summary>
    public int PixelBytes => Math.Max(1, Channels * Depth / 8);

    public static PngHeader Parse(string file, ReadOnlySpan<byte> chunk, ImageLimits limits)
    {
        if (chunk.Length != 13)
        {
            throw new MalformedFileException(file, $"IHDR has {chunk.Length} bytes, not 13.");
        }

        var width = BinaryPrimitives.ReadUInt32BigEndian(chunk);
        var height = BinaryPrimitives.ReadUInt32BigEndian(chunk[4..]);
        limits.Check(file, width, height);
        var (depth, color) = (chunk[8], chunk[9]);
        var allowed = (color, depth) switch
        {
            (0, 1 or 2 or 4 or 8 or 16) => true,
            (3, 1 or 2 or 4 or 8) => true,
            (2 or 4 or 6, 8 or 16) => true,
            _ => false,
        };
        if (!allowed || chunk[10] != 0 || chunk[11] != 0 || chunk[12] > 1)
        {
            throw new MalformedFileException(
                file, $"PNG knows no colour type {color} with {depth} bits, compression {chunk[10]}, "
                + $"filter {chunk[11]}, interlace {chunk[12]}.");
        }

        return new PngHeader((int)width, (int)height, depth, color, chunk[12] == 1);
    }
}
