using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>One step of a sampler.</summary>
/// <param name="Previous">The less noisy latent, [N, ...].</param>
/// <param name="Original">The clean latent that the step assumed, [N, ...]. The receiver disposes both.</param>
public sealed record SchedulerStep(Tensor Previous, Tensor Original);

/// <summary>DDIM sampler.</summary>
/// <remarks>
/// <code>
/// t' = t - T div N;  a = abar_t;  a' = abar_t', below 0 the final one
/// var = (1 - a')/(1 - a) (1 - a/a');  s = eta sqrt(var)
/// x_t' = sqrt(a') x0 + sqrt(1 - a' - s^2) eps + s noise
/// </code>
/// Source: Song, Meng and Ermon 2020, arXiv:2010.02502, equations 12 and 16. As in diffusers, t' is T div N below t
/// whatever the spacing, so it need not be the next timestep of the list. It keeps no state between steps.
/// </remarks>
public sealed class DdimScheduler
{
    private readonly NoiseSchedule _schedule;
    private readonly int _stride;

    /// <param name="schedule">Noise schedule, shared.</param>
    /// <param name="steps">Number of steps.</param>
    public DdimScheduler(NoiseSchedule schedule, int steps)
    {
        _schedule = schedule;
        Timesteps = Diffusion.Timesteps.Of(schedule.Config, steps);
        _stride = schedule.Config.NumTrainTimesteps / steps;
    }

    /// <summary>Timesteps to visit, in order.</summary>
    public IReadOnlyList<int> Timesteps { get; }

    /// <summary>Goes one step towards the clean latent.</summary>
    /// <param name="output">The network's output at <paramref name="timestep"/>, [N, ...].</param>
    /// <param name="timestep">One of <see cref="Timesteps"/>.</param>
    /// <param name="sample">x_t, [N, ...].</param>
    /// <param name="eta">0 for a deterministic step, 1 for as much fresh noise as DDPM.</param>
    /// <param name="noise">Standard normal noise, [N, ...]; needed when <paramref name="eta"/> is above 0.</param>
    /// <returns>The step's results. The caller disposes them.</returns>
    public SchedulerStep Step(Tensor output, int timestep, Tensor sample, double eta = 0, Tensor? noise = null)
    {
        if (eta > 0 && noise is null)
        {
            throw new ArgumentNullException(nameof(noise), "eta above 0 needs noise.");
        }

        using var scope = NewDisposeScope();

        var config = _schedule.Config;
        var timesteps = new int[sample.shape[0]];
        Array.Fill(timesteps, timestep);
        var original = _schedule.ToOriginal(output, sample, timesteps);
        var epsilon = _schedule.ToEpsilon(output, sample, timesteps);
        if (config.ClipSample)
        {
            original = original.clamp(-config.ClipSampleRange, config.ClipSampleRange);
        }

        var (a, b) = (_schedule.AlphasCumprod[timestep], AlphaBefore(timestep));
        var deviation = eta * Math.Sqrt((1 - b) / (1 - a) * (1 - (a / b)));
        var previous = original * Math.Sqrt(b) + epsilon * Math.Sqrt(1 - b - (deviation * deviation));
        if (noise is not null && eta > 0)
        {
            previous = previous + noise * deviation;
        }

        var (less, clean) = scope.MoveToOuter(previous, original);
        return new SchedulerStep(less, clean);
    }

    private double AlphaBefore(int timestep)
    {
        var before = timestep - _stride;
        if (before >= 0)
        {
            return _schedule.AlphasCumprod[before];
        }

        return _schedule.Config.SetAlphaToOne ? 1 : _schedule.AlphasCumprod[0];
    }
}
