using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Pictures of views for people.</summary>
internal static class ViewPictures
{
    /// <summary>Encodes a picture.</summary>
    /// <param name="picture">sRGB code values mapped to about [-1, 1], [1, 3, H, W]; used up.</param>
    /// <returns>A PNG.</returns>
    public static byte[] Png(Tensor picture)
    {
        using var owned = picture;
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var bytes = ((picture.squeeze(0) + 1) * 127.5).clamp(0, 255).round().to(ScalarType.Byte).permute(1, 2, 0).cpu().contiguous();
        return Formats.Png.Write(bytes.bytes, (int)picture.shape[3], (int)picture.shape[2], channels: 3);
    }
}
