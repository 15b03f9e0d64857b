using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>How a published guidance strength is to be read.</summary>
public enum GuidanceForm
{
    /// <summary>u + s (c - u): diffusers, stable-dreamfusion, this mesh.</summary>
    FromUnconditional,

    /// <summary>c + s (c - u): Ho and Salimans' and DreamFusion's own w, threestudio. Stronger by one.</summary>
    FromConditional,
}

/// <summary>Classifier-free guidance.</summary>
public static class Guidance
{
    /// <summary>The strength that <see cref="Apply(Tensor, Tensor, double)"/> takes.</summary>
    /// <param name="scale">A published strength.</param>
    /// <param name="form">How it is to be read.</param>
    /// <returns>s.</returns>
    public static double Scale(double scale, GuidanceForm form) => form == GuidanceForm.FromConditional ? scale + 1 : scale;

    /// <summary>Pushes a prediction away from what the network says without a prompt: u + s (c - u).</summary>
    /// <remarks>Source: Ho and Salimans 2022, arXiv:2207.12598, equation 6, with s = 1 + w. 1 means no guidance.</remarks>
    /// <param name="unconditional">Prediction for the empty prompt, [N, ...].</param>
    /// <param name="conditional">Prediction for the prompt, [N, ...].</param>
    /// <param name="scale">s.</param>
    /// <returns>[N, ...]. The caller disposes it.</returns>
    public static Tensor Apply(Tensor unconditional, Tensor conditional, double scale)
    {
        using var scope = NewDisposeScope();
        return (unconditional + (conditional - unconditional) * scale).MoveToOuterDisposeScope();
    }

    /// <summary>The same with a strength for each item.</summary>
    /// <param name="unconditional">Predictions for the empty prompt, [N, C, H, W].</param>
    /// <param name="conditional">Predictions for the prompt, [N, C, H, W].</param>
    /// <param name="scales">s of each item.</param>
    /// <returns>[N, C, H, W]. The caller disposes it.</returns>
    public static Tensor Apply(Tensor unconditional, Tensor conditional, IReadOnlyList<float> scales)
    {
        using var scope = NewDisposeScope();
        var each = tensor(scales.ToArray(), [scales.Count, 1, 1, 1]).to(conditional.device);
        return (unconditional + (conditional - unconditional) * each).MoveToOuterDisposeScope();
    }

    /// <summary>How a network that was distilled with guidance is told its strength.</summary>
    /// <remarks>Source: Meng et al. 2022, arXiv:2210.03142, in the form of Luo et al. 2023, arXiv:2310.04378: waves of 1000 (s - 1).</remarks>
    /// <param name="scales">s of each item.</param>
    /// <param name="width">Width of the waves.</param>
    /// <param name="device">Where they go.</param>
    /// <returns>[N, width]. The caller disposes it.</returns>
    public static Tensor Waves(IReadOnlyList<double> scales, int width, Device device)
    {
        using var scope = NewDisposeScope();
        var strength = tensor(scales.Select(scale => (float)((scale - 1) * 1000)).ToArray()).to(device);
        return TimestepEmbedding.Waves(strength, width, cosinesFirst: false, shift: 1).MoveToOuterDisposeScope();
    }

    /// <summary>Brings a guided prediction back to the spread of the conditional one: strong guidance else overexposes.</summary>
    /// <remarks>
    /// g std(c)/std(g), mixed with g. Standard deviations of each latent over all its numbers, unbiased.
    /// Source: Lin et al. 2023, arXiv:2305.08891, equations 14 to 16.
    /// </remarks>
    /// <param name="guided">g, [N, ...].</param>
    /// <param name="conditional">c, [N, ...].</param>
    /// <param name="share">0 for g as it is, 1 for the rescaled one.</param>
    /// <returns>[N, ...]. The caller disposes it.</returns>
    public static Tensor Rescale(Tensor guided, Tensor conditional, double share)
    {
        using var scope = NewDisposeScope();
        var axes = Enumerable.Range(1, guided.shape.Length - 1).Select(axis => (long)axis).ToArray();
        var factor = conditional.std(axes, keepdim: true) / guided.std(axes, keepdim: true);       // [N, 1, ...]
        return (guided * factor * share + guided * (1 - share)).MoveToOuterDisposeScope();
    }
}
