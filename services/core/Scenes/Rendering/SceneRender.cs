using static TorchSharp.torch;

namespace Realiz3D.Mesh.Scenes;

/// <summary>Views of one object in the synthetic domain, with exact controls. Owns its tensors.</summary>
/// <remarks>Everything but <see cref="Rgba"/> is taken at pixel centres and is 0 off the object.</remarks>
/// <param name="Rgba">Linear RGB in [0, 1] with straight alpha (coverage of the pixel), [V, 4, H, W].</param>
/// <param name="Albedo">Linear RGB without light, [V, 3, H, W].</param>
/// <param name="Normals">Unit normals in world coordinates, [V, 3, H, W].</param>
/// <param name="Positions">World positions, [V, 3, H, W].</param>
/// <param name="Depth">Distance from the eye along the view axis, [V, 1, H, W].</param>
/// <param name="Mask">1 where the pixel's centre sees the object, else 0, [V, 1, H, W].</param>
public sealed record SceneRender(
    Tensor Rgba, Tensor Albedo, Tensor Normals, Tensor Positions, Tensor Depth, Tensor Mask) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Rgba.Dispose();
        Albedo.Dispose();
        Normals.Dispose();
        Positions.Dispose();
        Depth.Dispose();
        Mask.Dispose();
    }
}
