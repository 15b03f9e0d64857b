namespace Realiz3D.Mesh.Formats;

/// <summary>A decoded image: rows from the top, channels interleaved.</summary>
/// <param name="Width">Pixels per row.</param>
/// <param name="Height">Rows.</param>
/// <param name="Channels">1 gray, 2 gray and alpha, 3 RGB, 4 RGBA.</param>
/// <param name="BitDepth">8 or 16: samples run to 255 or 65535. Narrower samples are widened to 8 bits.</param>
/// <param name="Samples">[H, W, C].</param>
public sealed record PngImage(int Width, int Height, int Channels, int BitDepth, ushort[] Samples)
{
    /// <summary>The samples as bytes; 16-bit samples are rounded.</summary>
    /// <returns>[H, W, C].</returns>
    public byte[] ToBytes() => BitDepth == 8
        ? Array.ConvertAll(Samples, sample => (byte)sample)
        : Array.ConvertAll(Samples, sample => (byte)((sample + 128) / 257));

    /// <summary>The image with four channels of 8 bits, opaque where it had no alpha.</summary>
    /// <returns>[H, W, 4].</returns>
    public byte[] ToRgba()
    {
        var bytes = ToBytes();
        var rgba = new byte[Width * Height * 4];
        for (var pixel = 0; pixel < Width * Height; pixel++)
        {
            var source = bytes.AsSpan(pixel * Channels, Channels);
            var target = rgba.AsSpan(pixel * 4, 4);
            for (var c = 0; c < 3; c++)
            {
                target[c] = source[Channels >= 3 ? c : 0];
            }

            target[3] = Channels % 2 == 0 ? source[Channels - 1] : byte.MaxValue;
        }

        return rgba;
    }
}
