using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>What the start of a painting has to know of a network.</summary>
/// <param name="InChannels">Channels of what it is shown.</param>
/// <param name="GuidanceWidth">Width of the waves by which a distilled network is told the guidance; null for one that is asked twice.</param>
public sealed record PaintingForm(int InChannels, int? GuidanceWidth = null);

/// <summary>The steps of a painting that call no network: its start and its end, whoever takes the steps between.</summary>
/// <remarks>
/// The pipelines take those with their own network, a service may take them together with other jobs' (<see cref="GuidedSampling"/>).
/// Sources: those of <see cref="TextToImagePipeline"/>, <see cref="ImageToImagePipeline"/> and <see cref="InpaintPipeline"/>.
/// </remarks>
/// <param name="form">What is known of the network.</param>
/// <param name="autoencoder">Autoencoder.</param>
/// <param name="schedule">Noise schedule; its configuration names the sampler.</param>
public sealed class PaintingSteps(PaintingForm form, AutoencoderKL autoencoder, NoiseSchedule schedule)
{
    /// <summary>Whether the network is asked without the prompt too. A network distilled with guidance is told its strength instead.</summary>
    /// <param name="guidance">How strongly the prompt counts.</param>
    /// <returns>Whether it is.</returns>
    public bool IsGuided(GuidanceOptions guidance) => guidance.Scale > 1 && form.GuidanceWidth is null;

    /// <summary>Text to image: the latent starts as noise, as strong as the sampler's first sigma.</summary>
    /// <param name="request">What to paint.</param>
    /// <returns>The job; the caller disposes it.</returns>
    public GuidedSampling FromNoise(PaintingRequest request)
    {
        using var scope = NewDisposeScope();
        var scheduler = Schedulers.Create(schedule, request.Sampling);
        return Start(request, scheduler, request.Noise * scheduler.InitNoiseSigma);
    }

    /// <summary>Image to image: the encoded image, noised as of the timestep at which the strength starts.</summary>
    /// <param name="request">What to paint.</param>
    /// <param name="start">The image.</param>
    /// <returns>The job; the caller disposes it.</returns>
    public GuidedSampling FromImage(PaintingRequest request, StartImage start)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var scheduler = Schedulers.Create(schedule, request.Sampling);
        var first = start.FirstIndex(request.Sampling);
        var clean = Encode(start.Image, start.PosteriorNoise);                          // [N, C, h, w]
        return Start(request, scheduler, KeptRegion.Noised(scheduler, clean, request.Noise, first), first);
    }

    /// <summary>
    /// Inpainting: noise, or the noised image where the strength is below 1. A network with nine channels is shown the mask and the
    /// image without the masked part; with one of four the rest of the latent is set back to the image after each step.
    /// </summary>
    /// <param name="request">What to paint.</param>
    /// <param name="start">The image.</param>
    /// <param name="mask">From 0.5 on: to be painted, [N, 1, H, W].</param>
    /// <param name="maskedNoise">Standard normal noise of the sample of the image without the masked part, [N, C, h, w]; for nine channels.</param>
    /// <returns>The job; the caller disposes it.</returns>
    public GuidedSampling FromPart(PaintingRequest request, StartImage start, Tensor mask, Tensor? maskedNoise)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var scheduler = Schedulers.Create(schedule, request.Sampling);
        var first = start.FirstIndex(request.Sampling);
        var clean = Encode(start.Image, start.PosteriorNoise);                          // [N, C, h, w]
        var latents = start.Strength == 1
            ? request.Noise * scheduler.InitNoiseSigma
            : KeptRegion.Noised(scheduler, clean, request.Noise, first);
        var painted = mask.ge(0.5).to(clean.dtype);                                     // [N, 1, H, W]
        var small = Shrink(painted, clean);                                             // [N, 1, h, w]
        var channels = autoencoder.Config.LatentChannels;
        if (form.InChannels == channels)
        {
            return Start(request, scheduler, latents, first, kept: new KeptRegion(clean, request.Noise, small));
        }

        if (form.InChannels != (2 * channels) + 1)
        {
            throw new ArgumentException(
                $"A network with {form.InChannels} input channels cannot inpaint; {channels} or {(2 * channels) + 1} are needed.");
        }

        var noise = maskedNoise ?? throw new ArgumentNullException(nameof(maskedNoise), "The masked image needs noise of its own.");
        var both = cat([small, Encode(start.Image * (1 - painted), noise)], 1);         // [N, 1 + C, h, w]
        return Start(request, scheduler, latents, first, shown: IsGuided(request.Guidance) ? both.repeat(2, 1, 1, 1) : both);
    }

    /// <summary>The end: latents to images.</summary>
    /// <param name="latents">Scaled latents, [N, C, h, w].</param>
    /// <returns>About [-1, 1], not clamped, [N, 3, H, W]. The caller disposes them.</returns>
    public Tensor Decode(Tensor latents)
    {
        using var scope = NewDisposeScope();
        return autoencoder.Decode(latents / autoencoder.Config.ScalingFactor).MoveToOuterDisposeScope();
    }

    private GuidedSampling Start(
        PaintingRequest request, IScheduler scheduler, Tensor latents, int index = 0, KeptRegion? kept = null, Tensor? shown = null) =>
        new(scheduler, latents, request.Guidance, IsGuided(request.Guidance), new SchedulerHistory(index))
        {
            Kept = kept?.Copy(),
            Shown = shown?.alias().DetachFromDisposeScope(),
        };

    /// <summary>Images to scaled latents: a sample of the autoencoder's posterior.</summary>
    private Tensor Encode(Tensor image, Tensor noise)
    {
        var (mean, logVariance) = autoencoder.Encode(image);
        return (mean + (logVariance * 0.5).exp() * noise) * autoencoder.Config.ScalingFactor;
    }

    /// <summary>The pixels of the mask that fall on the corners of the latent, as nearest interpolation takes them.</summary>
    private static Tensor Shrink(Tensor mask, Tensor latents)
    {
        var device = mask.device;
        var rows = arange(latents.shape[2], device: device) * (mask.shape[2] / latents.shape[2]);
        var columns = arange(latents.shape[3], device: device) * (mask.shape[3] / latents.shape[3]);
        return mask.index_select(2, rows).index_select(3, columns);
    }
}
