using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Serving;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>The condition of one job and its guidance: one item per step without guidance, two with it.</summary>
internal sealed class GuidedCondition : IDisposable
{
    private readonly Tensor _states;
    private readonly Tensor _mask;
    private readonly double _scale;

    /// <param name="states">Hidden states of the prompt, then of the empty prompt, [2, L, E]; owned from here on.</param>
    /// <param name="mask">Their masks, [2, L]; owned from here on.</param>
    /// <param name="scale">Weight w of e_u + w (e_c - e_u); 1 saves the unguided pass.</param>
    public GuidedCondition(Tensor states, Tensor mask, double scale)
    {
        Items = scale == 1 ? 1 : 2;
        _scale = scale;
        _states = states.narrow(0, 0, Items).DetachFromDisposeScope();
        _mask = mask.narrow(0, 0, Items).DetachFromDisposeScope();
        states.Dispose();
        mask.Dispose();
    }

    /// <summary>Items of a step.</summary>
    public int Items { get; }

    /// <summary>The network's guided output for one latent.</summary>
    /// <param name="batcher">Runs the step.</param>
    /// <param name="model">The model.</param>
    /// <param name="latent">[1, C, H, W].</param>
    /// <param name="timestep">Its timestep.</param>
    /// <param name="cancel">Takes the step out.</param>
    /// <returns>[1, C, H, W]. The caller disposes it.</returns>
    public async Task<Tensor> PredictAsync(
        StepBatcher batcher, LoadedModel model, Tensor latent, int timestep, CancellationToken cancel)
    {
        using var latents = latent.expand(Items, -1, -1, -1).DetachFromDisposeScope();
        var timesteps = Enumerable.Repeat(timestep, Items).ToArray();
        var output = await batcher
            .RunAsync(new StepRequest(model.Pass, latents, timesteps, _states, _mask), cancel)
            .ConfigureAwait(false);
        if (Items == 1)
        {
            return output;
        }

        using var parts = output;
        using var scope = NewDisposeScope();
        return Guidance.Apply(parts.narrow(0, 1, 1), parts.narrow(0, 0, 1), _scale).DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _states.Dispose();
        _mask.Dispose();
    }
}
