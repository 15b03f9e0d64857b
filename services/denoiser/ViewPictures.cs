using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Pictures of views for people.</summary>
internal static class ViewPictures
{
    /// <summary>A picture of the first candidate on its way: three rows of two views over gray, well under 64 KiB.</summary>
    /// <param name="model">The model.</param>
    /// <param name="estimate">Clean estimate of the grids, [K, C, H, W].</param>
    /// <returns>A PNG.</returns>
    public static byte[] Preview(LoadedModel model, Tensor estimate)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var picture = SixViewGrid.Tile(model.Decode(estimate.narrow(0, 0, 1))).select(0, 0).narrow(0, 0, 3);    // [3, 3h, 2w]
        var bytes = ((picture + 1) * 127.5).clamp(0, 255).round().to(ScalarType.Byte).permute(1, 2, 0).cpu().contiguous();
        return Png.Write(bytes.bytes, (int)picture.shape[2], (int)picture.shape[1], channels: 3);
    }
}
