using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>What <c>scheduler_config.json</c> says for PNDM alone.</summary>
/// <param name="SkipPrkSteps">Whether the multistep formulas start at once, without Runge-Kutta steps.</param>
public sealed record PndmOptions(bool SkipPrkSteps = false) : IComponentConfig
{
    /// <inheritdoc/>
    public string? Problem() => null;
}

/// <summary>PNDM: linear multistep formulas over DDIM's transfer.</summary>
/// <remarks>
/// With d = T div N, transfer(s, a, a', e) = sqrt(a'/a) s - (a' - a) e / (a sqrt(1 - a') + sqrt(a (1 - a) a')):
/// <code>
/// skip_prk_steps: the second timestep comes twice
///   call 0: e = m0, kept;  from s0 at t to t - d;  s0 is kept
///   call 1: e = (m1 + m0)/2, m1 not kept;  from s0 at t + d to t
///   then    2 kept: (3 e1 - e2)/2;   3: (23 e1 - 16 e2 + 5 e3)/12;   4: (55 e1 - 59 e2 + 37 e3 - 9 e4)/24     (e1 newest)
/// otherwise: Runge-Kutta over four calls, (m1 + 2 m2 + 2 m3 + m4)/6, three times, from where the first of the four was
/// </code>
/// Source: Liu et al. 2022, arXiv:2202.09778, equations 11 to 13 and algorithm 2.
/// </remarks>
public sealed class PndmScheduler : AlphaScheduler
{
    private const int Order = 4;

    private readonly bool _skipPrk;
    private readonly int _stride;
    private readonly int _prkCalls;

    /// <param name="schedule">Noise schedule.</param>
    /// <param name="options">Number of steps.</param>
    public PndmScheduler(NoiseSchedule schedule, SamplingOptions options)
        : base(schedule, Visit(schedule, options.Steps))
    {
        options.Allow(nameof(PndmScheduler));
        if (schedule.Config.PredictionType == PredictionType.Sample)
        {
            throw new ArgumentException("PNDMScheduler has no prediction_type sample; say epsilon or v_prediction.");
        }

        _skipPrk = schedule.Config.Options<PndmOptions>().SkipPrkSteps;
        _stride = schedule.Config.NumTrainTimesteps / options.Steps;
        _prkCalls = _skipPrk ? 0 : 3 * Order;
    }

    /// <inheritdoc/>
    public override SchedulerStep TakeStep(Tensor output, Tensor sample, SchedulerHistory history, Tensor? noise = null)
    {
        using var scope = NewDisposeScope();

        var t = (int)Timesteps[history.Index];
        var original = Schedule.ToOriginal(output, sample, ForAll(sample, t));
        var previous = history.Calls < _prkCalls
            ? RungeKutta(output, sample, t, history)
            : Multistep(output, sample, t, history);

        history.Advance();
        var (less, clean) = scope.MoveToOuter(previous, original);
        return new SchedulerStep(less, clean);
    }

    /// <summary>One of four calls; each starts where the first of them was.</summary>
    private Tensor RungeKutta(Tensor output, Tensor sample, int t, SchedulerHistory history)
    {
        var call = history.Calls % Order;
        var from = (int)Timesteps[history.Index - call];
        var to = t - (history.Calls % 2 == 0 ? _stride / 2 : 0);
        if (call == 0)
        {
            history.KeepOutput(output, Order);
            history.KeepSample(sample);
        }

        var weighted = output * (call is 0 or 3 ? 1.0 / 6 : 1.0 / 3);
        var sum = call == 0 ? weighted : history.Sum! + weighted;
        history.KeepSum(call == 3 ? null : sum);
        return Transfer(history.Sample!, from, to, call == 3 ? sum : output);
    }

    private Tensor Multistep(Tensor output, Tensor sample, int t, SchedulerHistory history)
    {
        var (from, to) = (t, t - _stride);
        if (_skipPrk && history.Calls == 1)
        {
            // The first step again, from where it started, with the mean of both its ends.
            (from, to) = (t + _stride, t);
            var mean = (output + history.Outputs[^1]) / 2;
            var again = Transfer(history.Sample!, from, to, mean);
            history.KeepSample(null);
            return again;
        }

        history.KeepOutput(output, Order);
        if (history.Calls == 0)
        {
            history.KeepSample(sample);
        }

        var e = history.Outputs;
        var combined = e.Count switch
        {
            1 => e[^1],
            2 => (e[^1] * 3 - e[^2]) / 2,
            3 => (e[^1] * 23 - e[^2] * 16 + e[^3] * 5) / 12,
            _ => (e[^1] * 55 - e[^2] * 59 + e[^3] * 37 - e[^4] * 9) / 24,
        };
        return Transfer(sample, from, to, combined);
    }

    /// <summary>Moves a latent from one timestep to another along a prediction.</summary>
    private Tensor Transfer(Tensor sample, int from, int to, Tensor output)
    {
        var (a, b) = (Alpha(from), Alpha(to));
        var epsilon = Schedule.Config.PredictionType == PredictionType.VPrediction
            ? output * Math.Sqrt(a) + sample * Math.Sqrt(1 - a)
            : output;
        var divisor = (a * Math.Sqrt(1 - b)) + Math.Sqrt(a * (1 - a) * b);
        return sample * Math.Sqrt(b / a) - epsilon * ((b - a) / divisor);
    }

    private static double[] Visit(NoiseSchedule schedule, int steps)
    {
        var falling = Diffusion.Timesteps.Of(schedule.Config, steps);
        if (schedule.Config.Options<PndmOptions>().SkipPrkSteps)
        {
            return steps == 1 ? falling : [falling[0], falling[1], .. falling[1..]];
        }

        if (steps < Order)
        {
            throw new ArgumentException($"With skip_prk_steps false PNDMScheduler needs at least {Order} steps.");
        }

        // Each of the first three steps is four calls: at its start, twice in the middle, at its end.
        var half = schedule.Config.NumTrainTimesteps / steps / 2;
        var starts = falling[..Order];
        var prk = Enumerable.Range(0, Order - 1).SelectMany(k => new[] { starts[k], starts[k + 1] + half, starts[k + 1] + half, starts[k + 1] });
        return [.. prk, .. falling[(Order - 1)..]];
    }
}
