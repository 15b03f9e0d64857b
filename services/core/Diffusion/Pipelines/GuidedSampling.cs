using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>How strongly the prompt counts.</summary>
/// <param name="Scale">s of u + s (c - u); up to 1 the network is not asked without the prompt.</param>
/// <param name="Rescale">Share of the guided prediction that is brought back to the spread of the unguided one.</param>
public sealed record GuidanceOptions(double Scale = 7.5, double Rescale = 0);

/// <summary>One job on its way from noise to a latent: all that lies between two calls of the network.</summary>
/// <remarks>
/// Until it is finished: 1. <see cref="NetworkInput"/> goes through the network at <see cref="Timestep"/>, perhaps together with other
/// jobs' inputs. 2. <see cref="Accept"/> takes the prediction. <see cref="Latents"/> and <see cref="History"/> are its whole state.
/// </remarks>
public sealed class GuidedSampling : IDisposable
{
    private readonly GuidanceOptions _guidance;
    private readonly bool _isGuided;

    /// <param name="scheduler">Sampler.</param>
    /// <param name="latents">Where the job stands, [N, C, H, W]; copied.</param>
    /// <param name="guidance">How strongly the prompt counts.</param>
    /// <param name="isGuided">Whether the network is asked without the prompt too.</param>
    /// <param name="history">What earlier steps left, or where to start; now this object's.</param>
    public GuidedSampling(
        IScheduler scheduler, Tensor latents, GuidanceOptions guidance, bool isGuided, SchedulerHistory? history = null)
    {
        (Scheduler, _guidance, _isGuided) = (scheduler, guidance, isGuided);
        History = history ?? new SchedulerHistory();
        Latents = latents.clone().DetachFromDisposeScope();
    }

    /// <summary>Sampler.</summary>
    public IScheduler Scheduler { get; }

    /// <summary>What the sampler remembers.</summary>
    public SchedulerHistory History { get; }

    /// <summary>Where the job stands, [N, C, H, W]; it stays this object's.</summary>
    public Tensor Latents { get; private set; }

    /// <summary>The clean latent that the last step assumed, [N, C, H, W]; null before the first. It stays this object's.</summary>
    public Tensor? Estimate { get; private set; }

    /// <summary>Channels that the network sees behind the latents, as many rows as its batch has; this object's. Null for none.</summary>
    public Tensor? Shown { get; init; }

    /// <summary>What stays of given latents; this object's. Null for nothing.</summary>
    public KeptRegion? Kept { get; init; }

    /// <summary>Whether no step is left.</summary>
    public bool IsFinished => History.Index >= Scheduler.Timesteps.Count;

    /// <summary>Timestep of the next call.</summary>
    public double Timestep => Scheduler.Timesteps[History.Index];

    /// <summary>Whether the next step draws noise.</summary>
    public bool NeedsNoise => Scheduler.NeedsNoise(History.Index);

    /// <summary>What the network shall see.</summary>
    /// <returns>[N, C, H, W], or [2 N, C, H, W] with the half without the prompt first; then what else it is shown. The caller disposes it.</returns>
    public Tensor NetworkInput()
    {
        using var scope = NewDisposeScope();
        var scaled = Scheduler.ScaleModelInput(Latents, History.Index);
        var batch = _isGuided ? cat([scaled, scaled], 0) : scaled;
        return (Shown is null ? batch : cat([batch, Shown], 1)).MoveToOuterDisposeScope();
    }

    /// <summary>Takes the network's prediction and goes one step on.</summary>
    /// <param name="prediction">As many rows as <see cref="NetworkInput"/> had.</param>
    /// <param name="noise">Standard normal noise, [N, C, H, W], if the step needs it.</param>
    public void Accept(Tensor prediction, Tensor? noise = null)
    {
        using var scope = NewDisposeScope();
        var guided = prediction;
        if (_isGuided)
        {
            var halves = prediction.chunk(2, 0);
            guided = Guidance.Apply(halves[0], halves[1], _guidance.Scale);
            if (_guidance.Rescale > 0)
            {
                guided = Guidance.Rescale(guided, halves[1], _guidance.Rescale);
            }
        }

        var step = Scheduler.TakeStep(guided, Latents, History, noise);
        Replace(Kept?.Restore(Scheduler, step.Previous, History.Index) ?? step.Previous);
        Estimate?.Dispose();
        Estimate = step.Original.clone().DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Latents.Dispose();
        Estimate?.Dispose();
        History.Dispose();
        Shown?.Dispose();
        Kept?.Dispose();
    }

    /// <summary>Puts other latents in place of the present ones.</summary>
    private void Replace(Tensor latents)
    {
        var kept = latents.clone().DetachFromDisposeScope();
        Latents.Dispose();
        Latents = kept;
    }
}
