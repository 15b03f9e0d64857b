using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Euler's method on the probability flow, with latents x = x0 + sigma eps.</summary>
/// <remarks>
/// <code>
/// network sees x / sqrt(sigma^2 + 1);   x0 = x - sigma m  (epsilon),  x/(sigma^2 + 1) - m sigma/sqrt(sigma^2 + 1)  (velocity)
/// d = (x - x0)/sigma;   x' = x + d (sigma' - sigma)
/// churn: gamma = min(S_churn/N, sqrt(2) - 1);  sigma^ = sigma (1 + gamma);  x^ = x + sqrt(sigma^^2 - sigma^2) S_noise noise
/// </code>
/// Source: Karras et al. 2022, arXiv:2206.00364, algorithm 2 without the second-order correction.
/// </remarks>
public sealed class EulerDiscreteScheduler : SigmaScheduler
{
    private static readonly double MostGamma = Math.Sqrt(2) - 1;

    private readonly EulerChurn _churn;

    /// <param name="schedule">Noise schedule.</param>
    /// <param name="options">Number of steps, perhaps churn.</param>
    public EulerDiscreteScheduler(NoiseSchedule schedule, SamplingOptions options)
        : base(schedule, EulerPlan.Of(schedule, options.Steps, schedule.Config.Options<EulerOptions>()))
    {
        options.Allow(nameof(EulerDiscreteScheduler), nameof(options.Churn));
        _churn = options.Churn ?? new EulerChurn(0);
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
    public override bool NeedsNoise(int index) => Gamma(index) > 0;

    /// <inheritdoc/>
    public override SchedulerStep TakeStep(Tensor output, Tensor sample, SchedulerHistory history, Tensor? noise = null)
    {
        using var scope = NewDisposeScope();

        var (sigma, next) = (Sigmas[history.Index], Sigmas[history.Index + 1]);
        var hat = sigma * (1 + Gamma(history.Index));
        var churned = sample;
        if (NeedsNoise(history.Index))
        {
            var fresh = noise ?? throw new ArgumentNullException(nameof(noise), "churn needs noise.");
            churned = sample + fresh * (_churn.NoiseScale * Math.Sqrt((hat * hat) - (sigma * sigma)));
        }

        var original = EulerPlan.ToOriginal(Schedule.Config.PredictionType, output, churned, (sigma, hat));
        var previous = churned + (churned - original) * ((next - hat) / hat);

        history.Advance();
        var (less, clean) = scope.MoveToOuter(previous, original);
        return new SchedulerStep(less, clean);
    }

    /// <inheritdoc/>
    /// <remarks>As in diffusers, abar is taken at the place of a timestep in the list, where the timestep itself is meant.</remarks>
    public override Tensor Velocity(Tensor original, Tensor noise, IReadOnlyList<double> timesteps) =>
        Schedule.Velocity(original, noise, [.. timesteps.Select(IndexOf)]);

    private protected override (double Signal, double Noise) NoiseFactors(double sigma) => (1, sigma);

    private double Gamma(int index) => Sigmas[index] >= _churn.From && Sigmas[index] <= _churn.To
        ? Math.Min(_churn.Amount / (Sigmas.Count - 1), MostGamma)
        : 0;
}
