using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Form of a <see cref="UNetTransformer"/>.</summary>
/// <param name="Channels">Channels of the features, C.</param>
/// <param name="Heads">Heads of all attentions.</param>
/// <param name="Depth">Blocks.</param>
/// <param name="TextWidth">Width of the text tokens, E.</param>
/// <param name="OnlyCrossAttention">Whether the first attention of a block looks at the text too.</param>
internal sealed record UNetTransformerShape(int Channels, int Heads, int Depth, int TextWidth, bool OnlyCrossAttention)
{
    /// <summary>Width of a token, D: C, or a little less when the heads do not divide it.</summary>
    public int Width => Heads * (Channels / Heads);
}

/// <summary>One block: attention among the tokens, attention to the text, feed-forward; each on a norm and added.</summary>
internal sealed class UNetTransformerBlock : Module<Tensor, UNetContext, Tensor>
{
    private readonly bool _onlyCrossAttention;
    private readonly LayerNorm norm1;
    private readonly UNetAttention attn1;
    private readonly LayerNorm norm2;
    private readonly UNetAttention attn2;
    private readonly LayerNorm norm3;
    private readonly GatedFeedForward ff;

    public UNetTransformerBlock(UNetTransformerShape shape) : base(nameof(UNetTransformerBlock))
    {
        var width = shape.Width;
        _onlyCrossAttention = shape.OnlyCrossAttention;
        norm1 = LayerNorm(width);
        attn1 = new UNetAttention(width, shape.OnlyCrossAttention ? shape.TextWidth : width, shape.Heads);
        norm2 = LayerNorm(width);
        attn2 = new UNetAttention(width, shape.TextWidth, shape.Heads);
        norm3 = LayerNorm(width);
        ff = new GatedFeedForward(width);
        RegisterComponents();
    }

    /// <param name="x">[N, T, D]; used up.</param>
    /// <param name="context">What attentions look at.</param>
    /// <returns>[N, T, D].</returns>
    public override Tensor forward(Tensor x, UNetContext context)
    {
        using var scope = NewDisposeScope();

        var normed = norm1.call(x);                                                             // [N, T, D]
        var seen = _onlyCrossAttention ? context.Text : context.Reference?.Exchange(normed) ?? normed;
        x = attn1.call(normed, seen, null).Plus(x);                                             // [N, T, D]
        x = norm2.call(x).Then(n => attn2.call(n, context.Text, context.TextBias)).Plus(x);     // [N, T, D]
        return norm3.call(x).Then(ff.call).Plus(x).MoveToOuterDisposeScope();                   // [N, T, D]
    }
}

/// <summary>Attention of the U-Net: features become tokens, run through blocks and are added back.</summary>
/// <remarks>
/// Source: Rombach et al. 2022, arXiv:2112.10752, section 3.3 and appendix E.2.1. Fields carry the checkpoint's names: there
/// this is a Transformer2DModel, the projections are 1x1 convolutions or linear layers.
/// </remarks>
internal sealed class UNetTransformer : Module<Tensor, UNetContext, Tensor>
{
    private const double NormEpsilon = 1e-6;

    private readonly GroupNorm norm;
    private readonly LoraLayer proj_in;
    private readonly ModuleList<UNetTransformerBlock> transformer_blocks;
    private readonly LoraLayer proj_out;

    public UNetTransformer(UNetTransformerShape shape, UNetConfig config) : base(nameof(UNetTransformer))
    {
        var (channels, width) = (shape.Channels, shape.Width);
        norm = Layers.GroupNorm(config.NormNumGroups, channels, NormEpsilon);
        proj_in = config.UseLinearProjection
            ? new LoraLinear(channels, width) : new LoraConv2d(channels, width, kernel: 1);
        transformer_blocks = ModuleList(
            Enumerable.Range(0, shape.Depth).Select(_ => new UNetTransformerBlock(shape)).ToArray());
        proj_out = config.UseLinearProjection
            ? new LoraLinear(width, channels) : new LoraConv2d(width, channels, kernel: 1);
        RegisterComponents();
    }

    /// <param name="x">[N, C, H, W].</param>
    /// <param name="context">What attentions look at.</param>
    /// <returns>[N, C, H, W].</returns>
    public override Tensor forward(Tensor x, UNetContext context)
    {
        using var scope = NewDisposeScope();
        var (height, width) = (x.shape[2], x.shape[3]);

        var h = norm.call(x);                                                                           // [N, C, H, W]
        h = proj_in is LoraLinear
            ? h.Then(ToTokens).Then(proj_in.call) : h.Then(proj_in.call).Then(ToTokens);                // [N, HW, D]
        foreach (var block in transformer_blocks)
        {
            h = h.Then(tokens => block.call(tokens, context));                                          // [N, HW, D]
        }

        h = proj_out is LoraLinear
            ? h.Then(proj_out.call).Then(ToFeatures) : h.Then(ToFeatures).Then(proj_out.call);          // [N, C, H, W]
        return h.Plus(x).MoveToOuterDisposeScope();

        Tensor ToFeatures(Tensor tokens) =>
            tokens.transpose(1, 2).reshape(tokens.shape[0], tokens.shape[2], height, width).contiguous();
    }

    private static Tensor ToTokens(Tensor features) => features.flatten(2).transpose(1, 2).contiguous();
}
