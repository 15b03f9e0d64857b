using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Where a sampler with sigmas ends.</summary>
public enum FinalSigmasType
{
    /// <summary>Without noise.</summary>
    Zero,

    /// <summary>At the noise of timestep 0.</summary>
    SigmaMin,
}

/// <summary>What samplers share that compute with sigma, noise over signal: Euler, Euler ancestral, DPM-Solver and UniPC.</summary>
public abstract class SigmaScheduler : IScheduler
{
    private const double Near = 1e-2;

    /// <param name="schedule">Noise schedule.</param>
    /// <param name="plan">Timesteps to visit, and their sigmas with the one where the last step ends.</param>
    private protected SigmaScheduler(NoiseSchedule schedule, (double[] Timesteps, double[] Sigmas) plan)
    {
        Schedule = schedule;
        Timesteps = [.. plan.Timesteps.Select(t => (double)(float)t)];
        Sigmas = [.. plan.Sigmas.Select(sigma => (double)(float)sigma)];
    }

    /// <inheritdoc/>
    public NoiseSchedule Schedule { get; }

    /// <inheritdoc/>
    public IReadOnlyList<double> Timesteps { get; }

    /// <inheritdoc/>
    public abstract ScalarType TimestepType { get; }

    /// <inheritdoc/>
    public IReadOnlyList<double> Sigmas { get; }

    /// <inheritdoc/>
    public abstract double InitNoiseSigma { get; }

    /// <inheritdoc/>
    public abstract Tensor ScaleModelInput(Tensor sample, int index);

    /// <inheritdoc/>
    public abstract bool NeedsNoise(int index);

    /// <inheritdoc/>
    public abstract SchedulerStep TakeStep(Tensor output, Tensor sample, SchedulerHistory history, Tensor? noise = null);

    /// <inheritdoc/>
    public Tensor AddNoise(Tensor original, Tensor noise, IReadOnlyList<double> timesteps)
    {
        if (timesteps.Count != original.shape[0])
        {
            throw new ArgumentException($"{timesteps.Count} timesteps for a batch of {original.shape[0]}.");
        }

        using var scope = NewDisposeScope();
        var factors = timesteps.Select(t => NoiseFactors(Sigmas[IndexOf(t)])).ToArray();
        var shape = new long[original.shape.Length];
        Array.Fill(shape, 1);
        shape[0] = timesteps.Count;
        var signal = tensor(factors.Select(f => f.Signal).ToArray(), shape).to(original.dtype).to(original.device);
        var sigma = tensor(factors.Select(f => f.Noise).ToArray(), shape).to(original.dtype).to(original.device);
        return (signal * original + sigma * noise).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public virtual Tensor Velocity(Tensor original, Tensor noise, IReadOnlyList<double> timesteps) =>
        Schedule.Velocity(original, noise, [.. timesteps.Select(t => (int)Math.Round(t))]);

    /// <summary>What a latent on the way is made of: factors of the clean latent and of the noise.</summary>
    private protected abstract (double Signal, double Noise) NoiseFactors(double sigma);

    /// <summary>Place of a timestep in the list.</summary>
    private protected int IndexOf(double timestep)
    {
        var index = Enumerable.Range(0, Timesteps.Count).MinBy(k => Math.Abs(Timesteps[k] - timestep));
        return Math.Abs(Timesteps[index] - timestep) < Near
            ? index
            : throw new ArgumentException($"Timestep {timestep} is none of this sampler's.");
    }
}
