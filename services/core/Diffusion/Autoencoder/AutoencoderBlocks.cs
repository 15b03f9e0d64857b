using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>One level of the encoder: residual blocks, then a halving except at the coarsest level.</summary>
internal sealed class EncoderLevel : Module<Tensor, Tensor>
{
    private readonly ModuleList<AutoencoderResidualBlock> resnets;
    private readonly ModuleList<AutoencoderDownsampler>? downsamplers;

    public EncoderLevel(int inChannels, int outChannels, AutoencoderConfig config, bool halves)
        : base(nameof(EncoderLevel))
    {
        resnets = ModuleList(ResidualBlocks.Chain(inChannels, outChannels, config.LayersPerBlock, config.NormNumGroups));
        downsamplers = halves ? ModuleList(new AutoencoderDownsampler(outChannels)) : null;
        RegisterComponents();
    }

    /// <param name="input">[N, C, H, W].</param>
    /// <returns>[N, D, H/2, W/2], or [N, D, H, W] at the coarsest level.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var h = resnets.Aggregate(input, (x, block) => block.call(x));                          // [N, D, H, W]
        return (downsamplers is null ? h : downsamplers[0].call(h)).MoveToOuterDisposeScope();
    }
}

/// <summary>One level of the decoder: residual blocks, then a doubling except at the finest level.</summary>
internal sealed class DecoderLevel : Module<Tensor, Tensor>
{
    private readonly ModuleList<AutoencoderResidualBlock> resnets;
    private readonly ModuleList<AutoencoderUpsampler>? upsamplers;

    public DecoderLevel(int inChannels, int outChannels, AutoencoderConfig config, bool doubles)
        : base(nameof(DecoderLevel))
    {
        // One block more than in the encoder, as published.
        var count = config.LayersPerBlock + 1;
        resnets = ModuleList(ResidualBlocks.Chain(inChannels, outChannels, count, config.NormNumGroups));
        upsamplers = doubles ? ModuleList(new AutoencoderUpsampler(outChannels)) : null;
        RegisterComponents();
    }

    /// <param name="input">[N, C, H, W].</param>
    /// <returns>[N, D, 2H, 2W], or [N, D, H, W] at the finest level.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var h = resnets.Aggregate(input, (x, block) => block.call(x));                          // [N, D, H, W]
        return (upsamplers is null ? h : upsamplers[0].call(h)).MoveToOuterDisposeScope();
    }
}

/// <summary>The coarsest level's middle: residual block, attention, residual block.</summary>
internal sealed class AutoencoderMiddle : Module<Tensor, Tensor>
{
    private readonly ModuleList<AutoencoderAttention> attentions;
    private readonly ModuleList<AutoencoderResidualBlock> resnets;

    public AutoencoderMiddle(int channels, int groups) : base(nameof(AutoencoderMiddle))
    {
        attentions = ModuleList(new AutoencoderAttention(channels, groups));
        resnets = ModuleList(ResidualBlocks.Chain(channels, channels, 2, groups));
        RegisterComponents();
    }

    /// <param name="input">[N, C, H, W].</param>
    /// <returns>[N, C, H, W].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var h = attentions[0].call(resnets[0].call(input));         // [N, C, H, W]
        return resnets[1].call(h).MoveToOuterDisposeScope();
    }
}

/// <summary>Builds runs of residual blocks.</summary>
internal static class ResidualBlocks
{
    /// <summary>The first block changes the width, the others keep it.</summary>
    public static AutoencoderResidualBlock[] Chain(int inChannels, int outChannels, int count, int groups) =>
        [.. Enumerable.Range(0, count)
            .Select(i => new AutoencoderResidualBlock(i == 0 ? inChannels : outChannels, outChannels, groups))];
}
