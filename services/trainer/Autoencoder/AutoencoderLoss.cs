using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training;

/// <summary>What the autoencoder is trained on.</summary>
/// <remarks>
/// <code>
/// mean|d| + 2 mean d^2 + mean|gradient of d| + 2e-4 KL + 10 mean pool(d)^2 + 10 mean (m' - pool(image))^2
/// d = decoded - image,   pool = mean over a latent cell,   m' = the first four channels of m
/// </code>
/// The gradient (differences of neighbours, across and down) keeps edges sharp where the first two would blur them; the
/// divergence from the standard normal, per latent number, keeps the latents' scale in bounds. The last two hold the
/// colours: the first latent channels are the image itself, averaged over each cell. Without them a short training finds
/// shapes long before it finds hues (seen: after 1,300 steps all objects came back brown or dark blue).
/// KL: Kingma and Welling 2013, arXiv:1312.6114, appendix B.
/// </remarks>
internal static class AutoencoderLoss
{
    private const double SquareWeight = 2;
    private const double DivergenceWeight = 2e-4;
    private const double CellWeight = 10;

    /// <param name="image">Images, [N, C, H, W].</param>
    /// <param name="decoded">What came back, [N, C, H, W].</param>
    /// <param name="mean">Mean of the latents, [N, K, h, w].</param>
    /// <param name="logVariance">Logarithm of their variance, [N, K, h, w].</param>
    /// <returns>A scalar. The caller disposes it.</returns>
    public static Tensor Of(Tensor image, Tensor decoded, Tensor mean, Tensor logVariance)
    {
        using var scope = NewDisposeScope();

        var d = decoded - image;                                                        // [N, C, H, W]
        var across = d.narrow(3, 1, d.shape[3] - 1) - d.narrow(3, 0, d.shape[3] - 1);   // [N, C, H, W-1]
        var down = d.narrow(2, 1, d.shape[2] - 1) - d.narrow(2, 0, d.shape[2] - 1);     // [N, C, H-1, W]
        var edges = across.abs().mean() + down.abs().mean();

        var loss = d.abs().mean() + (d.square().mean() * SquareWeight) + edges
            + (Divergence(mean, logVariance) * DivergenceWeight)
            + ((CellError(d, mean) + Anchor(image, mean)) * CellWeight);
        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>Mean square distance of the first latent channels from the image averaged over each latent cell.</summary>
    /// <param name="image">Images, [N, C, H, W].</param>
    /// <param name="mean">Mean of the latents, [N, K, h, w], K at least C.</param>
    /// <returns>A scalar. The caller disposes it.</returns>
    public static Tensor Anchor(Tensor image, Tensor mean)
    {
        using var scope = NewDisposeScope();
        return (mean.narrow(1, 0, image.shape[1]) - Pool(image, mean)).square().mean().MoveToOuterDisposeScope();
    }

    /// <summary>Divergence from the standard normal, mean over all latent numbers: (m^2 + e^v - 1 - v) / 2.</summary>
    /// <param name="mean">Mean, [N, K, h, w].</param>
    /// <param name="logVariance">v, [N, K, h, w].</param>
    /// <returns>A scalar. The caller disposes it.</returns>
    public static Tensor Divergence(Tensor mean, Tensor logVariance)
    {
        using var scope = NewDisposeScope();
        return ((mean.square() + logVariance.exp() - 1 - logVariance).mean() * 0.5).MoveToOuterDisposeScope();
    }

    private static Tensor CellError(Tensor difference, Tensor mean) => Pool(difference, mean).square().mean();

    // Mean over each latent cell, [N, C, H, W] to [N, C, h, w].
    private static Tensor Pool(Tensor image, Tensor mean) =>
        nn.functional.avg_pool2d(image, image.shape[3] / mean.shape[3]);
}
