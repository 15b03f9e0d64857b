using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Euler's method with fresh noise at each step, with latents x = x0 + sigma eps.</summary>
/// <remarks>
/// <code>
/// up = sqrt(sigma'^2 (sigma^2 - sigma'^2)/sigma^2);   down = sqrt(sigma'^2 - up^2)
/// x' = x + (x - x0)/sigma (down - sigma) + up noise
/// </code>
/// Source: Karras et al. 2022, arXiv:2206.00364, and the ancestral step of Ho et al. 2020, arXiv:2006.11239, in these variables.
/// </remarks>
public sealed class EulerAncestralDiscreteScheduler : SigmaScheduler
{
    /// <param name="schedule">Noise schedule.</param>
    /// <param name="options">Number of steps.</param>
    public EulerAncestralDiscreteScheduler(NoiseSchedule schedule, SamplingOptions options)
        : base(schedule, EulerPlan.Of(schedule, options.Steps, new EulerOptions()))
    {
        options.Allow(nameof(EulerAncestralDiscreteScheduler));
        if (schedule.Config.PredictionType == PredictionType.Sample)
        {
            throw new ArgumentException(
                "EulerAncestralDiscreteScheduler has no prediction_type sample; say epsilon or v_prediction.");
        }

        InitNoiseSigma = EulerPlan.StartSigma(schedule.Config, Sigmas);
    }

    /// <inheritdoc/>
    public override ScalarType TimestepType => ScalarType.Float32;

    /// <inheritdoc/>
    public override double InitNoiseSigma { get; }

    /// <inheritdoc/>
    public override Tensor ScaleModelInput(Tensor sample, int index) =>
        sample / Math.Sqrt((Sigmas[index] * Sigmas[index]) + 1);

    /// <inheritdoc/>
    public override bool NeedsNoise(int index) => Sigmas[index + 1] > 0;

    /// <inheritdoc/>
    public override SchedulerStep TakeStep(Tensor output, Tensor sample, SchedulerHistory history, Tensor? noise = null)
    {
        using var scope = NewDisposeScope();

        var (sigma, next) = (Sigmas[history.Index], Sigmas[history.Index + 1]);
        var up = Math.Sqrt(next * next * ((sigma * sigma) - (next * next)) / (sigma * sigma));
        var down = Math.Sqrt((next * next) - (up * up));

        var original = EulerPlan.ToOriginal(Schedule.Config.PredictionType, output, sample, (sigma, sigma));
        var previous = sample + (sample - original) * ((down - sigma) / sigma);
        if (NeedsNoise(history.Index))
        {
            var fresh = noise ?? throw new ArgumentNullException(nameof(noise), "An ancestral step needs noise.");
            previous = previous + fresh * up;
        }

        history.Advance();
        var (less, clean) = scope.MoveToOuter(previous, original);
        return new SchedulerStep(less, clean);
    }

    private protected override (double Signal, double Noise) NoiseFactors(double sigma) => (1, sigma);
}
