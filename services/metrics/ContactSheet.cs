using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Measuring;

/// <summary>A picture made of rows of square tiles on white.</summary>
/// <param name="tileSize">Width and height of a tile in pixels.</param>
internal sealed class ContactSheet(int tileSize)
{
    private const int Gap = 4;

    /// <summary>Puts tiles together; all rows have the same number.</summary>
    /// <param name="rows">Tiles in linear RGB with straight alpha, each [4, h, h] of any h, enlarged to the tile's size.</param>
    /// <returns>A PNG.</returns>
    public byte[] ToPng(IReadOnlyList<IReadOnlyList<float[]>> rows)
    {
        var width = Gap + (rows[0].Count * (tileSize + Gap));
        var height = Gap + (rows.Count * (tileSize + Gap));
        var pixels = new byte[3 * width * height];
        Array.Fill(pixels, byte.MaxValue);
        for (var row = 0; row < rows.Count; row++)
        {
            for (var column = 0; column < rows[row].Count; column++)
            {
                var corner = ((Gap + (row * (tileSize + Gap))) * width) + Gap + (column * (tileSize + Gap));
                Draw(rows[row][column], pixels.AsSpan(3 * corner), width);
            }
        }

        return Png.Write(pixels, width, height, 3);
    }

    // Bilinear in premultiplied linear light, so that edges keep their colour; then over white.
    private void Draw(float[] rgba, Span<byte> target, int width)
    {
        var size = (int)Math.Sqrt(rgba.Length / 4);
        for (var i = 0; i < tileSize * tileSize; i++)
        {
            var (x, y) = (Source(i % tileSize, size), Source(i / tileSize, size));
            var (left, top) = ((int)x, (int)y);
            var sum = Vector4.Zero;
            for (var tap = 0; tap < 4; tap++)
            {
                var (column, row) = (Math.Min(left + (tap % 2), size - 1), Math.Min(top + (tap / 2), size - 1));
                var weight = (tap % 2 == 0 ? 1 - (x - left) : x - left) * (tap / 2 == 0 ? 1 - (y - top) : y - top);
                var (pixel, plane) = ((row * size) + column, size * size);
                var color = new Vector4(rgba[pixel], rgba[plane + pixel], rgba[(2 * plane) + pixel], 1);
                sum += (float)weight * rgba[(3 * plane) + pixel] * color;
            }

            for (var channel = 0; channel < 3; channel++)
            {
                target[(3 * ((i / tileSize * width) + (i % tileSize))) + channel] = Srgb.ToByte(sum[channel] + 1 - sum.W);
            }
        }
    }

    private double Source(int pixel, int size) => Math.Clamp(((pixel + 0.5) * size / tileSize) - 0.5, 0, size - 1);
}
