using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Painted views as the next stage takes them.</summary>
internal static class ViewSets
{
    /// <summary>Views with their cameras and where they come from.</summary>
    /// <param name="views">Linear RGB with straight alpha, [V, 4, h, h], contiguous, on the CPU.</param>
    /// <param name="cameras">One per view.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="modelHash">Hash of the model that painted them.</param>
    /// <returns>The views.</returns>
    public static ViewSet Of(Tensor views, IReadOnlyList<Camera> cameras, PaintRequest request, string modelHash) => new(
        views.data<float>().ToArray(),
        (int)views.shape[2],
        [.. cameras.Select(camera => camera.ToView())],
        "model",
        request.Prompt,
        unchecked((long)request.Seed),
        modelHash);
}
