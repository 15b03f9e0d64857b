using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Textures as files.</summary>
public static class TexturePng
{
    /// <summary>Colours as 8-bit sRGB.</summary>
    /// <param name="linear">Linear RGB, clamped to [0, 1], [S, S].</param>
    /// <param name="size">S.</param>
    /// <returns>A PNG.</returns>
    public static byte[] Srgb(Vector3[] linear, int size) => Write(linear, size, Formats.Srgb.ToByte);

    /// <summary>Numbers as they are, in 8 bits: occlusion, roughness and metallic, or an encoded normal.</summary>
    /// <param name="values">Clamped to [0, 1], [S, S].</param>
    /// <param name="size">S.</param>
    /// <returns>A PNG.</returns>
    public static byte[] Linear(Vector3[] values, int size) =>
        Write(values, size, value => (byte)Math.Round(255 * Math.Clamp(value, 0, 1)));

    /// <summary>Marks as gray: 255 where set, else 0.</summary>
    /// <param name="marks">[S, S].</param>
    /// <param name="size">S.</param>
    /// <returns>A PNG.</returns>
    public static byte[] Mask(bool[] marks, int size) =>
        Png.Write(Array.ConvertAll(marks, mark => mark ? (byte)255 : (byte)0), size, size, 1);

    private static byte[] Write(Vector3[] texels, int size, Func<double, byte> encode)
    {
        var pixels = new byte[3 * texels.Length];
        for (var i = 0; i < texels.Length; i++)
        {
            pixels[3 * i] = encode(texels[i].X);
            pixels[(3 * i) + 1] = encode(texels[i].Y);
            pixels[(3 * i) + 2] = encode(texels[i].Z);
        }

        return Png.Write(pixels, size, size, 3);
    }
}
