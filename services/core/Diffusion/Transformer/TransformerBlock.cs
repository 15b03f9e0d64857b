using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Attention from tokens to a context. Fields carry the checkpoint's names.</summary>
internal sealed class TransformerAttention : Module<Tensor, Tensor, Tensor?, Tensor>
{
    private readonly int _heads;
    private readonly Linear to_q;
    private readonly Linear to_k;
    private readonly Linear to_v;
    private readonly ModuleList<Linear> to_out;

    public TransformerAttention(TransformerConfig config) : base(nameof(TransformerAttention))
    {
        var width = config.Width;
        _heads = config.NumAttentionHeads;
        to_q = Linear(width, width, hasBias: config.AttentionBias);
        to_k = Linear(width, width, hasBias: config.AttentionBias);
        to_v = Linear(width, width, hasBias: config.AttentionBias);
        to_out = ModuleList(Linear(width, width));
        RegisterComponents();
    }

    /// <param name="x">Tokens that ask, [N, T, D].</param>
    /// <param name="context">Tokens that answer, [N, L, D].</param>
    /// <param name="bias">Added to the scores, broadcasts to [N, heads, T, L].</param>
    /// <returns>[N, T, D].</returns>
    public override Tensor forward(Tensor x, Tensor context, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var mixed = Layers.Attend(to_q.call(x), to_k.call(context), to_v.call(context), _heads, bias);  // [N, T, D]
        return to_out[0].call(mixed).MoveToOuterDisposeScope();
    }

    public void Initialise(Generator generator, bool silent)
    {
        foreach (var layer in new[] { to_q, to_k, to_v, to_out[0] })
        {
            Initialisation.Glorot(layer.weight, layer.bias, generator);
        }

        if (silent)
        {
            Initialisation.Zero(to_out[0]);
        }
    }
}

/// <summary>First half of the feed-forward layers: linear, then the tanh form of GELU.</summary>
internal sealed class ApproximateGelu : Module<Tensor, Tensor>
{
    private readonly Linear proj;

    public ApproximateGelu(int width, int inner) : base(nameof(ApproximateGelu))
    {
        proj = Linear(width, inner);
        RegisterComponents();
    }

    public override Tensor forward(Tensor input)
    {
        using var inner = proj.call(input);
        return functional.gelu(inner, TorchSharp.Modules.GELU.Approximate.tanh);
    }

    public void Initialise(Generator generator) => Initialisation.Glorot(proj.weight, proj.bias, generator);
}

/// <summary>Feed-forward layers. The checkpoint numbers them 0 and 2: its 1 is a dropout without weights.</summary>
internal sealed class TransformerFeedForward : Module<Tensor, Tensor>
{
    private readonly ModuleList<Module<Tensor, Tensor>> net;

    public TransformerFeedForward(int width) : base(nameof(TransformerFeedForward))
    {
        net = ModuleList<Module<Tensor, Tensor>>(
            new ApproximateGelu(width, 4 * width), nn.Identity(), Linear(4 * width, width));
        RegisterComponents();
    }

    /// <param name="input">[N, T, D].</param>
    /// <returns>[N, T, D].</returns>
    public override Tensor forward(Tensor input)
    {
        using var inner = net[0].call(input);       // [N, T, 4D]
        return net[2].call(inner);
    }

    public void Initialise(Generator generator)
    {
        ((ApproximateGelu)net[0]).Initialise(generator);
        var last = (Linear)net[2];
        Initialisation.Glorot(last.weight, last.bias, generator);
    }
}

/// <summary>One block: self-attention, attention to the text, feed-forward, modulated by the timestep.</summary>
/// <remarks>
/// <code>
/// (b1, s1, g1, b2, s2, g2) = scale_shift_table + modulation
/// x += g1 attn1( LN(x) (1 + s1) + b1 );   x += attn2(x, text);   x += g2 ff( LN(x) (1 + s2) + b2 )
/// </code>
/// Source: Peebles and Xie 2022, arXiv:2212.09748, figure 3; Chen et al. 2023, arXiv:2310.00426, figure 4.
/// </remarks>
internal sealed class TransformerBlock : Module<Tensor, Tensor, Tensor, Tensor?, Tensor>
{
    private readonly TransformerConfig _config;
    private readonly Parameter scale_shift_table;
    private readonly TransformerAttention attn1;
    private readonly TransformerAttention attn2;
    private readonly TransformerFeedForward ff;

    public TransformerBlock(TransformerConfig config) : base(nameof(TransformerBlock))
    {
        _config = config;
        using var start = zeros(6, config.Width);
        scale_shift_table = Parameter(start);
        attn1 = new TransformerAttention(config);
        attn2 = new TransformerAttention(config);
        ff = new TransformerFeedForward(config.Width);
        RegisterComponents();
    }

    /// <param name="x">[N, T, D].</param>
    /// <param name="text">[N, L, D].</param>
    /// <param name="modulation">[N, 6, D].</param>
    /// <param name="textBias">Added to the scores of the text, broadcasts to [N, heads, T, L].</param>
    /// <returns>[N, T, D].</returns>
    public override Tensor forward(Tensor x, Tensor text, Tensor modulation, Tensor? textBias)
    {
        using var scope = NewDisposeScope();

        var m = (scale_shift_table + modulation).chunk(6, dim: 1);                              // six of [N, 1, D]
        var normed = Layers.ModulatedNorm(x, m[0], m[1], _config.NormEps);                      // [N, T, D]
        var h = x.addcmul(m[2], attn1.call(normed, normed, null), 1);                           // [N, T, D]
        h = h + attn2.call(h, text, textBias);                                                  // [N, T, D]
        normed = Layers.ModulatedNorm(h, m[3], m[4], _config.NormEps);                          // [N, T, D]

        return h.addcmul(m[5], ff.call(normed), 1).MoveToOuterDisposeScope();
    }

    public void Initialise(Generator generator)
    {
        init.normal_(scale_shift_table, 0, 1 / Math.Sqrt(_config.Width), generator);
        attn1.Initialise(generator, silent: false);
        attn2.Initialise(generator, silent: true);
        ff.Initialise(generator);
    }
}
