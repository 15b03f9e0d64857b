using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>What <c>scheduler_config.json</c> says for LCM alone.</summary>
/// <param name="OriginalInferenceSteps">Steps of the teacher, among which this sampler's are chosen.</param>
/// <param name="TimestepScaling">Factor of the timestep in the boundary condition.</param>
public sealed record LcmOptions(int OriginalInferenceSteps = 50, double TimestepScaling = 10) : IComponentConfig
{
    /// <inheritdoc/>
    public string? Problem() => OriginalInferenceSteps < 1 ? "original_inference_steps must be at least 1." : null;
}

/// <summary>Sampler of latent consistency models: each step jumps to a clean latent and adds noise again.</summary>
/// <remarks>
/// <code>
/// c_skip = s^2/(u^2 + s^2),  c_out = u/sqrt(u^2 + s^2),  u = t timestep_scaling,  s = 0.5
/// z = c_out x0 + c_skip x_t;   x_t' = sqrt(a') z + sqrt(1 - a') noise, the last step gives z
/// </code>
/// Source: Luo et al. 2023, arXiv:2310.04378, section 4.1 and algorithm 3. Which of the teacher's timesteps are visited changed in
/// diffusers 0.24; the folder's <c>_diffusers_version</c> decides.
/// </remarks>
public sealed class LcmScheduler : AlphaScheduler
{
    private const double SigmaData = 0.5;

    private static readonly Version EvenlyFrom = new(0, 24);

    private readonly double _scaling;

    /// <param name="schedule">Noise schedule.</param>
    /// <param name="options">Number of steps; perhaps the teacher's, a share of the schedule, or the timesteps.</param>
    public LcmScheduler(NoiseSchedule schedule, SamplingOptions options)
        : base(schedule, GivenTimesteps.Of(schedule, options) ?? Visit(schedule, options))
    {
        options.Allow(nameof(LcmScheduler), nameof(options.Timesteps), nameof(options.OriginalInferenceSteps), nameof(options.Strength));
        _scaling = schedule.Config.Options<LcmOptions>().TimestepScaling;
    }

    /// <inheritdoc/>
    public override bool NeedsNoise(int index) => index < Timesteps.Count - 1;

    /// <inheritdoc/>
    public override SchedulerStep TakeStep(Tensor output, Tensor sample, SchedulerHistory history, Tensor? noise = null)
    {
        using var scope = NewDisposeScope();

        var t = (int)Timesteps[history.Index];
        var scaled = t * _scaling;
        var skip = SigmaData * SigmaData / ((scaled * scaled) + (SigmaData * SigmaData));
        var out_ = scaled / Math.Sqrt((scaled * scaled) + (SigmaData * SigmaData));
        var denoised = CleanEstimate(output, sample, t) * out_ + sample * skip;

        var previous = denoised.alias();
        if (NeedsNoise(history.Index))
        {
            var fresh = noise ?? throw new ArgumentNullException(nameof(noise), $"The step at timestep {t} needs noise.");
            var b = Alpha((int)Timesteps[history.Index + 1]);
            previous = denoised * Math.Sqrt(b) + fresh * Math.Sqrt(1 - b);
        }

        history.Advance();
        var (less, clean) = scope.MoveToOuter(previous, denoised);
        return new SchedulerStep(less, clean);
    }

    private static double[] Visit(NoiseSchedule schedule, SamplingOptions options)
    {
        var config = schedule.Config;
        var teacher = options.OriginalInferenceSteps ?? config.Options<LcmOptions>().OriginalInferenceSteps;
        if (teacher < 1 || teacher > config.NumTrainTimesteps)
        {
            throw new ArgumentException($"original_inference_steps is {teacher}, not 1 to {config.NumTrainTimesteps}.");
        }

        var count = (int)(teacher * options.Strength);
        if (options.Steps < 1 || options.Steps > count)
        {
            throw new ArgumentException(
                $"LCMScheduler can take 1 to {count} steps (original_inference_steps {teacher}, strength {options.Strength}), not {options.Steps}.");
        }

        var stride = config.NumTrainTimesteps / teacher;
        double[] falling = [.. Enumerable.Range(1, count).Reverse().Select(k => (double)((k * stride) - 1))];
        return config.LibraryVersion >= EvenlyFrom
            ? [.. Enumerable.Range(0, options.Steps).Select(k => falling[(int)Math.Floor(k * ((double)count / options.Steps))])]
            : [.. Enumerable.Range(0, options.Steps).Select(k => falling[k * (count / options.Steps)])];
    }
}
