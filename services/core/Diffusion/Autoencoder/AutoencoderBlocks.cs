using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>One level of the encoder: residual blocks, each with attention in that kind, then a halving except at the coarsest.</summary>
internal sealed class EncoderLevel : Module<Tensor, Tensor>
{
    private readonly ModuleList<AutoencoderResidualBlock> resnets;
    private readonly ModuleList<AutoencoderAttention>? attentions;
    private readonly ModuleList<AutoencoderDownsampler>? downsamplers;

    public EncoderLevel(AutoencoderConfig config, int level) : base(nameof(EncoderLevel))
    {
        var (from, to) = (config.BlockOutChannels[Math.Max(level - 1, 0)], config.BlockOutChannels[level]);

        resnets = ModuleList(ResidualBlocks.Chain(from, to, config.LayersPerBlock, config));
        attentions = config.DownBlockTypes[level] == AutoencoderConfig.DownWithAttention
            ? ResidualBlocks.Attentions(to, config.LayersPerBlock, config) : null;
        downsamplers = level < config.BlockOutChannels.Count - 1 ? ModuleList(new AutoencoderDownsampler(to)) : null;
        RegisterComponents();
    }

    /// <param name="input">[N, C, H, W].</param>
    /// <returns>[N, D, H/2, W/2], or [N, D, H, W] at the coarsest level.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var h = ResidualBlocks.Run(input, resnets, attentions);                                 // [N, D, H, W]
        return (downsamplers is null ? h : h.Then(downsamplers[0].call)).MoveToOuterDisposeScope();
    }
}

/// <summary>One level of the decoder: residual blocks, each with attention in that kind, then a doubling except at the finest.</summary>
internal sealed class DecoderLevel : Module<Tensor, Tensor>
{
    private readonly ModuleList<AutoencoderResidualBlock> resnets;
    private readonly ModuleList<AutoencoderAttention>? attentions;
    private readonly ModuleList<AutoencoderUpsampler>? upsamplers;

    public DecoderLevel(AutoencoderConfig config, int level) : base(nameof(DecoderLevel))
    {
        var last = config.BlockOutChannels.Count - 1;
        var (from, to) = (config.BlockOutChannels[Math.Min(level + 1, last)], config.BlockOutChannels[level]);

        // One block more than in the encoder, as published.
        var count = config.LayersPerBlock + 1;
        resnets = ModuleList(ResidualBlocks.Chain(from, to, count, config));
        attentions = config.UpBlockTypes[last - level] == AutoencoderConfig.UpWithAttention
            ? ResidualBlocks.Attentions(to, count, config) : null;
        upsamplers = level > 0 ? ModuleList(new AutoencoderUpsampler(to)) : null;
        RegisterComponents();
    }

    /// <param name="input">[N, C, H, W].</param>
    /// <returns>[N, D, 2H, 2W], or [N, D, H, W] at the finest level.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var h = ResidualBlocks.Run(input, resnets, attentions);                                 // [N, D, H, W]
        return (upsamplers is null ? h : h.Then(upsamplers[0].call)).MoveToOuterDisposeScope();
    }
}

/// <summary>The coarsest level's middle: residual block, attention, residual block.</summary>
internal sealed class AutoencoderMiddle : Module<Tensor, Tensor>
{
    private readonly ModuleList<AutoencoderAttention> attentions;
    private readonly ModuleList<AutoencoderResidualBlock> resnets;

    public AutoencoderMiddle(AutoencoderConfig config) : base(nameof(AutoencoderMiddle))
    {
        var channels = config.BlockOutChannels[^1];
        attentions = ResidualBlocks.Attentions(channels, 1, config);
        resnets = ModuleList(ResidualBlocks.Chain(channels, channels, 2, config));
        RegisterComponents();
    }

    /// <param name="input">[N, C, H, W].</param>
    /// <returns>[N, C, H, W].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return resnets[0].call(input).Then(attentions[0].call).Then(resnets[1].call).MoveToOuterDisposeScope();
    }
}

/// <summary>Runs of residual blocks.</summary>
internal static class ResidualBlocks
{
    /// <summary>The first block changes the width, the others keep it.</summary>
    public static AutoencoderResidualBlock[] Chain(int inChannels, int outChannels, int count, AutoencoderConfig config) =>
        [.. Enumerable.Range(0, count)
            .Select(i => new AutoencoderResidualBlock(i == 0 ? inChannels : outChannels, outChannels, config))];

    /// <summary>Attentions of the blocks of a level.</summary>
    public static ModuleList<AutoencoderAttention> Attentions(int channels, int count, AutoencoderConfig config) =>
        ModuleList(Enumerable.Range(0, count)
            .Select(_ => new AutoencoderAttention(channels, config.NormNumGroups)).ToArray());

    /// <summary>Each block, and its attention where there is one; what a block made is freed when the next stands.</summary>
    public static Tensor Run(
        Tensor input, ModuleList<AutoencoderResidualBlock> blocks, ModuleList<AutoencoderAttention>? attentions)
    {
        var h = blocks[0].call(input);
        for (var i = 0; i < blocks.Count; i++)
        {
            h = i == 0 ? h : h.Then(blocks[i].call);
            h = attentions is null ? h : h.Then(attentions[i].call);
        }

        return h;
    }
}
