using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Dynamic thresholding: each latent is clamped to its own quantile s of |x0| and divided by it.</summary>
/// <remarks>Source: Saharia et al. 2022, arXiv:2205.11487, section 2.3. s lies between 1 and sample_max_value.</remarks>
internal static class DynamicThreshold
{
    /// <param name="original">x0, [N, ...].</param>
    /// <param name="config">Ratio and largest value.</param>
    /// <returns>[N, ...]. The caller disposes it.</returns>
    public static Tensor Apply(Tensor original, SchedulerConfig config)
    {
        using var scope = NewDisposeScope();
        var flat = original.reshape(original.shape[0], -1).to(ScalarType.Float32);                  // [N, D]
        var ratio = tensor((float)config.DynamicThresholdingRatio).to(flat.device);
        var s = flat.abs().quantile(ratio, 1).clamp(1, config.SampleMaxValue).unsqueeze(1);         // [N, 1]
        return (flat.clamp(-s, s) / s).reshape(original.shape).to(original.dtype).MoveToOuterDisposeScope();
    }
}
