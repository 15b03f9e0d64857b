using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Residual block of the autoencoder: the U-Net's, without a noise level.</summary>
/// <remarks>
/// <code>y = shortcut(x) + conv2(act(norm2(conv1(act(norm1(x))))))</code>
/// Source: Rombach et al. 2022, arXiv:2112.10752, appendix G. Fields carry the checkpoint's names.
/// </remarks>
internal sealed class AutoencoderResidualBlock : Module<Tensor, Tensor>
{
    private readonly Func<Tensor, Tensor> _activation;
    private readonly GroupNorm norm1;
    private readonly Conv2d conv1;
    private readonly GroupNorm norm2;
    private readonly Conv2d conv2;
    private readonly Conv2d? conv_shortcut;

    public AutoencoderResidualBlock(int inChannels, int outChannels, AutoencoderConfig config)
        : base(nameof(AutoencoderResidualBlock))
    {
        var groups = config.NormNumGroups;
        _activation = Activations.Named(config.ActFn);
        norm1 = Layers.GroupNorm(groups, inChannels, AutoencoderKL.NormEpsilon);
        conv1 = Conv2d(inChannels, outChannels, kernel_size: 3, padding: 1);
        norm2 = Layers.GroupNorm(groups, outChannels, AutoencoderKL.NormEpsilon);
        conv2 = Conv2d(outChannels, outChannels, kernel_size: 3, padding: 1);
        conv_shortcut = inChannels == outChannels ? null : Conv2d(inChannels, outChannels, kernel_size: 1);
        RegisterComponents();
    }

    /// <param name="input">[N, C, H, W].</param>
    /// <returns>[N, D, H, W].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();

        var h = norm1.call(input).Then(_activation).Then(conv1.call);                               // [N, D, H, W]
        h = h.Then(norm2.call).Then(_activation).Then(conv2.call);                                  // [N, D, H, W]

        return h.Plus(conv_shortcut?.call(input) ?? input).MoveToOuterDisposeScope();
    }
}
