using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Variational autoencoder between images and the latents that are diffused.</summary>
/// <remarks>
/// Source: Rombach et al. 2022, arXiv:2112.10752, section 3.1 and appendix G; Kingma and Welling 2013, arXiv:1312.6114.
/// State-dict names and arithmetic are those of the published Stable Diffusion checkpoints. Latents here are not yet
/// multiplied by <see cref="AutoencoderConfig.ScalingFactor"/>: whoever diffuses them does that.
/// </remarks>
public sealed class AutoencoderKL : Module
{
    /// <summary>Epsilon of all its norms; ten times smaller than the U-Net's.</summary>
    internal const double NormEpsilon = 1e-6;

    private readonly AutoencoderEncoder encoder;
    private readonly AutoencoderDecoder decoder;
    private readonly Conv2d quant_conv;
    private readonly Conv2d post_quant_conv;

    /// <param name="config">Widths.</param>
    public AutoencoderKL(AutoencoderConfig config) : base(nameof(AutoencoderKL))
    {
        ConfigProblem.ThrowIfAny(config);
        Config = config;

        var latent = config.LatentChannels;
        encoder = new AutoencoderEncoder(config);
        decoder = new AutoencoderDecoder(config);
        quant_conv = Conv2d(2 * latent, 2 * latent, kernel_size: 1);
        post_quant_conv = Conv2d(latent, latent, kernel_size: 1);
        RegisterComponents();
    }

    /// <summary>Widths.</summary>
    public AutoencoderConfig Config { get; }

    /// <summary>Encodes images into the normal distribution of their latents.</summary>
    /// <param name="image">Images in [-1, 1], [N, C, H, W].</param>
    /// <returns>Mean and logarithm of the variance, clamped to [-30, 20]; both [N, latent channels, H/factor, W/factor].
    /// The caller disposes them.</returns>
    public (Tensor Mean, Tensor LogVariance) Encode(Tensor image)
    {
        Layers.RequireShape(image, nameof(image), -1, Config.InChannels, -1, -1);
        using var scope = NewDisposeScope();

        var moments = quant_conv.call(encoder.call(image)).chunk(2, dim: 1);
        return scope.MoveToOuter(moments[0], moments[1].clamp(-30, 20));
    }

    /// <summary>Decodes latents into images.</summary>
    /// <param name="latent">Latents, not scaled, [N, latent channels, h, w].</param>
    /// <returns>Images, about [-1, 1] and not clamped, [N, C, h factor, w factor]. The caller disposes them.</returns>
    public Tensor Decode(Tensor latent)
    {
        Layers.RequireShape(latent, nameof(latent), -1, Config.LatentChannels, -1, -1);
        using var scope = NewDisposeScope();

        return decoder.call(post_quant_conv.call(latent)).MoveToOuterDisposeScope();
    }

    /// <summary>Draws all parameters anew: convolutions and linear layers uniform in +-1/sqrt(fan in), norms 1 and 0.</summary>
    /// <param name="generator">Source of the draws.</param>
    public void Initialise(Generator generator) => Initialisation.FanIn(this, generator);
}
