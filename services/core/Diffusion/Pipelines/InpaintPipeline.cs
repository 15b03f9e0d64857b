using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Paints a part of an image after words: <c>StableDiffusionInpaintPipeline</c> after its text encoder.</summary>
/// <remarks>
/// 1. The tokens of the negative prompt and of the prompt make one batch.
/// 2. The image is encoded. The latent starts as noise, or as the noised image where the strength is below 1. The mask is brought to the
/// latent's size.
/// 3. The steps, as in <see cref="TextToImagePipeline"/>. A network with nine channels also sees the mask and the image without the masked
/// part. With one of four channels the rest of the latent is set back to the image, noised as the next step expects it.
/// 4. The latent is decoded.
/// Sources: Rombach et al. 2022, arXiv:2112.10752, section 4.5 (nine channels); Lugmayr et al. 2022, arXiv:2201.09865, equation 8 (four).
/// </remarks>
/// <param name="unet">Network with four or nine input channels.</param>
/// <param name="autoencoder">Autoencoder.</param>
/// <param name="schedule">Noise schedule; its configuration names the sampler.</param>
public sealed class InpaintPipeline(UNet2DConditionModel unet, AutoencoderKL autoencoder, NoiseSchedule schedule)
    : LatentPipeline(unet, autoencoder, schedule)
{
    /// <summary>Paints.</summary>
    /// <param name="request">What to paint.</param>
    /// <param name="start">The image.</param>
    /// <param name="mask">From 0.5 on: to be painted, [N, 1, H, W].</param>
    /// <param name="maskedNoise">Standard normal noise of the sample of the image without the masked part, [N, C, h, w]; for nine channels.</param>
    /// <param name="watch">Called after each step.</param>
    /// <returns>Scaled latents, [N, C, h, w], for <see cref="LatentPipeline.Decode"/>. The caller disposes them.</returns>
    public Tensor Paint(
        PaintingRequest request, StartImage start, Tensor mask, Tensor? maskedNoise = null, Action<PaintingStep>? watch = null)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();

        // 1.
        var context = Context(request);                                                 // [N or 2N, L, E]

        // 2.
        using var sampling = Steps.FromPart(request, start, mask, maskedNoise);

        // 3.
        while (!sampling.IsFinished)
        {
            Advance(sampling, request, context, watch);
        }

        // 4. follows where pixels are wanted.
        return sampling.Latents.clone().MoveToOuterDisposeScope();
    }
}
