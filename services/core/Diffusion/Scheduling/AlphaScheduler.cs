using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>What samplers share that compute with abar at whole timesteps: DDPM, DDIM, PNDM and LCM.</summary>
public abstract class AlphaScheduler : IScheduler
{
    /// <param name="schedule">Noise schedule.</param>
    /// <param name="timesteps">Timesteps to visit.</param>
    private protected AlphaScheduler(NoiseSchedule schedule, IReadOnlyList<double> timesteps)
    {
        (Schedule, Timesteps) = (schedule, timesteps);
        schedule.RefuseOutputsWithoutSignal(timesteps);
    }

    /// <inheritdoc/>
    public NoiseSchedule Schedule { get; }

    /// <inheritdoc/>
    public IReadOnlyList<double> Timesteps { get; }

    /// <inheritdoc/>
    public ScalarType TimestepType => ScalarType.Int64;

    /// <inheritdoc/>
    public IReadOnlyList<double> Sigmas => [];

    /// <inheritdoc/>
    public double InitNoiseSigma => 1;

    /// <inheritdoc/>
    public Tensor ScaleModelInput(Tensor sample, int index) => sample.alias();

    /// <inheritdoc/>
    public virtual bool NeedsNoise(int index) => false;

    /// <inheritdoc/>
    public abstract SchedulerStep TakeStep(Tensor output, Tensor sample, SchedulerHistory history, Tensor? noise = null);

    /// <inheritdoc/>
    public Tensor AddNoise(Tensor original, Tensor noise, IReadOnlyList<double> timesteps) =>
        Schedule.AddNoise(original, noise, [.. timesteps.Select(t => (int)t)]);

    /// <inheritdoc/>
    public Tensor Velocity(Tensor original, Tensor noise, IReadOnlyList<double> timesteps) =>
        Schedule.Velocity(original, noise, [.. timesteps.Select(t => (int)t)]);

    /// <summary>The clean latent that an output implies, clamped or thresholded as the configuration says.</summary>
    private protected Tensor CleanEstimate(Tensor output, Tensor sample, int timestep)
    {
        using var scope = NewDisposeScope();
        var config = Schedule.Config;
        var original = Schedule.ToOriginal(output, sample, ForAll(sample, timestep));
        var limited = config switch
        {
            { Thresholding: true } => DynamicThreshold.Apply(original, config),
            { ClipSample: true } => original.clamp(-config.ClipSampleRange, config.ClipSampleRange),
            _ => original,
        };
        return limited.MoveToOuterDisposeScope();
    }

    /// <summary>One timestep for each latent of a batch.</summary>
    private protected static int[] ForAll(Tensor sample, int timestep)
    {
        var timesteps = new int[sample.shape[0]];
        Array.Fill(timesteps, timestep);
        return timesteps;
    }

    /// <summary>abar of a timestep; below 0 that of the end.</summary>
    private protected double Alpha(int timestep) => timestep >= 0
        ? Schedule.AlphasCumprod[timestep]
        : Schedule.Config.SetAlphaToOne ? 1 : Schedule.AlphasCumprod[0];
}
