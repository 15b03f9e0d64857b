using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Image to the moments of the latent, before <c>quant_conv</c>.</summary>
internal sealed class AutoencoderEncoder : Module<Tensor, Tensor>
{
    private readonly Conv2d conv_in;
    private readonly ModuleList<EncoderLevel> down_blocks;
    private readonly AutoencoderMiddle mid_block;
    private readonly GroupNorm conv_norm_out;
    private readonly Conv2d conv_out;

    public AutoencoderEncoder(AutoencoderConfig config) : base(nameof(AutoencoderEncoder))
    {
        var widths = config.BlockOutChannels;
        var coarsest = widths[^1];

        conv_in = Conv2d(config.InChannels, widths[0], kernel_size: 3, padding: 1);
        down_blocks = ModuleList(
            Enumerable.Range(0, widths.Count).Select(level => new EncoderLevel(config, level)).ToArray());
        mid_block = new AutoencoderMiddle(config);
        conv_norm_out = Layers.GroupNorm(config.NormNumGroups, coarsest, AutoencoderKL.NormEpsilon);
        conv_out = Conv2d(coarsest, 2 * config.LatentChannels, kernel_size: 3, padding: 1);
        RegisterComponents();
    }

    /// <param name="image">[N, C, H, W].</param>
    /// <returns>[N, 2 latent channels, H/factor, W/factor].</returns>
    public override Tensor forward(Tensor image)
    {
        using var scope = NewDisposeScope();

        var h = down_blocks.Aggregate(conv_in.call(image), (x, level) => x.Then(level.call));
        return h.Then(mid_block.call).Then(conv_norm_out.call).Then(Activations.Named("silu")).Then(conv_out.call)
            .MoveToOuterDisposeScope();
    }
}

/// <summary>Latent, after <c>post_quant_conv</c>, to image.</summary>
internal sealed class AutoencoderDecoder : Module<Tensor, Tensor>
{
    private readonly Conv2d conv_in;
    private readonly AutoencoderMiddle mid_block;
    private readonly ModuleList<DecoderLevel> up_blocks;
    private readonly GroupNorm conv_norm_out;
    private readonly Conv2d conv_out;

    public AutoencoderDecoder(AutoencoderConfig config) : base(nameof(AutoencoderDecoder))
    {
        var widths = config.BlockOutChannels;

        conv_in = Conv2d(config.LatentChannels, widths[^1], kernel_size: 3, padding: 1);
        mid_block = new AutoencoderMiddle(config);
        up_blocks = ModuleList(
            Enumerable.Range(0, widths.Count).Reverse().Select(level => new DecoderLevel(config, level)).ToArray());
        conv_norm_out = Layers.GroupNorm(config.NormNumGroups, widths[0], AutoencoderKL.NormEpsilon);
        conv_out = Conv2d(widths[0], config.OutChannels, kernel_size: 3, padding: 1);
        RegisterComponents();
    }

    /// <param name="latent">[N, latent channels, h, w].</param>
    /// <returns>[N, C, h factor, w factor].</returns>
    public override Tensor forward(Tensor latent)
    {
        using var scope = NewDisposeScope();

        var h = up_blocks.Aggregate(conv_in.call(latent).Then(mid_block.call), (x, level) => x.Then(level.call));
        return h.Then(conv_norm_out.call).Then(Activations.Named("silu")).Then(conv_out.call).MoveToOuterDisposeScope();
    }
}
