using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>What the attentions of one pass look at.</summary>
/// <param name="Text">Text tokens, [N, L, E].</param>
/// <param name="TextBias">Added to the scores of the text, [N, 1, 1, L]; null for none.</param>
/// <param name="Reference">Tokens of another pass; null for none.</param>
internal sealed record UNetContext(Tensor Text, Tensor? TextBias, ReferenceTokens? Reference);

/// <summary>Attention from tokens to a context. Fields carry the checkpoint's names.</summary>
internal sealed class UNetAttention : Module<Tensor, Tensor, Tensor?, Tensor>
{
    private readonly int _heads;
    private readonly LoraLinear to_q;
    private readonly LoraLinear to_k;
    private readonly LoraLinear to_v;
    private readonly ModuleList<LoraLinear> to_out;

    public UNetAttention(int width, int contextWidth, int heads) : base(nameof(UNetAttention))
    {
        _heads = heads;
        to_q = new LoraLinear(width, width, hasBias: false);
        to_k = new LoraLinear(contextWidth, width, hasBias: false);
        to_v = new LoraLinear(contextWidth, width, hasBias: false);
        to_out = ModuleList(new LoraLinear(width, width));
        RegisterComponents();
    }

    /// <param name="x">Tokens that ask, [N, T, D].</param>
    /// <param name="context">Tokens that answer, [N, L, E].</param>
    /// <param name="bias">Added to the scores, broadcasts to [N, heads, T, L].</param>
    /// <returns>[N, T, D].</returns>
    public override Tensor forward(Tensor x, Tensor context, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var mixed = Layers.Attend(to_q.call(x), to_k.call(context), to_v.call(context), _heads, bias);  // [N, T, D]
        return to_out[0].call(mixed).MoveToOuterDisposeScope();
    }
}

/// <summary>First half of the feed-forward layers: one linear layer whose second half gates the first.</summary>
/// <remarks>Source: Shazeer 2020, arXiv:2002.05202, equation 6 (GEGLU, exact form of GELU).</remarks>
internal sealed class GatedGelu : Module<Tensor, Tensor>
{
    private readonly LoraLinear proj;

    public GatedGelu(int width, int inner) : base(nameof(GatedGelu))
    {
        proj = new LoraLinear(width, 2 * inner);
        RegisterComponents();
    }

    /// <param name="input">[N, T, D].</param>
    /// <returns>[N, T, inner].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var halves = proj.call(input).chunk(2, dim: -1);                // two of [N, T, inner]
        var gate = functional.gelu(halves[1]);
        return (gate.requires_grad ? gate * halves[0] : gate.mul_(halves[0])).MoveToOuterDisposeScope();
    }
}

/// <summary>Feed-forward layers. The checkpoint numbers them 0 and 2: its 1 is a dropout without weights.</summary>
internal sealed class GatedFeedForward : Module<Tensor, Tensor>
{
    private readonly ModuleList<Module<Tensor, Tensor>> net;

    public GatedFeedForward(int width) : base(nameof(GatedFeedForward))
    {
        net = ModuleList<Module<Tensor, Tensor>>(
            new GatedGelu(width, 4 * width), nn.Identity(), new LoraLinear(4 * width, width));
        RegisterComponents();
    }

    /// <param name="input">[N, T, D].</param>
    /// <returns>[N, T, D].</returns>
    public override Tensor forward(Tensor input) => net[0].call(input).Then(net[2].call);
}
