using Realiz3D.Mesh.Diffusion;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training;

/// <summary>Gives every latent channel mean 0 and deviation 1 over the training data.</summary>
/// <remarks>
/// The shift and the factor of a channel are folded into the two 1x1 convolutions at the latent, so that the published
/// layout, which has one factor for all channels and no shift, serves unchanged: <c>scaling_factor</c> is then 1.
/// </remarks>
internal static class LatentScale
{
    /// <summary>Folds statistics into the autoencoder.</summary>
    /// <param name="weights">The autoencoder's weights by name; changed in place.</param>
    /// <param name="mean">Mean of each latent channel, [K].</param>
    /// <param name="deviation">Deviation of each latent channel, [K].</param>
    public static void Fold(IReadOnlyDictionary<string, Tensor> weights, Tensor mean, Tensor deviation)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var k = mean.shape[0];

        // Encoder: (m - mean)/deviation for the mean, v - 2 log deviation for the logarithm of the variance.
        var (weight, bias) = (weights["quant_conv.weight"], weights["quant_conv.bias"]);
        bias.narrow(0, 0, k).sub_(mean).div_(deviation);
        weight.narrow(0, 0, k).div_(deviation.reshape(k, 1, 1, 1));
        bias.narrow(0, k, k).sub_(deviation.log() * 2);

        // Decoder: W (deviation z + mean) + b.
        var (after, shift) = (weights["post_quant_conv.weight"], weights["post_quant_conv.bias"]);
        shift.add_(matmul(after.reshape(k, k), mean));
        after.mul_(deviation.reshape(1, k, 1, 1));
    }

    /// <summary>Mean and deviation of each channel of some latents.</summary>
    /// <param name="latents">Latents, [N, K, h, w].</param>
    /// <returns>Both [K]. The caller disposes them.</returns>
    public static (Tensor Mean, Tensor Deviation) Measure(Tensor latents)
    {
        using var scope = NewDisposeScope();
        var flat = latents.transpose(0, 1).flatten(1);                  // [K, N h w]
        var mean = flat.mean([1]);
        var deviation = (flat - mean.unsqueeze(1)).square().mean([1]).sqrt();
        return scope.MoveToOuter(mean, deviation);
    }

    /// <summary>Mean of the posterior of many views, in batches.</summary>
    /// <param name="autoencoder">The autoencoder.</param>
    /// <param name="data">The data.</param>
    /// <param name="views">Which views.</param>
    /// <returns>[count, K, h, w]. The caller disposes it.</returns>
    public static Tensor Encode(AutoencoderKL autoencoder, ObjectSet data, long[] views)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var parts = new List<Tensor>();
        foreach (var batch in views.Chunk(96))
        {
            using var inner = NewDisposeScope();
            var (mean, _) = autoencoder.Encode(data.Take(batch));
            parts.Add(mean.MoveToOuterDisposeScope());
        }

        return cat(parts, 0).MoveToOuterDisposeScope();
    }
}
