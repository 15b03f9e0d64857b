namespace Realiz3D.Mesh.Formats;

/// <summary>An image of bytes: rows from the top, channels interleaved.</summary>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 gray, 2 gray and alpha, 3 RGB, 4 RGBA.</param>
/// <param name="Bytes">[H, W, C].</param>
public sealed record PixelImage(int Width, int Height, int Channels, byte[] Bytes)
{
    /// <summary>The image with three channels: gray is repeated, alpha is dropped, not composited.</summary>
    /// <returns>[H, W, 3].</returns>
    public PixelImage ToRgb()
    {
        if (Channels == 3)
        {
            return this;
        }

        var rgb = new byte[Width * Height * 3];
        for (var i = 0; i < rgb.Length; i++)
        {
            var (pixel, c) = Math.DivRem(i, 3);
            rgb[i] = Bytes[(pixel * Channels) + (Channels >= 3 ? c : 0)];
        }

        return new PixelImage(Width, Height, 3, rgb);
    }

    /// <summary>The middle of the image; black where it is smaller.</summary>
    /// <remarks>Odd remainders: the offset of what is cut is rounded down, as is that of the image in a larger frame upwards.</remarks>
    /// <param name="width">New width.</param>
    /// <param name="height">New height.</param>
    /// <returns>A new image.</returns>
    public PixelImage CentreCrop(int width, int height)
    {
        var (left, top) = (Math.Floor((Width - width) / 2.0), Math.Floor((Height - height) / 2.0));
        var bytes = new byte[width * height * Channels];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var (fromX, fromY) = (x + (int)left, y + (int)top);
                if (fromX >= 0 && fromX < Width && fromY >= 0 && fromY < Height)
                {
                    Bytes.AsSpan(((fromY * Width) + fromX) * Channels, Channels).CopyTo(bytes.AsSpan(((y * width) + x) * Channels, Channels));
                }
            }
        }

        return new PixelImage(width, height, Channels, bytes);
    }
}
