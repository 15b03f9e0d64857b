using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields;

/// <summary>Turns what a field says along rays into what a camera sees.</summary>
/// <remarks>
/// <code>
/// alpha_i = 1 - exp(-sigma_i (t_i+1 - t_i))      T_i = prod_{j &lt; i} (1 - alpha_j)      w_i = T_i alpha_i
/// </code>
/// Sources: Max 1995, equation 3; Mildenhall et al. 2020 (NeRF), arXiv:2003.08934, equation 3. The transmittance before a sample
/// does not count the sample itself. All of it is differentiable. S is the number of samples on a ray.
/// </remarks>
public static class VolumeRendering
{
    /// <summary>Weights of samples with a density each. Gaps between samples are empty.</summary>
    /// <param name="densities">sigma, per unit of length, [..., S].</param>
    /// <param name="starts">Where each sample's interval begins on its ray, [..., S].</param>
    /// <param name="ends">Where it ends, [..., S].</param>
    /// <returns>The weights; the caller disposes them.</returns>
    public static RayWeights FromDensities(Tensor densities, Tensor starts, Tensor ends)
    {
        using var scope = NewDisposeScope();
        var thickness = densities * (ends - starts);                                        // [..., S]
        var opacities = -(-thickness).expm1();
        var before = Shifted(thickness.cumsum(-1), 0);
        return Keep(opacities, (-before).exp());
    }

    /// <summary>Weights of samples with an opacity each.</summary>
    /// <param name="opacities">alpha, 0 to 1, [..., S].</param>
    /// <returns>The weights; the caller disposes them.</returns>
    public static RayWeights FromOpacities(Tensor opacities)
    {
        using var scope = NewDisposeScope();
        return Keep(opacities.alias(), Shifted((1 - opacities).cumprod(-1), 1));
    }

    /// <summary>Sums a quantity along rays.</summary>
    /// <param name="weights">w, [..., S].</param>
    /// <param name="values">One vector per sample, [..., S, C].</param>
    /// <returns>[..., C]. The caller disposes it.</returns>
    public static Tensor Accumulate(Tensor weights, Tensor values)
    {
        using var scope = NewDisposeScope();
        return (weights.unsqueeze(-1) * values).sum(-2).MoveToOuterDisposeScope();
    }

    /// <summary>Share of each ray that is stopped.</summary>
    /// <param name="weights">w, [..., S].</param>
    /// <returns>[..., 1]. The caller disposes it.</returns>
    public static Tensor Opacity(Tensor weights) => weights.sum(-1, keepdim: true);

    /// <summary>Puts a background behind what the rays have gathered.</summary>
    /// <param name="color">Sum of weighted colours, [..., C].</param>
    /// <param name="opacity">Share of each ray that is stopped, [..., 1].</param>
    /// <param name="background">Colour behind, [C] or [..., C].</param>
    /// <returns>[..., C]. The caller disposes it.</returns>
    public static Tensor OnBackground(Tensor color, Tensor opacity, Tensor background)
    {
        using var scope = NewDisposeScope();
        return (color + background * (1 - opacity)).MoveToOuterDisposeScope();
    }

    /// <summary>Shifts running results by one place, so that each sample has that of those before it.</summary>
    private static Tensor Shifted(Tensor running, double first)
    {
        var count = running.shape[^1];
        return count == 0 ? running.alias() : cat([full_like(running.narrow(-1, 0, 1), first), running.narrow(-1, 0, count - 1)], -1);
    }

    private static RayWeights Keep(Tensor opacities, Tensor transmittance) => new(
        opacities.MoveToOuterDisposeScope(),
        transmittance.MoveToOuterDisposeScope(),
        (transmittance * opacities).MoveToOuterDisposeScope());
}
