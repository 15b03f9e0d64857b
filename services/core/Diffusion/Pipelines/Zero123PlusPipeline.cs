using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Zero123++: one image of an object to six views of it, in one picture of three rows and two columns.</summary>
/// <remarks>
/// 1. The shown image, on gray, becomes pixels for the autoencoder and for the image tower.
/// 2. Local condition: a sample of the autoencoder's posterior, and of that of an all-zero image for the unconditional half;
///    neither times the scaling factor nor moved.
/// 3. Global condition: each token of the prompt gets the embedded image times its ramp; the empty prompt gets nothing.
/// 4. Latents start as noise times the sampler's first sigma.
/// 5. At each step the reference is the condition with fresh noise of the step's sigma. Write pass: the U-Net runs on it, and
///    each self-attention keeps its tokens.
/// 6. Read pass: the U-Net runs on the latents, each self-attention looks at its own tokens and those kept; a ControlNet, if
///    there is one, speaks here only.
/// 7. Guidance joins the halves; the sampler steps.
/// 8. Latents are moved back, divided by the scaling factor, decoded, and the image is moved back.
/// Source: Shi et al. 2023, arXiv:2310.15110, sections 2.2 and 2.3; SUDO-AI-3D/zero123plus at 7d0315c, pipeline.py.
/// </remarks>
/// <param name="models">The folder's parts; they stay the caller's.</param>
/// <param name="control">Depth ControlNet; null for none. It stays the caller's.</param>
public sealed class Zero123PlusPipeline(Zero123PlusModels models, ControlNetModel? control = null)
{
    // The statistics of objects on gray are brought near those of natural images (zero123plus, issue 86).
    private const double LatentShift = 0.22;
    private const double LatentScale = 0.75;
    private const double ImageScale = 0.5 / 0.8;

    /// <summary>Makes the views.</summary>
    /// <param name="job">What to make.</param>
    /// <param name="noise">All its noise.</param>
    /// <param name="watch">Told each step; null for nobody.</param>
    /// <param name="cancel">Ends it before the next step.</param>
    /// <returns>Images in [0, 1], [N, 3, H, W]. The caller disposes them.</returns>
    public Tensor Run(
        Zero123PlusJob job, Zero123PlusNoise noise, Action<Zero123PlusStep>? watch = null, CancellationToken cancel = default)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();

        // 1. to 3.
        using var condition = Condition(job, noise);
        // 4.
        var sampler = Sampler(job.Steps);
        using var history = new SchedulerHistory();
        var course = new Course(job, noise, condition, sampler, history, watch);
        var latents = noise.Latents * sampler.InitNoiseSigma;                                       // [N, C, H/f, W/f]
        for (var k = 0; k < sampler.Timesteps.Count; k++)
        {
            cancel.ThrowIfCancellationRequested();
            latents = latents.Then(x => Step(course, x));                                           // 5. to 7.
        }

