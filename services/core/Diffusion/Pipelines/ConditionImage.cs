using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Prepares images that a pipeline is shown.</summary>
public static class ConditionImage
{
    private const int Gray = 127;

    /// <summary>Pastes an image over constant gray: what Zero123++ was trained on.</summary>
    /// <remarks>
    /// round((127 (255 - a) + c a) / 255) in whole numbers. Source: SUDO-AI-3D/zero123plus, to_rgb_image, and PIL's paste.
    /// </remarks>
    /// <param name="image">RGB, which stays as it is, or RGBA.</param>
    /// <returns>RGB.</returns>
    /// <exception cref="ArgumentException">The image has neither three nor four channels.</exception>
    public static PixelImage OnGray(PixelImage image)
    {
        if (image.Channels is not (3 or 4))
        {
            throw new ArgumentException($"The image has {image.Channels} channels; RGB or RGBA is needed.", nameof(image));
        }

        if (image.Channels == 3)
        {
            return image;
        }

        var rgb = new byte[image.Width * image.Height * 3];
        for (var i = 0; i < rgb.Length; i++)
        {
            var (pixel, c) = Math.DivRem(i, 3);
            var alpha = image.Bytes[(4 * pixel) + 3];
            rgb[i] = (byte)(((Gray * (255 - alpha)) + (image.Bytes[(4 * pixel) + c] * alpha) + 127) / 255);
        }

        return new PixelImage(image.Width, image.Height, 3, rgb);
    }

    /// <summary>An image as a network takes it: 2 x / 255 - 1.</summary>
    /// <param name="image">RGB.</param>
    /// <returns>[3, H, W] in [-1, 1]. The caller disposes it.</returns>
    public static Tensor ToNetwork(PixelImage image)
    {
        using var scope = NewDisposeScope();
        var bytes = tensor(image.Bytes, [image.Height, image.Width, image.Channels]).permute(2, 0, 1);
        return ((bytes.to(ScalarType.Float32) / 255 - 0.5) / 0.5).contiguous().MoveToOuterDisposeScope();
    }
}
