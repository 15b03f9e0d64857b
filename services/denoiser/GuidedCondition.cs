using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Serving;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>The condition of one job and its guidance: an item per candidate and step without guidance, two with it.</summary>
internal sealed class GuidedCondition : IDisposable
{
    private readonly Tensor _states;
    private readonly Tensor _mask;
    private readonly double _scale;
    private readonly int _candidates;

    /// <param name="states">Hidden states of the prompt, then of the empty prompt, [2, L, E]; owned from here on.</param>
    /// <param name="mask">Their masks, [2, L]; owned from here on.</param>
    /// <param name="scale">Weight w of e_u + w (e_c - e_u); 1 saves the unguided pass.</param>
    /// <param name="candidates">Latents that take each step together, K.</param>
    public GuidedCondition(Tensor states, Tensor mask, double scale, int candidates)
    {
        using var scope = NewDisposeScope();
        (_candidates, _scale) = (candidates, scale);
        Items = scale == 1 ? candidates : 2 * candidates;
        _states = states.repeat_interleave(candidates, 0).narrow(0, 0, Items).DetachFromDisposeScope();
        _mask = mask.repeat_interleave(candidates, 0).narrow(0, 0, Items).DetachFromDisposeScope();
        states.Dispose();
        mask.Dispose();
    }

    /// <summary>Items of a step.</summary>
    public int Items { get; }

    /// <summary>The network's guided output for all candidates.</summary>
    /// <param name="batcher">Runs the step.</param>
    /// <param name="model">The model.</param>
    /// <param name="latents">[K, C, H, W].</param>
    /// <param name="timestep">Their timestep.</param>
    /// <param name="cancel">Takes the step out.</param>
    /// <returns>[K, C, H, W]. The caller disposes it.</returns>
    public async Task<Tensor> PredictAsync(
        StepBatcher batcher, LoadedModel model, Tensor latents, int timestep, CancellationToken cancel)
    {
        using var all = latents.repeat(Items / _candidates, 1, 1, 1).DetachFromDisposeScope();
        var timesteps = Enumerable.Repeat((double)timestep, Items).ToArray();
        var output = await batcher
            .RunAsync(new StepRequest(model.Pass, all, timesteps, _states, _mask), cancel)
            .ConfigureAwait(false);
        if (Items == _candidates)
        {
            return output;
        }

        using var parts = output;
        using var scope = NewDisposeScope();
        return Guidance.Apply(parts.narrow(0, _candidates, _candidates), parts.narrow(0, 0, _candidates), _scale).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _states.Dispose();
        _mask.Dispose();
    }
}
