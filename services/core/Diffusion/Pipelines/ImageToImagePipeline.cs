using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>An image to start from.</summary>
/// <param name="Image">sRGB code values mapped to [-1, 1], [N, 3, H, W].</param>
/// <param name="PosteriorNoise">Standard normal noise of the autoencoder's sample, [N, C, h, w].</param>
/// <param name="Strength">Share of the steps that are taken, above 0 to 1; 1 keeps next to nothing.</param>
public sealed record StartImage(Tensor Image, Tensor PosteriorNoise, double Strength = 0.8)
{
    /// <summary>Place in a sampler's timesteps at which the strength starts.</summary>
    internal int FirstIndex(SamplingOptions sampling)
    {
        var taken = Strength is > 0 and <= 1 ? Math.Min((int)(sampling.Steps * Strength), sampling.Steps) : 0;
        return taken > 0
            ? sampling.Steps - taken
            : throw new ArgumentException($"Strength {Strength} of {sampling.Steps} steps leaves none; say above {1.0 / sampling.Steps:0.###}, at most 1.");
    }
}

/// <summary>Paints an image anew after words: <c>StableDiffusionImg2ImgPipeline</c> after its text encoder.</summary>
/// <remarks>
/// 1. The tokens of the negative prompt and of the prompt make one batch.
/// 2. The image is encoded; noise is added as of the timestep at which the strength starts.
/// 3. The steps from there on, as in <see cref="TextToImagePipeline"/>.
/// 4. The latent is decoded.
/// Source: Meng et al. 2021, arXiv:2108.01073.
/// </remarks>
/// <param name="unet">Network.</param>
/// <param name="autoencoder">Autoencoder.</param>
/// <param name="schedule">Noise schedule; its configuration names the sampler.</param>
public sealed class ImageToImagePipeline(UNet2DConditionModel unet, AutoencoderKL autoencoder, NoiseSchedule schedule)
    : LatentPipeline(unet, autoencoder, schedule)
{
    /// <summary>Paints.</summary>
    /// <param name="request">What to paint.</param>
    /// <param name="start">The image.</param>
    /// <param name="watch">Called after each step.</param>
    /// <returns>Scaled latents, [N, C, h, w], for <see cref="LatentPipeline.Decode"/>. The caller disposes them.</returns>
    public Tensor Paint(PaintingRequest request, StartImage start, Action<PaintingStep>? watch = null)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();

        // 1.
        var context = Context(request);                                                 // [N or 2N, L, E]

        // 2.
        using var sampling = Steps.FromImage(request, start);

        // 3.
        while (!sampling.IsFinished)
        {
            Advance(sampling, request, context, watch);
        }

        // 4. follows where pixels are wanted.
        return sampling.Latents.clone().MoveToOuterDisposeScope();
    }
}
