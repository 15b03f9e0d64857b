using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.Storage;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>The random numbers of a job: Philox of its seed, by purpose and step, whoever runs it.</summary>
/// <param name="seed">Key.</param>
/// <param name="device">Where the numbers go.</param>
internal sealed class JobNoise(ulong seed, Device device)
{
    /// <summary>Standard normal noise.</summary>
    /// <param name="purpose">What for.</param>
    /// <param name="step">Step of the counter.</param>
    /// <param name="shape">Shape.</param>
    /// <returns>The noise, of no dispose scope. The caller disposes it.</returns>
    public Tensor Draw(DrawPurpose purpose, int step, params long[] shape)
    {
        var numbers = new float[shape.Aggregate(1L, (count, extent) => count * extent)];
        new Philox(seed, purpose).FillNormal(numbers, step);
        using var host = tensor(numbers, shape);
        return host.to(device, copy: true).DetachFromDisposeScope();
    }
}

/// <summary>What a job's network is told at every step.</summary>
/// <param name="Context">Text tokens, without the prompt first where the job is guided, [R, L, E]; owned.</param>
/// <param name="Mask">1 for tokens that count, [R, L]; owned.</param>
/// <param name="Noise">The job's random numbers.</param>
internal sealed record JobConditions(Tensor Context, Tensor Mask, JobNoise Noise) : IDisposable
{
    /// <summary>What else the network is shown at a step, a row per item; the job disposes it after the step.</summary>
    public Func<int, IReadOnlyList<Tensor>> More { get; init; } = _ => [];

    /// <summary>What goes with the job.</summary>
    public IReadOnlyList<IDisposable> Owned { get; init; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        Context.Dispose();
        Mask.Dispose();
        foreach (var owned in Owned)
        {
            owned.Dispose();
        }
    }
}

/// <summary>A sampling job: all its steps run through the batcher, and between two of them it can be saved.</summary>
internal sealed class SamplingJob : IDisposable
{
    private readonly DenoisePass _pass;
    private readonly JobConditions _told;

    private SamplingJob(DenoisePass pass, JobConditions told, GuidedSampling sampling) =>
        (_pass, _told, Sampling) = (pass, told, sampling);

    /// <summary>Latents, sampler and what the sampler remembers.</summary>
    public GuidedSampling Sampling { get; }

    /// <summary>Items of a step.</summary>
    public int Items => (int)_told.Context.shape[0];

    /// <summary>Steps taken, those before a restart included.</summary>
    public int Done => Sampling.History.Index;

    /// <summary>Steps in all.</summary>
    public int Count => Sampling.Scheduler.Timesteps.Count;

    /// <summary>Puts a job at noise, or where it stood when it was saved.</summary>
    /// <param name="pass">The network.</param>
    /// <param name="told">What it is told; the job's from here on, whatever happens.</param>
    /// <param name="sampler">The folder's own sampler.</param>
    /// <param name="shape">Shape of the latents, [K, C, H, W].</param>
    /// <param name="guidance">How strongly the prompt counts.</param>
    /// <param name="isGuided">Whether the network is asked without the prompt too.</param>
    /// <param name="state">Where the job stood; null to begin.</param>
    /// <returns>The job; the caller disposes it.</returns>
    public static SamplingJob Begin(
        DenoisePass pass,
        JobConditions told,
        IScheduler sampler,
        long[] shape,
        GuidanceOptions guidance,
        bool isGuided,
        SavedState? state)
    {
        try
        {
            if (state is not null)
            {
                var (saved, history) = state.Restore(shape, sampler, told.Context.device);
                using var latents = saved;
                return new SamplingJob(pass, told, new GuidedSampling(sampler, latents, guidance, isGuided, history));
            }

            using var noise = told.Noise.Draw(DrawPurpose.Start, 0, shape);
            using var start = (noise * sampler.InitNoiseSigma).DetachFromDisposeScope();
            return new SamplingJob(pass, told, new GuidedSampling(sampler, start, guidance, isGuided));
        }
        catch
        {
            told.Dispose();
            throw;
        }
    }

    /// <summary>Takes a job as it stands.</summary>
    /// <param name="pass">The network.</param>
    /// <param name="told">What it is told; the job's from here on.</param>
    /// <param name="sampling">Where it stands; the job's from here on.</param>
    /// <returns>The job; the caller disposes it.</returns>
    public static SamplingJob Begin(DenoisePass pass, JobConditions told, GuidedSampling sampling) => new(pass, told, sampling);

    /// <summary>Asks to be let in.</summary>
    /// <param name="batcher">Runs the steps.</param>
    /// <param name="origin">Whose the job is.</param>
    /// <returns>To be disposed when the job ends.</returns>
    public AnnouncedWork Announce(StepBatcher batcher, StepOrigin origin)
    {
        using var input = Sampling.NetworkInput().DetachFromDisposeScope();
        var more = _told.More(Done);
        try
        {
            return batcher.Announce(StepKey.Of(_pass, input, _told.Context, more), Items, Count - Done, origin);
        }
        finally
        {
            Dispose(more);
        }
    }

    /// <summary>Takes a step.</summary>
    /// <param name="batcher">Runs it, together with others'.</param>
    /// <param name="work">The job as the batcher knows it.</param>
    /// <param name="cancel">Takes it out.</param>
    public async Task StepAsync(StepBatcher batcher, AnnouncedWork work, CancellationToken cancel)
    {
        using var input = Sampling.NetworkInput().DetachFromDisposeScope();
        var timesteps = Enumerable.Repeat(Sampling.Timestep, Items).ToArray();
        var more = _told.More(Done);
        try
        {
            using var output = await batcher
                .RunAsync(new StepRequest(_pass, input, timesteps, _told.Context, _told.Mask, more) { Job = work }, cancel)
                .ConfigureAwait(false);
            Accept(output);
        }
        finally
        {
            Dispose(more);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Sampling.Dispose();
        _told.Dispose();
    }

    private static void Dispose(IReadOnlyList<Tensor> more)
    {
        foreach (var shown in more)
        {
            shown.Dispose();
        }
    }

    private void Accept(Tensor output)
    {
        using var untracked = no_grad();
        using var noise = Sampling.NeedsNoise
            ? _told.Noise.Draw(DrawPurpose.Step, Done, Sampling.Latents.shape)
            : null;
        Sampling.Accept(output, noise);
    }
}
