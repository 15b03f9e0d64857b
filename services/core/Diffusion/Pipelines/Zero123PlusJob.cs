using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>What Zero123++ shall make.</summary>
/// <param name="Image">The object, RGB, or RGBA to stand on gray; square, 320 pixels or more, about centred.</param>
/// <param name="PromptIds">Ids of the prompt, [1, L].</param>
/// <param name="NegativeIds">Ids of the empty prompt, [1, L].</param>
/// <param name="Steps">Steps of the sampler.</param>
/// <param name="GuidanceScale">Weight of guidance; 1 or less for none.</param>
/// <param name="Depth">Depth of the six views as one image, for a ControlNet; null for none.</param>
/// <param name="ControlScale">Factor of the ControlNet's residuals.</param>
public sealed record Zero123PlusJob(
    PixelImage Image,
    Tensor PromptIds,
    Tensor NegativeIds,
    int Steps = 28,
    double GuidanceScale = 4,
    PixelImage? Depth = null,
    double ControlScale = 1)
{
    /// <summary>Whether the unconditional half is computed.</summary>
    public bool Guides => GuidanceScale > 1;
}

/// <summary>The noise of a job. The receiver disposes nothing.</summary>
/// <param name="Latents">Start, [N, C, H/f, W/f].</param>
/// <param name="Condition">Of the shown image's latent, [1, C, h, w].</param>
/// <param name="Negative">Of the gray image's latent, [1, C, h, w]; used with guidance.</param>
/// <param name="Reference">Of the reference at a step, for the unconditional half and the other, [2N or N, C, h, w].</param>
/// <param name="Ancestral">That the sampler adds after a step, [N, C, H/f, W/f].</param>
public sealed record Zero123PlusNoise(
    Tensor Latents, Tensor Condition, Tensor Negative, Func<int, Tensor> Reference, Func<int, Tensor> Ancestral);

/// <summary>A shown image as the U-Net sees it. With guidance, the unconditional half stands first. The receiver disposes it.</summary>
/// <param name="VaePixels">Pixels for the autoencoder, [1, 3, h f, w f].</param>
/// <param name="ClipPixels">Pixels for the image tower, [1, 3, S, S].</param>
/// <param name="ImageEmbeds">Embedded image, [1, E].</param>
/// <param name="Latent">Samples of the autoencoder's posterior, not scaled, [2 or 1, C, h, w].</param>
/// <param name="Text">Text tokens, the conditional ones with the image's ramp, [2 or 1, L, E].</param>
/// <param name="Depth">Control image, [3, H, W]; null for none.</param>
public sealed record Zero123PlusCondition(
    Tensor VaePixels, Tensor ClipPixels, Tensor ImageEmbeds, Tensor Latent, Tensor Text, Tensor? Depth) : IDisposable
{
    /// <summary>Takes all tensors out of the scope that they were made in.</summary>
    /// <returns>This condition.</returns>
    public Zero123PlusCondition Kept()
    {
        Tensor?[] kept = [VaePixels, ClipPixels, ImageEmbeds, Latent, Text, Depth];
        Array.ForEach(kept, tensor => tensor?.DetachFromDisposeScope());
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tensor?[] owned = [VaePixels, ClipPixels, ImageEmbeds, Latent, Text, Depth];
        Array.ForEach(owned, tensor => tensor?.Dispose());
    }
}

/// <summary>A step of the sampler. The receiver keeps nothing: the tensors end with the step.</summary>
/// <param name="Index">Number of the step, from 0.</param>
/// <param name="Input">What the U-Net read, [2N or N, C, H/f, W/f].</param>
/// <param name="Reference">What it wrote from, [2N or N, C, h, w].</param>
/// <param name="Prediction">Its answer, halves not yet joined.</param>
/// <param name="Control">The ControlNet's residuals; null for none.</param>
/// <param name="Latents">The latents after the step, [N, C, H/f, W/f].</param>
public sealed record Zero123PlusStep(
    int Index, Tensor Input, Tensor Reference, Tensor Prediction, ControlResiduals? Control, Tensor Latents);
