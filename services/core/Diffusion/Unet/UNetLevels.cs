using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>The kinds of levels, by the names that configurations give them, and how many transformer blocks they have.</summary>
internal static class UNetLevels
{
    public const string Down = "DownBlock2D";
    public const string DownWithAttention = "CrossAttnDownBlock2D";
    public const string Up = "UpBlock2D";
    public const string UpWithAttention = "CrossAttnUpBlock2D";
    public const string Middle = "UNetMidBlock2D";
    public const string MiddleWithAttention = "UNetMidBlock2DCrossAttn";

    /// <summary>The attentions of a level, one per residual block.</summary>
    /// <param name="config">Form of the network.</param>
    /// <param name="level">Level, 0 is the finest.</param>
    /// <param name="depths">Transformer blocks of each attention.</param>
    public static ModuleList<UNetTransformer> Attentions(UNetConfig config, int level, IEnumerable<int> depths) =>
        ModuleList(depths.Select(depth => new UNetTransformer(
            new UNetTransformerShape(
                config.BlockOutChannels[level], config.AttentionHeadDim[level], depth, config.CrossAttentionDim[level],
                config.OnlyCrossAttention[level]),
            config)).ToArray());
}

/// <summary>One level on the way down: residual blocks, attentions, then a halving except at the coarsest level.</summary>
internal sealed class UNetDownBlock : Module
{
    private readonly ModuleList<UNetResidualBlock> resnets;
    private readonly ModuleList<UNetTransformer>? attentions;
    private readonly ModuleList<UNetDownsampler>? downsamplers;

    public UNetDownBlock(UNetConfig config, int level) : base(nameof(UNetDownBlock))
    {
        var (from, to) = (config.BlockOutChannels[Math.Max(level - 1, 0)], config.BlockOutChannels[level]);
        var layers = Enumerable.Range(0, config.LayersPerBlock[level]);

        resnets = ModuleList(layers.Select(i => new UNetResidualBlock(i == 0 ? from : to, to, config)).ToArray());
        attentions = config.DownBlockTypes[level] == UNetLevels.DownWithAttention
            ? UNetLevels.Attentions(config, level, layers.Select(i => config.TransformerLayersPerBlock[level][i])) : null;
        downsamplers = level < config.BlockOutChannels.Count - 1
            ? ModuleList(new UNetDownsampler(to, config.DownsamplePadding)) : null;
        RegisterComponents();
    }

    /// <param name="x">[N, C, H, W]; left alone.</param>
    /// <param name="embedding">[N, E].</param>
    /// <param name="context">What attentions look at.</param>
    /// <param name="skips">Gets the features after each layer; the last of them is what goes on.</param>
    public void Run(Tensor x, Tensor embedding, UNetContext context, List<Tensor> skips)
    {
        for (var i = 0; i < resnets.Count; i++)
        {
            x = resnets[i].call(x, embedding);                                                  // [N, D, H, W]
            x = attentions is null ? x : x.Then(h => attentions[i].call(h, context));           // [N, D, H, W]
            skips.Add(x);
        }

        if (downsamplers is not null)
        {
            skips.Add(downsamplers[0].call(x));                                                 // [N, D, H/2, W/2]
        }
    }
}

/// <summary>The coarsest level's middle: residual block, and with attention that and another residual block.</summary>
internal sealed class UNetMiddle : Module<Tensor, Tensor, UNetContext, Tensor>
{
    private readonly ModuleList<UNetTransformer>? attentions;
    private readonly ModuleList<UNetResidualBlock> resnets;

    public UNetMiddle(UNetConfig config) : base(nameof(UNetMiddle))
    {
        var (last, attends) = (config.BlockOutChannels.Count - 1, config.MidBlockType == UNetLevels.MiddleWithAttention);
        var channels = config.BlockOutChannels[last];

        // The middle never looks at the text alone, whatever the levels do.
        attentions = attends
            ? UNetLevels.Attentions(
                config with { OnlyCrossAttention = false }, last, [config.TransformerLayersPerBlock[last][0]])
            : null;
        resnets = ModuleList(Enumerable.Range(0, attends ? 2 : 1)
            .Select(_ => new UNetResidualBlock(channels, channels, config, config.MidBlockScaleFactor)).ToArray());
        RegisterComponents();
    }

    /// <param name="x">[N, C, H, W]; left alone.</param>
    /// <param name="embedding">[N, E].</param>
    /// <param name="context">What attentions look at.</param>
    /// <returns>[N, C, H, W].</returns>
    public override Tensor forward(Tensor x, Tensor embedding, UNetContext context)
    {
        var h = resnets[0].call(x, embedding);
        return attentions is null
            ? h
            : h.Then(y => attentions[0].call(y, context)).Then(y => resnets[1].call(y, embedding));
    }
}

/// <summary>One level on the way up: residual blocks on features beside skips, attentions, then a doubling except at the finest.</summary>
internal sealed class UNetUpBlock : Module
{
    private readonly ModuleList<UNetResidualBlock> resnets;
    private readonly ModuleList<UNetTransformer>? attentions;
    private readonly ModuleList<UNetUpsampler>? upsamplers;

    public UNetUpBlock(UNetConfig config, int level) : base(nameof(UNetUpBlock))
    {
        var widths = config.BlockOutChannels;
        var (coarser, to, finer) =
            (widths[Math.Min(level + 1, widths.Count - 1)], widths[level], widths[Math.Max(level - 1, 0)]);
        var count = config.LayersPerBlock[level] + 1;
        var step = widths.Count - 1 - level;
        var depth = config.ReverseTransformerLayersPerBlock?[step] ?? config.TransformerLayersPerBlock[level];

        // The last skip of a level comes from the finer one, before its features were widened.
        resnets = ModuleList(Enumerable.Range(0, count)
            .Select(i => new UNetResidualBlock(
                (i == 0 ? coarser : to) + (i == count - 1 ? finer : to), to, config)).ToArray());
        attentions = config.UpBlockTypes[step] == UNetLevels.UpWithAttention
            ? UNetLevels.Attentions(config, level, Enumerable.Range(0, count).Select(i => depth[i])) : null;
        upsamplers = level > 0 ? ModuleList(new UNetUpsampler(to)) : null;
        RegisterComponents();
    }

    /// <param name="x">[N, C, H, W]; used up.</param>
    /// <param name="embedding">[N, E].</param>
    /// <param name="context">What attentions look at.</param>
    /// <param name="skips">Features of the way down; those of this level are taken from its end and used up.</param>
    /// <param name="fitSkips">Whether a doubling goes to the size of the next skip rather than to twice its own.</param>
    /// <returns>[N, D, 2H, 2W], or [N, D, H, W] at the finest level.</returns>
    public Tensor Run(Tensor x, Tensor embedding, UNetContext context, List<Tensor> skips, bool fitSkips)
    {
        for (var i = 0; i < resnets.Count; i++)
        {
            using var skip = skips[^1];
            skips.RemoveAt(skips.Count - 1);
            x = x.Then(h => cat([h, skip], 1)).Then(h => resnets[i].call(h, embedding));        // [N, D, H, W]
            x = attentions is null ? x : x.Then(h => attentions[i].call(h, context));           // [N, D, H, W]
        }

        return upsamplers is null ? x : x.Then(h => upsamplers[0].call(h, fitSkips ? skips[^1] : null));
    }
}
