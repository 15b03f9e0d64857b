using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Guidance with several prompts to keep away from, of which only what is not in the wanted prompt counts.</summary>
/// <remarks>
/// <code>
/// e = eps(prompt) - eps(empty)     e_i = eps(negative i) - eps(empty)     p_i = e_i - (e_i . e / |e|^2) e
/// eps_hat = eps(empty) + s (e + sum_i w_i p_i)
/// </code>
/// Source: Armandpour et al. 2023 (Perp-Neg), arXiv:2304.04968, equations 7 and 8; weights are negative, as in threestudio.
/// </remarks>
public static class PerpNeg
{
    /// <summary>eps_hat.</summary>
    /// <param name="unconditional">Prediction for the empty prompt, [N, C, H, W].</param>
    /// <param name="conditional">Prediction for the prompt, [N, C, H, W].</param>
    /// <param name="negatives">Prediction for each prompt to keep away from, [N, C, H, W] each.</param>
    /// <param name="weights">w_i of each latent, [N, negatives].</param>
    /// <param name="scale">s.</param>
    /// <returns>[N, C, H, W]. The caller disposes it.</returns>
    public static Tensor Apply(
        Tensor unconditional, Tensor conditional, IReadOnlyList<Tensor> negatives, Tensor weights, double scale)
    {
        ArgumentNullException.ThrowIfNull(negatives);
        if (weights.shape[^1] != negatives.Count)
        {
            throw new ArgumentException($"There are {negatives.Count} negative prompts and {weights.shape[^1]} weights for them.");
        }

        using var scope = NewDisposeScope();
        var wanted = conditional - unconditional;
        var direction = wanted;
        for (var i = 0; i < negatives.Count; i++)
        {
            var weight = weights.narrow(-1, i, 1).unsqueeze(-1).unsqueeze(-1);              // [N, 1, 1, 1]
            direction = direction + Perpendicular(negatives[i] - unconditional, wanted) * weight;
        }

        return (unconditional + direction * scale).MoveToOuterDisposeScope();
    }

    private static Tensor Perpendicular(Tensor vector, Tensor to)
    {
        long[] axes = [1, 2, 3];
        var share = (vector * to).sum(axes, keepdim: true) / to.square().sum(axes, keepdim: true).clamp_min(1e-6);
        return vector - share * to;
    }
}
