using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Fields;

/// <summary>Volume rendering between samples: S samples give S - 1 intervals with the means of their ends.</summary>
/// <remarks>
/// <code>
/// sigma = softplus(mean density - 1)     T_i = prod_{j &lt; i} (1 - alpha_j + 1e-10)     colour 2c - 1, after white is added
/// </code>
/// Source: Chan et al. 2022 (EG3D), arXiv:2112.07945, supplement; the rule of means is that of Max 1995 and mip-NeRF.
/// </remarks>
public static class MidpointMarcher
{
    /// <summary>Colour, depth and weights of rays.</summary>
    /// <param name="colors">0 to 1, [..., S, C].</param>
    /// <param name="densities">Before the softplus, [..., S, 1].</param>
    /// <param name="depths">Places of the samples, rising, [..., S, 1].</param>
    /// <param name="whiteBackground">Whether what passes the samples meets white rather than black.</param>
    /// <returns>
    /// Colour in [-1, 1], [..., C]; mean depth, kept within the depths of all rays, the farthest where a ray meets nothing,
    /// [..., 1]; weights, [..., S - 1, 1]. The caller disposes them.
    /// </returns>
    public static (Tensor Color, Tensor Depth, Tensor Weights) March(
        Tensor colors, Tensor densities, Tensor depths, bool whiteBackground)
    {
        using var scope = NewDisposeScope();
        var (begins, ends) = Ends(depths);
        var density = functional.softplus(Middle(densities) - 1);
        // Not expm1: what is too thin to be told from nothing shall be nothing, so that the depth there is the farthest.
        var opacity = 1 - (-density * (ends - begins)).exp();                               // [..., S - 1, 1]

        var passed = (1 - opacity + 1e-10).cumprod(-2);
        var before = cat([ones_like(passed.narrow(-2, 0, 1)), passed.narrow(-2, 0, passed.shape[^2] - 1)], -2);
        var weights = opacity * before;

        var color = (weights * Middle(colors)).sum(-2);                                     // [..., C]
        var total = weights.sum(-2);                                                        // [..., 1]
        var depth = ((weights * Middle(depths)).sum(-2) / total).nan_to_num(double.PositiveInfinity);
        color = whiteBackground ? color + 1 - total : color;
        return (
            (color * 2 - 1).MoveToOuterDisposeScope(),
            depth.clamp(depths.min(), depths.max()).MoveToOuterDisposeScope(),
            weights.MoveToOuterDisposeScope());
    }

    private static Tensor Middle(Tensor samples)
    {
        var (begins, ends) = Ends(samples);
        return (begins + ends) / 2;
    }

    private static (Tensor Begins, Tensor Ends) Ends(Tensor samples)
    {
        var intervals = samples.shape[^2] - 1;
        return (samples.narrow(-2, 0, intervals), samples.narrow(-2, 1, intervals));
    }
}
