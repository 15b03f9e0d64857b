using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering;

/// <summary>A base colour texture.</summary>
/// <param name="Size">Width and height, S.</param>
/// <param name="Linear">Albedo, linear RGB in [0, 1], [S, S].</param>
/// <param name="Coverage">Share of the used texels that a view saw, 0 to 1.</param>
/// <param name="Unseen">
/// Texels that no view saw, with those around charts that have their colour from such, [S, S]; null when every texel was given its colour.
/// </param>
public sealed record AlbedoTexture(int Size, Vector3[] Linear, double Coverage, bool[]? Unseen = null)
{
    /// <summary>Reads a texture file.</summary>
    /// <param name="png">The file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="decode">From a byte to the number it stands for.</param>
    /// <returns>The texture; alpha is not read.</returns>
    /// <exception cref="MalformedFileException">The file is broken or not square.</exception>
    public static AlbedoTexture Read(byte[] png, string name, Func<byte, float> decode)
    {
        var image = Png.Read(png, name);
        if (image.Width != image.Height)
        {
            throw new MalformedFileException(name, $"the texture is {image.Width} x {image.Height}, not square.");
        }

        var rgba = image.ToRgba();
        var linear = new Vector3[image.Width * image.Height];
        for (var i = 0; i < linear.Length; i++)
        {
            linear[i] = new Vector3(decode(rgba[4 * i]), decode(rgba[(4 * i) + 1]), decode(rgba[(4 * i) + 2]));
        }

        return new AlbedoTexture(image.Width, linear, Coverage: 1);
    }

    /// <summary>The texture as 8-bit sRGB.</summary>
    /// <returns>A PNG.</returns>
    public byte[] ToPng() => TexturePng.Srgb(Linear, Size);

    /// <summary>The unseen texels as a picture to inpaint by: 255 where no view saw the surface, else 0.</summary>
    /// <returns>A gray PNG.</returns>
    public byte[] UnseenPng() => TexturePng.Mask(Unseen ?? new bool[Size * Size], Size);

    /// <summary>The colour at a place between the texels, bilinear; the middle of texel (i, j) is ((i + 0.5) / S, (j + 0.5) / S).</summary>
    /// <param name="place">Texture coordinates, v down; beyond the border stand the last texels.</param>
    /// <returns>Linear RGB.</returns>
    public Vector3 At(Vector2 place)
    {
        var (x, y) = ((place.X * Size) - 0.5f, (place.Y * Size) - 0.5f);
        var (left, top) = (MathF.Floor(x), MathF.Floor(y));
        Vector3 Texel(int dx, int dy) => Linear[
            (Math.Clamp((int)top + dy, 0, Size - 1) * Size) + Math.Clamp((int)left + dx, 0, Size - 1)];
        return Vector3.Lerp(
            Vector3.Lerp(Texel(0, 0), Texel(1, 0), x - left), Vector3.Lerp(Texel(0, 1), Texel(1, 1), x - left), y - top);
    }
}