        // 8.
        return latents.Then(ToDecoder).Then(models.Vae.Decode).Then(ToImage).MoveToOuterDisposeScope();
    }

    /// <summary>The folder's sampler.</summary>
    /// <param name="steps">Number of steps.</param>
    /// <returns>The sampler.</returns>
    public IScheduler Sampler(int steps) =>
        Schedulers.Create(new NoiseSchedule(models.Scheduler), new SamplingOptions(steps));

    /// <summary>Steps 1 to 3: what the U-Net is told of the shown image.</summary>
    /// <param name="job">What to make.</param>
    /// <param name="noise">Its noise.</param>
    /// <returns>The condition; the caller disposes it.</returns>
    public Zero123PlusCondition Condition(Zero123PlusJob job, Zero123PlusNoise noise)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var device = noise.Latents.device;

        // 1.
        var image = ConditionImage.OnGray(job.Image);
        var (vaePixels, clipPixels) =
            (models.VaeProcessor.Process(image).to(device), models.ClipProcessor.Process(image).to(device));

        // 2.
        var latent = Sample(vaePixels, noise.Condition);                                            // [1, C, h, w]
        latent = job.Guides ? cat([Sample(zeros_like(vaePixels), noise.Negative), latent]) : latent;

        // 3.
        var embeds = models.VisionEncoder.call(clipPixels).ImageEmbeds;                             // [1, E]
        var prompt = models.TextEncoder.call(job.PromptIds, null).LastHiddenState;                  // [1, L, E]
        var text = prompt + (embeds.unsqueeze(1) * Ramp(prompt));                                   // [1, L, E]
        text = job.Guides ? cat([models.TextEncoder.call(job.NegativeIds, null).LastHiddenState, text]) : text;

        var depth = job.Depth is { } map ? ConditionImage.ToNetwork(ConditionImage.OnGray(map)).to(device) : null;
        Tensor?[] kept = [vaePixels, clipPixels, embeds, latent, text, depth];
        Array.ForEach(kept, tensor => tensor?.MoveToOuterDisposeScope());
        return new Zero123PlusCondition(vaePixels, clipPixels, embeds, latent, text, depth);
    }

    /// <summary>Step 5, first half: the shown image as noisy as the latents are.</summary>
    /// <param name="sampler">The folder's sampler.</param>
    /// <param name="clean">The shown image's latents, [M, C, h, w].</param>
    /// <param name="noise">Standard normal noise, [M, C, h, w].</param>
    /// <param name="index">Number of the step.</param>
    /// <returns>What the U-Net writes from, [M, C, h, w]. The caller disposes it.</returns>
    public static Tensor Reference(IScheduler sampler, Tensor clean, Tensor noise, int index)
    {
        using var scope = NewDisposeScope();
        var timesteps = Enumerable.Repeat(sampler.Timesteps[index], (int)clean.shape[0]).ToArray();
        return sampler.ScaleModelInput(sampler.AddNoise(clean, noise, timesteps), index).MoveToOuterDisposeScope();
    }

    /// <summary>Steps 5 and 6: the write pass over the reference, then the read pass over the latents.</summary>
    /// <param name="input">Latents, scaled, [M, C, H/f, W/f].</param>
    /// <param name="level">Timesteps, [M], or one for all.</param>
    /// <param name="text">Text tokens, [M, L, E].</param>
    /// <param name="reference">What the U-Net writes from, [M, C, h, w].</param>
    /// <param name="hint">Control image; null for none.</param>
    /// <returns>The U-Net's answer, [M, C, H/f, W/f], and what the ControlNet said. The caller disposes both.</returns>
    public (Tensor Prediction, ControlResiduals? Control) Predict(
        Tensor input, Tensor level, Tensor text, Tensor reference, ControlHint? hint)
    {
        // 5.
        using var kept = new ReferenceTokens();
        var told = new UNetConditions { Reference = kept };
        models.UNet.call(reference, level, text, told).Dispose();

        // 6.
        kept.StartReading();
        var residuals = hint is null || control is null ? null : control.call(input, level, text, hint);
        return (models.UNet.call(input, level, text, told with { Residuals = residuals }), residuals);
    }

    /// <summary>Step 8, first half: latents as the autoencoder decodes them.</summary>
    /// <param name="latents">Clean latents, [N, C, H/f, W/f].</param>
    /// <returns>[N, C, H/f, W/f]. The caller disposes it.</returns>
    public Tensor ToDecoder(Tensor latents)
    {
        using var scope = NewDisposeScope();
        return (((latents / LatentScale) + LatentShift) / models.Vae.Config.ScalingFactor).MoveToOuterDisposeScope();
    }

    /// <summary>Step 8, second half: the decoded image in [0, 1].</summary>
    /// <param name="decoded">What the autoencoder answers, [N, 3, H, W].</param>
    /// <returns>[N, 3, H, W]. The caller disposes it.</returns>
    public static Tensor ToImage(Tensor decoded)
    {
        using var scope = NewDisposeScope();
        return ((decoded / ImageScale / 2) + 0.5).clamp(0, 1).MoveToOuterDisposeScope();
    }

    private Tensor Step(Course course, Tensor latents)
    {
        var (job, noise, condition, sampler, history, watch) = course;
        using var scope = NewDisposeScope();
        var (k, n) = (history.Index, (int)latents.shape[0]);
        var t = sampler.Timesteps[k];
        var input = sampler.ScaleModelInput(job.Guides ? cat([latents, latents]) : latents, k);     // [2N, C, H/f, W/f]
        var text = condition.Text.repeat_interleave(n, dim: 0);                                     // [2N, L, E]
        var level = tensor((float)t, device: input.device);

        // 5. and 6.
        var clean = condition.Latent.repeat_interleave(n, dim: 0);                                  // [2N, C, h, w]
        var reference = Reference(sampler, clean, noise.Reference(k), k);
        var hint = condition.Depth is { } depth ? new ControlHint(depth, job.ControlScale) : null;
        var (prediction, residuals) = Predict(input, level, text, reference, hint);                 // [2N, C, H/f, W/f]
        using var spoken = residuals;

        // 7.
        var halves = prediction.chunk(job.Guides ? 2 : 1);
        var joined = job.Guides ? Guidance.Apply(halves[0], halves[1], job.GuidanceScale) : prediction;
        var next = sampler.TakeStep(
            joined, latents, history, sampler.NeedsNoise(k) ? noise.Ancestral(k) : null).Previous;  // [N, C, H/f, W/f]
        watch?.Invoke(new Zero123PlusStep(k, input, reference, prediction, residuals, next));
        return next.MoveToOuterDisposeScope();
    }

    private Tensor Sample(Tensor pixels, Tensor noise)
    {
        var (mean, logVariance) = models.Vae.Encode(pixels);
        return mean + ((logVariance * 0.5).exp() * noise);
    }

    /// <summary>The ramp as a column, [L, 1].</summary>
    private Tensor Ramp(Tensor prompt) => models.Ramp.Count == prompt.shape[1]
        ? tensor(models.Ramp.Select(w => (float)w).ToArray(), [models.Ramp.Count, 1]).to(prompt.device)
        : throw new ArgumentException(
            $"ramping_coefficients has {models.Ramp.Count} entries, the prompt {prompt.shape[1]} tokens.");

    /// <summary>What all steps of a run share.</summary>
    private sealed record Course(
        Zero123PlusJob Job, Zero123PlusNoise Noise, Zero123PlusCondition Condition, IScheduler Sampler, SchedulerHistory History,
        Action<Zero123PlusStep>? Watch);
}
