using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>How strongly each noise level's score counts.</summary>
public enum DistillationWeighting
{
    /// <summary>1 - abar, the noise's power: DreamFusion.</summary>
    Sds,

    /// <summary>1.</summary>
    Uniform,

    /// <summary>sqrt(abar) (1 - abar): Fantasia3D.</summary>
    Fantasia3d,
}

/// <summary>The gradient by which a frozen denoiser pulls rendered latents towards what it finds likely.</summary>
/// <remarks>
/// <code>
/// z_t = sqrt(abar) z + sqrt(1 - abar) eps        g = w(t) (eps_hat(z_t) - eps)        loss = sum((z - stop(z - g))^2) / (2 N)
/// </code>
/// The loss's gradient with respect to z is g / N. Nothing passes through the denoiser.
/// Sources: Poole et al. 2022 (DreamFusion), arXiv:2209.14988, equation 3; Chen et al. 2023 (Fantasia3D), arXiv:2303.13873, section 3.2
/// (its weighting); Yu et al. 2023 (CSD), arXiv:2310.19415, equation 6.
/// </remarks>
public static class ScoreDistillation
{
    /// <summary>w(t).</summary>
    /// <param name="schedule">Noise schedule.</param>
    /// <param name="timestep">0 to T - 1.</param>
    /// <param name="weighting">Which weight.</param>
    /// <returns>The weight.</returns>
    public static double Weight(NoiseSchedule schedule, int timestep, DistillationWeighting weighting)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        var signal = schedule.AlphasCumprod[timestep];
        return weighting switch
        {
            DistillationWeighting.Sds => 1 - signal,
            DistillationWeighting.Fantasia3d => Math.Sqrt(signal) * (1 - signal),
            _ => 1,
        };
    }

    /// <summary>g. Numbers that are none, which half precision gives now and then, count as 0.</summary>
    /// <param name="predicted">eps_hat, guided, [N, ...].</param>
    /// <param name="noise">eps, the noise that was added, [N, ...].</param>
    /// <param name="weights">w(t) of each latent.</param>
    /// <param name="clip">Largest magnitude of an element; none for no limit.</param>
    /// <returns>[N, ...], without a graph. The caller disposes it.</returns>
    public static Tensor Gradient(Tensor predicted, Tensor noise, IReadOnlyList<double> weights, double? clip = null)
    {
        using var scope = NewDisposeScope();
        return Weighted(predicted - noise, weights, clip).MoveToOuterDisposeScope();
    }

    /// <summary>Classifier score distillation: only what the prompt adds, w (eps(prompt) - eps(empty prompt)).</summary>
    /// <param name="conditional">Prediction for the prompt, [N, ...].</param>
    /// <param name="unconditional">Prediction for the empty prompt, [N, ...].</param>
    /// <param name="weights">w(t) of each latent.</param>
    /// <param name="clip">Largest magnitude of an element; none for no limit.</param>
    /// <returns>[N, ...], without a graph. The caller disposes it.</returns>
    public static Tensor ClassifierGradient(
        Tensor conditional, Tensor unconditional, IReadOnlyList<double> weights, double? clip = null) =>
        Gradient(conditional, unconditional, weights, clip);

    /// <summary>A loss whose gradient with respect to the latents is g / N.</summary>
    /// <param name="latents">z, with a graph, [N, ...].</param>
    /// <param name="gradient">g, [N, ...].</param>
    /// <returns>A scalar. The caller disposes it.</returns>
    public static Tensor Loss(Tensor latents, Tensor gradient)
    {
        using var scope = NewDisposeScope();
        var target = (latents - gradient).detach();
        return ((latents - target).square().sum() * (0.5 / latents.shape[0])).MoveToOuterDisposeScope();
    }

    private static Tensor Weighted(Tensor score, IReadOnlyList<double> weights, double? clip)
    {
        var each = tensor(weights.ToArray(), dtype: score.dtype, device: score.device);
        var gradient = (score.detach() * each.reshape([-1, .. Enumerable.Repeat(1L, score.shape.Length - 1)])).nan_to_num(0);
        return clip is { } limit ? gradient.clamp_min(-limit).clamp_max(limit) : gradient;
    }
}
