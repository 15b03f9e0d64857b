namespace Realiz3D.Mesh.Formats;

/// <summary>Reads an image whose format its first bytes tell.</summary>
public static class ImageFile
{
    /// <summary>Decodes PNG, JPEG or WebP.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">What reading may cost; the defaults when null.</param>
    /// <returns>The image, 8 bits per sample.</returns>
    /// <exception cref="MalformedFileException">The file is none of these, broken or too large.</exception>
    public static PixelImage Read(ReadOnlySpan<byte> bytes, string name, ImageLimits? limits = null)
    {
        if (Png.IsPng(bytes))
        {
            var image = Png.Read(bytes, name, limits);
            return new PixelImage(image.Width, image.Height, image.Channels, image.ToBytes());
        }

        return Jpeg.IsJpeg(bytes) ? Jpeg.Read(bytes, name, limits)
            : WebP.IsWebP(bytes) ? WebP.Read(bytes, name, limits)
            : throw new MalformedFileException(name, "the image is neither PNG nor JPEG nor WebP.");
    }
}
