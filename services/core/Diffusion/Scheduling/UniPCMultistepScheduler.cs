using System.Text.Json;
using System.Text.Json.Serialization;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>What <c>scheduler_config.json</c> says for UniPC alone.</summary>
/// <param name="SolverOrder">Order of the predictor; the corrector's is one more.</param>
/// <param name="PredictX0">Whether formulas are of the clean latent rather than of the noise.</param>
/// <param name="SolverType">bh1 or bh2; names of other samplers mean bh2, as in diffusers.</param>
/// <param name="LowerOrderFinal">Whether runs end with lower orders.</param>
/// <param name="DisableCorrector">Indices of steps whose result is not corrected.</param>
/// <param name="SolverP">Another sampler as predictor; only null exists.</param>
/// <param name="UseKarrasSigmas">Whether sigma runs evenly in its seventh root.</param>
/// <param name="UseExponentialSigmas">Sigmas even in their logarithm; only false exists.</param>
/// <param name="UseBetaSigmas">Sigmas by a beta distribution; only false exists.</param>
/// <param name="FinalSigmasType">Where the last step ends; absent in older files: at timestep 0.</param>
public sealed record UniPCOptions(
    int SolverOrder = 2,
    bool PredictX0 = true,
    [property: JsonConverter(typeof(SnakeCaseEnumConverter<SolverType>))]
    SolverType SolverType = SolverType.Bh2,
    bool LowerOrderFinal = true,
    IReadOnlyList<int>? DisableCorrector = null,
    JsonElement? SolverP = null,
    bool UseKarrasSigmas = false,
    bool UseExponentialSigmas = false,
    bool UseBetaSigmas = false,
    [property: JsonConverter(typeof(SnakeCaseEnumConverter<FinalSigmasType>))]
    FinalSigmasType? FinalSigmasType = null) : IComponentConfig
{
    private const int MostOrder = 8;

    /// <inheritdoc/>
    public string? Problem() => this switch
    {
        { SolverOrder: < 1 or > MostOrder } => $"solver_order is {SolverOrder}, not 1 to {MostOrder}.",
        { SolverP: { ValueKind: not JsonValueKind.Null } } => "solver_p is not supported; say null.",
        { UseExponentialSigmas: true } => "use_exponential_sigmas is not supported; say false.",
        { UseBetaSigmas: true } => "use_beta_sigmas is not supported; say false.",
        { PredictX0: false, FinalSigmasType: Diffusion.FinalSigmasType.Zero }
            => "final_sigmas_type zero has no formula for predict_x0 false; say sigma_min.",
        { LowerOrderFinal: false, FinalSigmasType: Diffusion.FinalSigmasType.Zero, SolverOrder: > 1 }
            => "final_sigmas_type zero needs lower_order_final true: the last step has no formula of a higher order.",
        _ => null,
    };
}

/// <summary>UniPC: a multistep predictor, and a corrector that takes the next output into account without another call.</summary>
/// <remarks>
/// Source: Zhao et al. 2023, arXiv:2302.04867, algorithms 5 to 8. The coefficients are in <see cref="UniPCFormulas"/>. The last
/// latent is not corrected, since no output follows it.
/// </remarks>
public sealed class UniPCMultistepScheduler : SigmaScheduler
{
    private readonly UniPCOptions _solver;

    /// <param name="schedule">Noise schedule.</param>
    /// <param name="options">Number of steps.</param>
    public UniPCMultistepScheduler(NoiseSchedule schedule, SamplingOptions options)
        : base(schedule, Plan(schedule, options.Steps, schedule.Config.Options<UniPCOptions>()))
    {
        options.Allow(nameof(UniPCMultistepScheduler));
        _solver = schedule.Config.Options<UniPCOptions>();
    }

    /// <inheritdoc/>
    public override ScalarType TimestepType => ScalarType.Int64;

    /// <inheritdoc/>
    public override double InitNoiseSigma => 1;

    /// <inheritdoc/>
    public override Tensor ScaleModelInput(Tensor sample, int index) => sample.alias();

    /// <inheritdoc/>
    public override bool NeedsNoise(int index) => false;

    /// <inheritdoc/>
    public override SchedulerStep TakeStep(Tensor output, Tensor sample, SchedulerHistory history, Tensor? noise = null)
    {
        using var scope = NewDisposeScope();

        // 1. The latent is corrected with what the network says about it.
        var (index, calls) = (history.Index, history.Calls);
        var (original, converted) = Estimates(output, sample, Sigmas[index]);
        var corrected = sample;
        if (history.Sample is { } last && !(_solver.DisableCorrector ?? []).Contains(index - 1))
        {
            var order = OrderAt(index - 1, calls - 1);
            corrected = Combine(last, [converted, .. history.Outputs.Reverse()], UniPCFormulas.Correct(_solver, SigmasAt(index, order)));
        }

        // 2. The next latent is predicted from there.
        history.KeepOutput(converted, _solver.SolverOrder);
        history.KeepSample(corrected);
        var previous = Combine(
            corrected, [.. history.Outputs.Reverse()], UniPCFormulas.Predict(_solver, SigmasAt(index + 1, OrderAt(index, calls))));

        history.Advance();
        var (less, clean) = scope.MoveToOuter(previous, original);
        return new SchedulerStep(less, clean);
    }

    private protected override (double Signal, double Noise) NoiseFactors(double sigma) => MultistepPlan.Split(sigma);

    private static Tensor Combine(Tensor sample, Tensor[] outputs, (double Sample, double[] Outputs) factors) =>
        factors.Outputs.Select((factor, k) => outputs[k] * factor).Aggregate(sample * factors.Sample, (sum, part) => sum + part);

    /// <summary>Sigmas of the step that ends at a place: its end, its start, and those before; order + 1 of them.</summary>
    private double[] SigmasAt(int end, int order) => [.. Enumerable.Range(0, order + 1).Select(k => Sigmas[end - k])];

    private int OrderAt(int index, int calls)
    {
        var most = _solver.LowerOrderFinal ? Timesteps.Count - index : _solver.SolverOrder;
        return Math.Min(Math.Min(_solver.SolverOrder, most), calls + 1);
    }

    /// <summary>The clean latent, and what the formulas are of.</summary>
    private (Tensor Original, Tensor Converted) Estimates(Tensor output, Tensor sample, double sigma)
    {
        var (a, s) = MultistepPlan.Split(sigma);
        var (original, epsilon) = Schedule.Config.PredictionType switch
        {
            PredictionType.Epsilon => ((sample - output * s) / a, output),
            PredictionType.VPrediction => (sample * a - output * s, output * a + sample * s),
            _ => (output.alias(), (sample - output * a) / s),
        };
        if (!_solver.PredictX0)
        {
            return (original, epsilon);     // diffusers thresholds the clean latent only
        }

        var limited = Schedule.Config.Thresholding ? DynamicThreshold.Apply(original, Schedule.Config) : original;
        return (limited, limited);
    }

    private static (double[] Timesteps, double[] Sigmas) Plan(NoiseSchedule schedule, int steps, UniPCOptions solver) =>
        MultistepPlan.Of(schedule, steps, solver.UseKarrasSigmas ? SigmaCurve.Karras : SigmaCurve.OfTimesteps, solver.FinalSigmasType);
}
