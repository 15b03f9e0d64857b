using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Which variance an ancestral step has.</summary>
public enum VarianceType
{
    /// <summary>That of the posterior, beta~.</summary>
    FixedSmall,

    /// <summary>The same, used through its logarithm.</summary>
    FixedSmallLog,

    /// <summary>beta.</summary>
    FixedLarge,

    /// <summary>beta through its logarithm; the published library computes NaN, so it is refused.</summary>
    FixedLargeLog,

    /// <summary>The network's second half of channels.</summary>
    Learned,

    /// <summary>Between both fixed ones, in logarithms, by the network's second half of channels.</summary>
    LearnedRange,
}

/// <summary>What <c>scheduler_config.json</c> says for DDPM alone.</summary>
/// <param name="VarianceType">Variance of a step.</param>
public sealed record DdpmOptions(
    [property: System.Text.Json.Serialization.JsonConverter(typeof(SnakeCaseEnumConverter<VarianceType>))]
    VarianceType VarianceType = VarianceType.FixedSmall) : IComponentConfig
{
    /// <inheritdoc/>
    public string? Problem() => VarianceType == VarianceType.FixedLargeLog
        ? "variance_type fixed_large_log has no value: the published library takes the root of a negative logarithm."
        : null;
}

/// <summary>DDPM's ancestral sampler.</summary>
/// <remarks>
/// <code>
/// a = abar_t,  a' = abar_t',  alpha = a/a',  beta = 1 - alpha,  beta~ = (1 - a')/(1 - a) beta
/// x_t' = sqrt(a') beta/(1 - a) x0 + sqrt(alpha) (1 - a')/(1 - a) x_t + sqrt(variance) noise          (noise if t > 0)
/// </code>
/// Sources: Ho et al. 2020, arXiv:2006.11239, equations 6 and 7; Nichol and Dhariwal 2021, arXiv:2102.09672, equation 15
/// (learned range). As in diffusers, t' lies T div N below t whatever the spacing, unless timesteps are given.
/// </remarks>
public sealed class DdpmScheduler : AlphaScheduler
{
    private const double LeastVariance = 1e-20;

    private readonly VarianceType _variance;
    private readonly bool _given;
    private readonly int _stride;

    /// <param name="schedule">Noise schedule.</param>
    /// <param name="options">Number of steps, perhaps the timesteps.</param>
    public DdpmScheduler(NoiseSchedule schedule, SamplingOptions options)
        : base(schedule, GivenTimesteps.Of(schedule, options) ?? Diffusion.Timesteps.Of(schedule.Config, options.Steps))
    {
        options.Allow(nameof(DdpmScheduler), nameof(options.Timesteps));
        _variance = schedule.Config.Options<DdpmOptions>().VarianceType;
        _given = options.Timesteps is not null;
        _stride = schedule.Config.NumTrainTimesteps / options.Steps;
    }

    /// <inheritdoc/>
    public override bool NeedsNoise(int index) => Timesteps[index] > 0;

    /// <inheritdoc/>
    public override SchedulerStep TakeStep(Tensor output, Tensor sample, SchedulerHistory history, Tensor? noise = null)
    {
        using var scope = NewDisposeScope();

        var t = (int)Timesteps[history.Index];
        var before = Before(history.Index);
        var (a, b) = (Schedule.AlphasCumprod[t], before >= 0 ? Schedule.AlphasCumprod[before] : 1);
        var (alpha, beta) = (a / b, 1 - (a / b));
        var (mean, learned) = Split(output, sample);

        var original = CleanEstimate(mean, sample, t);
        var previous = original * (Math.Sqrt(b) * beta / (1 - a)) + sample * (Math.Sqrt(alpha) * (1 - b) / (1 - a));
        if (NeedsNoise(history.Index))
        {
            var fresh = noise ?? throw new ArgumentNullException(nameof(noise), $"The step at timestep {t} needs noise.");
            var small = Math.Max((1 - b) / (1 - a) * beta, LeastVariance);
            previous = previous + (_variance switch
            {
                VarianceType.Learned => learned!.sqrt() * fresh,
                VarianceType.LearnedRange => (((learned! + 1) * (0.5 * Math.Log(beta / small)) + Math.Log(small)) * 0.5).exp() * fresh,
                VarianceType.FixedLarge => fresh * Math.Sqrt(beta),
                _ => fresh * Math.Sqrt(small),
            });
        }

        history.Advance();
        var (less, clean) = scope.MoveToOuter(previous, original);
        return new SchedulerStep(less, clean);
    }

    private int Before(int index)
    {
        if (!_given)
        {
            return (int)Timesteps[index] - _stride;
        }

        return index + 1 < Timesteps.Count ? (int)Timesteps[index + 1] : -1;
    }

    /// <summary>The prediction, and the variance where the network gives one in a second half of its channels.</summary>
    private (Tensor Prediction, Tensor? Variance) Split(Tensor output, Tensor sample)
    {
        if (_variance is not (VarianceType.Learned or VarianceType.LearnedRange))
        {
            return (output, null);
        }

        var channels = sample.shape[1];
        return output.shape[1] == 2 * channels
            ? (output.narrow(1, 0, channels), output.narrow(1, channels, channels))
            : throw new ArgumentException(
                $"variance_type {_variance} needs an output of {2 * channels} channels, the network gave {output.shape[1]}.");
    }
}
