using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Paints an image from words: <c>StableDiffusionPipeline</c> after its text encoder.</summary>
/// <remarks>
/// 1. The tokens of the negative prompt and of the prompt make one batch.
/// 2. The latent starts as noise, as strong as the sampler's first sigma.
/// 3. At each timestep the network sees the scaled latent twice, without and with the prompt; guidance joins what it says; the
/// sampler takes a step.
/// 4. The latent is decoded.
/// Sources: Rombach et al. 2022, arXiv:2112.10752; Ho and Salimans 2022, arXiv:2207.12598; Lin et al. 2023, arXiv:2305.08891, section 3.4
/// (rescaled guidance).
/// </remarks>
/// <param name="unet">Network.</param>
/// <param name="autoencoder">Autoencoder.</param>
/// <param name="schedule">Noise schedule; its configuration names the sampler.</param>
public sealed class TextToImagePipeline(UNet2DConditionModel unet, AutoencoderKL autoencoder, NoiseSchedule schedule)
    : LatentPipeline(unet, autoencoder, schedule)
{
    /// <summary>Paints.</summary>
    /// <param name="request">What to paint.</param>
    /// <param name="watch">Called after each step.</param>
    /// <returns>Scaled latents, [N, C, h, w], for <see cref="LatentPipeline.Decode"/>. The caller disposes them.</returns>
    public Tensor Paint(PaintingRequest request, Action<PaintingStep>? watch = null)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();

        // 1.
        var context = Context(request);                                                 // [N or 2N, L, E]

        // 2.
        using var sampling = Steps.FromNoise(request);

        // 3.
        while (!sampling.IsFinished)
        {
            Advance(sampling, request, context, watch);
        }

        // 4. follows where pixels are wanted.
        return sampling.Latents.clone().MoveToOuterDisposeScope();
    }
}
