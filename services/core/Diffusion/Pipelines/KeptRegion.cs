using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>What stays of given latents while the rest is painted.</summary>
/// <remarks>Source: Lugmayr et al. 2022, arXiv:2201.09865, equation 8.</remarks>
/// <param name="Clean">The given latents, scaled, [N, C, h, w].</param>
/// <param name="Noise">Standard normal noise that they are noised with, [N, C, h, w].</param>
/// <param name="Painted">1 where it is painted, 0 where it stays, [N, 1, h, w].</param>
public sealed record KeptRegion(Tensor Clean, Tensor Noise, Tensor Painted) : IDisposable
{
    /// <summary>Copies that outlive the tensors and the scopes of these.</summary>
    /// <returns>The copy; the caller disposes it.</returns>
    public KeptRegion Copy() => new(
        Clean.alias().DetachFromDisposeScope(), Noise.alias().DetachFromDisposeScope(), Painted.alias().DetachFromDisposeScope());

    /// <inheritdoc/>
    public void Dispose()
    {
        Clean.Dispose();
        Noise.Dispose();
        Painted.Dispose();
    }

    /// <summary>Latents noised as a step expects them.</summary>
    /// <param name="scheduler">Sampler.</param>
    /// <param name="clean">[N, C, h, w].</param>
    /// <param name="noise">Standard normal noise, [N, C, h, w].</param>
    /// <param name="index">Place in the sampler's timesteps.</param>
    /// <returns>[N, C, h, w]. The caller disposes it.</returns>
    public static Tensor Noised(IScheduler scheduler, Tensor clean, Tensor noise, int index) =>
        scheduler.AddNoise(clean, noise, Enumerable.Repeat(scheduler.Timesteps[index], (int)clean.shape[0]).ToArray());

    /// <summary>Sets what stays back.</summary>
    /// <param name="scheduler">Sampler.</param>
    /// <param name="latents">After a step, [N, C, h, w].</param>
    /// <param name="index">Place of the next step; past the last one what stays is clean.</param>
    /// <returns>[N, C, h, w]. The caller disposes it.</returns>
    internal Tensor Restore(IScheduler scheduler, Tensor latents, int index)
    {
        using var scope = NewDisposeScope();
        var known = index >= scheduler.Timesteps.Count ? Clean : Noised(scheduler, Clean, Noise, index);
        return ((1 - Painted) * known + Painted * latents).MoveToOuterDisposeScope();
    }
}
