using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>DPM-Solver and DPM-Solver++, multistep, orders 1 to 3, deterministic or stochastic.</summary>
/// <remarks>
/// A latent is alpha x0 + sigma eps with alpha^2 + sigma^2 = 1; steps are even-handed in lambda = log(alpha/sigma).
/// Sources: Lu et al. 2022, arXiv:2206.00927 (noise); Lu et al. 2022, arXiv:2211.01095 (clean latent, multistep, stochastic).
/// The formulas are in <see cref="DpmSolverFormulas"/>.
/// </remarks>
public sealed class DpmSolverMultistepScheduler : SigmaScheduler
{
    private const int ShortRun = 15;

    private readonly DpmSolverOptions _solver;

    /// <param name="schedule">Noise schedule.</param>
    /// <param name="options">Number of steps.</param>
    public DpmSolverMultistepScheduler(NoiseSchedule schedule, SamplingOptions options)
        : base(schedule, Plan(schedule, options.Steps, schedule.Config.Options<DpmSolverOptions>()))
    {
        options.Allow(nameof(DpmSolverMultistepScheduler));
        _solver = schedule.Config.Options<DpmSolverOptions>();
    }

    /// <inheritdoc/>
    public override ScalarType TimestepType => ScalarType.Int64;

    /// <inheritdoc/>
    public override double InitNoiseSigma => 1;

    /// <inheritdoc/>
    public override Tensor ScaleModelInput(Tensor sample, int index) => sample.alias();

    /// <inheritdoc/>
    public override bool NeedsNoise(int index) => _solver.IsStochastic && Sigmas[index + 1] > 0;

    /// <inheritdoc/>
    public override SchedulerStep TakeStep(Tensor output, Tensor sample, SchedulerHistory history, Tensor? noise = null)
    {
        if (NeedsNoise(history.Index) && noise is null)
        {
            throw new ArgumentNullException(nameof(noise), $"algorithm_type {_solver.AlgorithmType} needs noise.");
        }

        using var scope = NewDisposeScope();

        var index = history.Index;
        var prediction = _solver.HasVariance && Schedule.Config.PredictionType == PredictionType.Epsilon
            ? output.narrow(1, 0, 3)
            : output;
        var (original, epsilon) = Estimates(prediction, sample, Sigmas[index]);
        history.KeepOutput(_solver.OfNoise ? epsilon : original, _solver.SolverOrder);

        var order = OrderAt(index, history.Calls);
        var sigmas = Enumerable.Range(0, order + 1).Select(k => Sigmas[index + 1 - k]).ToArray();
        var (fromSample, fromOutputs) = DpmSolverFormulas.Step(_solver, order, sigmas);
        var previous = sample * fromSample;
        for (var k = 0; k < order; k++)
        {
            previous = previous + history.Outputs[^(k + 1)] * fromOutputs[k];
        }

        if (NeedsNoise(index))
        {
            previous = previous + noise! * DpmSolverFormulas.Noise(_solver, sigmas);
        }

        history.Advance();
        var (less, clean) = scope.MoveToOuter(previous, original);
        return new SchedulerStep(less, clean);
    }

    private protected override (double Signal, double Noise) NoiseFactors(double sigma) => MultistepPlan.Split(sigma);

    private (Tensor Original, Tensor Epsilon) Estimates(Tensor output, Tensor sample, double sigma)
    {
        var (a, s) = MultistepPlan.Split(sigma);
        var (original, epsilon) = Schedule.Config.PredictionType switch
        {
            PredictionType.Epsilon => ((sample - output * s) / a, output),
            PredictionType.VPrediction => (sample * a - output * s, output * a + sample * s),
            _ => (output.alias(), (sample - output * a) / s),
        };
        if (!Schedule.Config.Thresholding)
        {
            return (original, epsilon);
        }

        var limited = DynamicThreshold.Apply(original, Schedule.Config);
        return (limited, (sample - limited * a) / s);
    }

    /// <summary>The order rises over the first steps; short runs fall back at the end.</summary>
    private int OrderAt(int index, int calls)
    {
        var left = Timesteps.Count - index;
        var shortRun = _solver.LowerOrderFinal && Timesteps.Count < ShortRun;
        var most = left switch
        {
            1 when _solver.EulerAtFinal || shortRun || Sigmas[^1] == 0 => 1,
            2 when shortRun => 2,
            _ => _solver.SolverOrder,
        };
        return Math.Min(Math.Min(_solver.SolverOrder, most), calls + 1);
    }

    private static (double[] Timesteps, double[] Sigmas) Plan(NoiseSchedule schedule, int steps, DpmSolverOptions solver)
    {
        var curve = solver switch
        {
            { UseKarrasSigmas: true } => SigmaCurve.Karras,
            { UseLuLambdas: true } => SigmaCurve.LogLinear,
            _ => SigmaCurve.OfTimesteps,
        };
        var clipped = schedule.AlphasCumprod.Count(a => 0.5 * Math.Log(a / (1 - a)) < solver.LambdaMinClipped);
        return MultistepPlan.Of(schedule, steps, curve, solver.FinalSigmasType, schedule.Config.NumTrainTimesteps - clipped);
    }
}
