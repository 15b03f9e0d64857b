using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>DDIM sampler.</summary>
/// <remarks>
/// <code>
/// t' = t - T div N;  a = abar_t;  a' = abar_t', below 0 the final one
/// var = (1 - a')/(1 - a) (1 - a/a');  s = eta sqrt(var)
/// x_t' = sqrt(a') x0 + sqrt(1 - a' - s^2) eps + s noise
/// </code>
/// Source: Song, Meng and Ermon 2020, arXiv:2010.02502, equations 12 and 16. As in diffusers, t' is T div N below t
/// whatever the spacing, so it need not be the next timestep of the list.
/// </remarks>
public sealed class DdimScheduler : AlphaScheduler
{
    private readonly SamplingOptions _options;
    private readonly int _stride;

    /// <param name="schedule">Noise schedule.</param>
    /// <param name="options">Number of steps, eta, and whether clamping acts on the noise too.</param>
    public DdimScheduler(NoiseSchedule schedule, SamplingOptions options)
        : base(schedule, Diffusion.Timesteps.Of(schedule.Config, options.Steps))
    {
        options.Allow(nameof(DdimScheduler), nameof(options.Eta), nameof(options.UseClippedModelOutput));
        _options = options;
        _stride = schedule.Config.NumTrainTimesteps / options.Steps;
    }

    /// <inheritdoc/>
    public override bool NeedsNoise(int index) => _options.Eta > 0;

    /// <inheritdoc/>
    public override SchedulerStep TakeStep(Tensor output, Tensor sample, SchedulerHistory history, Tensor? noise = null)
    {
        if (NeedsNoise(history.Index) && noise is null)
        {
            throw new ArgumentNullException(nameof(noise), "eta above 0 needs noise.");
        }

        using var scope = NewDisposeScope();

        var t = (int)Timesteps[history.Index];
        var (a, b) = (Alpha(t), Alpha(t - _stride));
        var original = CleanEstimate(output, sample, t);
        var epsilon = _options.UseClippedModelOutput
            ? (sample - original * Math.Sqrt(a)) / Math.Sqrt(1 - a)
            : Schedule.ToEpsilon(output, sample, ForAll(sample, t));

        var deviation = _options.Eta * Math.Sqrt((1 - b) / (1 - a) * (1 - (a / b)));
        var previous = original * Math.Sqrt(b) + epsilon * Math.Sqrt(1 - b - (deviation * deviation));
        if (NeedsNoise(history.Index))
        {
            previous = previous + noise! * deviation;
        }

        history.Advance();
        var (less, clean) = scope.MoveToOuter(previous, original);
        return new SchedulerStep(less, clean);
    }
}
