using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Reads pictures that callers give.</summary>
internal static class GivenPictures
{
    private static ImageLimits Limits { get; } = new(MaxPixels: 16L << 20, MaxSide: 8192);

    /// <summary>Reads a PNG.</summary>
    /// <param name="artifacts">Where it lies.</param>
    /// <param name="id">The artifact's id; empty for none.</param>
    /// <param name="field">The field that names it.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The picture; null for none.</returns>
    /// <exception cref="InvalidDataException">It is no picture.</exception>
    public static async Task<PngImage?> ReadPictureAsync(this ArtifactStore artifacts, string id, string field, CancellationToken cancel)
    {
        if (id.Length == 0)
        {
            return null;
        }

        try
        {
            return Png.Read(await artifacts.ReadAsync(id, cancel).ConfigureAwait(false), field, Limits);
        }
        catch (MalformedFileException broken)
        {
            throw new InvalidDataException($"{field} names no picture: {broken.Message}", broken);
        }
    }

    /// <summary>Takes a picture as a mask.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="field">The field that names it.</param>
    /// <param name="width">Width that it must have.</param>
    /// <param name="height">Height that it must have.</param>
    /// <returns>The mask, one channel.</returns>
    /// <exception cref="InvalidDataException">It is not gray or of another size.</exception>
    public static PixelImage ToMask(this PngImage picture, string field, int width, int height) =>
        (picture.Width, picture.Height, picture.Channels) == (width, height, 1)
            ? new PixelImage(width, height, 1, picture.ToBytes())
            : throw new InvalidDataException($"{field} must name a gray PNG of {width} x {height} pixels.");

    /// <summary>Takes a picture's colours; its alpha is not read.</summary>
    /// <param name="picture">The picture.</param>
    /// <returns>RGB.</returns>
    public static PixelImage ToColours(this PngImage picture)
    {
        var rgba = picture.ToRgba();
        var rgb = new byte[rgba.Length / 4 * 3];
        for (var i = 0; i < rgb.Length; i++)
        {
            rgb[i] = rgba[(i / 3 * 4) + (i % 3)];
        }

        return new PixelImage(picture.Width, picture.Height, 3, rgb);
    }
}
