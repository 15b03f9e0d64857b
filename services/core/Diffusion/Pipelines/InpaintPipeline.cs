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
        var scheduler = Schedulers.Create(Schedule, request.Sampling);
        var first = start.FirstIndex(request.Sampling);
        var clean = Encode(start.Image, start.PosteriorNoise);                          // [N, C, h, w]
        var latents = start.Strength == 1
            ? request.Noise * scheduler.InitNoiseSigma
            : Noised(scheduler, clean, request.Noise, first);
        using var sampling = Start(request, scheduler, latents, first);
        var painted = mask.ge(0.5).to(clean.dtype);                                     // [N, 1, H, W]
        var small = Shrink(painted, clean);                                             // [N, 1, h, w]
        var extra = ExtraChannels(start, painted, small, maskedNoise, context.shape[0]);

        // 3.
        while (!sampling.IsFinished)
        {
            Advance(sampling, request, context, extra, watch);
            if (extra is null)
            {
                using var step = NewDisposeScope();
                var known = sampling.IsFinished ? clean : Noised(scheduler, clean, request.Noise, sampling.History.Index);
                sampling.Replace((1 - small) * known + small * sampling.Latents);
            }
        }

        // 4. follows where pixels are wanted.
        return sampling.Latents.clone().MoveToOuterDisposeScope();
    }

    private static Tensor Noised(IScheduler scheduler, Tensor clean, Tensor noise, int index) =>
        scheduler.AddNoise(clean, noise, Enumerable.Repeat(scheduler.Timesteps[index], (int)clean.shape[0]).ToArray());

    /// <summary>Mask and masked image for a network that looks at them; null for one that does not.</summary>
    private Tensor? ExtraChannels(StartImage start, Tensor painted, Tensor small, Tensor? noise, long rows)
    {
        var channels = Autoencoder.Config.LatentChannels;
        if (UNet.Config.InChannels == channels)
        {
            return null;
        }

        if (UNet.Config.InChannels != (2 * channels) + 1)
        {
            throw new ArgumentException(
                $"A network with {UNet.Config.InChannels} input channels cannot inpaint; {channels} or {(2 * channels) + 1} are needed.");
        }

        using var scope = NewDisposeScope();
        var masked = Encode(start.Image * (1 - painted), noise ?? throw new ArgumentNullException(nameof(noise), "The masked image needs noise of its own."));
        var both = cat([small, masked], 1);                                             // [N, 1 + C, h, w]
        return both.repeat(rows / both.shape[0], 1, 1, 1).MoveToOuterDisposeScope();
    }

    /// <summary>The pixels of the mask that fall on the corners of the latent, as nearest interpolation takes them.</summary>
    private static Tensor Shrink(Tensor mask, Tensor latents)
    {
        using var scope = NewDisposeScope();
        var device = mask.device;
        var rows = arange(latents.shape[2], device: device) * (mask.shape[2] / latents.shape[2]);
        var columns = arange(latents.shape[3], device: device) * (mask.shape[3] / latents.shape[3]);
        return mask.index_select(2, rows).index_select(3, columns).MoveToOuterDisposeScope();
    }
}
