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
        down_blocks = ModuleList(Enumerable.Range(0, widths.Count)
            .Select(i => new EncoderLevel(widths[Math.Max(i - 1, 0)], widths[i], config, halves: i < widths.Count - 1))
            .ToArray());
        mid_block = new AutoencoderMiddle(coarsest, config.NormNumGroups);
        conv_norm_out = Layers.GroupNorm(config.NormNumGroups, coarsest, AutoencoderKL.NormEpsilon);
        conv_out = Conv2d(coarsest, 2 * config.LatentChannels, kernel_size: 3, padding: 1);
        RegisterComponents();
    }

    /// <param name="image">[N, C, H, W].</param>
    /// <returns>[N, 2 latent channels, H/factor, W/factor].</returns>
    public override Tensor forward(Tensor image)
    {
        using var scope = NewDisposeScope();

        var h = down_blocks.Aggregate(conv_in.call(image), (x, level) => level.call(x));
        h = mid_block.call(h);

        return conv_out.call(functional.silu(conv_norm_out.call(h))).MoveToOuterDisposeScope();
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
        int[] widths = [.. config.BlockOutChannels.Reverse()];

        conv_in = Conv2d(config.LatentChannels, widths[0], kernel_size: 3, padding: 1);
        mid_block = new AutoencoderMiddle(widths[0], config.NormNumGroups);
        up_blocks = ModuleList(Enumerable.Range(0, widths.Length)
            .Select(i => new DecoderLevel(widths[Math.Max(i - 1, 0)], widths[i], config, doubles: i < widths.Length - 1))
            .ToArray());
        conv_norm_out = Layers.GroupNorm(config.NormNumGroups, widths[^1], AutoencoderKL.NormEpsilon);
        conv_out = Conv2d(widths[^1], config.OutChannels, kernel_size: 3, padding: 1);
        RegisterComponents();
    }

    /// <param name="latent">[N, latent channels, h, w].</param>
    /// <returns>[N, C, h factor, w factor].</returns>
    public override Tensor forward(Tensor latent)
    {
        using var scope = NewDisposeScope();

        var h = mid_block.call(conv_in.call(latent));
        h = up_blocks.Aggregate(h, (x, level) => level.call(x));

        return conv_out.call(functional.silu(conv_norm_out.call(h))).MoveToOuterDisposeScope();
    }
}
