using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>A group normalisation whose scale and shift come from the timestep's embedding.</summary>
internal sealed class AdaptiveGroupNorm : Module<Tensor, Tensor, Tensor>
{
    private readonly int _groups;
    private readonly double _epsilon;
    private readonly Linear linear;

    public AdaptiveGroupNorm(int embeddingWidth, int channels, UNetConfig config) : base(nameof(AdaptiveGroupNorm))
    {
        (_groups, _epsilon) = (config.NormNumGroups, config.NormEps);
        linear = Linear(embeddingWidth, 2 * channels);
        RegisterComponents();
    }

    /// <param name="x">[N, C, H, W].</param>
    /// <param name="embedding">[N, E].</param>
    /// <returns>[N, C, H, W].</returns>
    public override Tensor forward(Tensor x, Tensor embedding)
    {
        using var scope = NewDisposeScope();
        var m = linear.call(embedding).unsqueeze(-1).unsqueeze(-1).chunk(2, dim: 1);        // two of [N, C, 1, 1]
        var normed = functional.group_norm(x, _groups, eps: _epsilon);
        return m[1].addcmul(normed, m[0] + 1, 1).MoveToOuterDisposeScope();
    }
}

/// <summary>Residual block of the U-Net, told the noise level between its two convolutions.</summary>
/// <remarks>
/// <code>
/// h = conv1(act(norm1(x)));   e = time_emb_proj(act(embedding))
/// h = norm2(h + e)            or, modulated,   h = norm2(h) (1 + e1) + e2
/// y = (shortcut(x) + conv2(act(h))) / scale
/// </code>
/// Sources: Ho, Jain and Abbeel 2020, arXiv:2006.11239, appendix B; Dhariwal and Nichol 2021, arXiv:2105.05233, section 3,
/// for the modulated form. Fields carry the checkpoint's names.
/// </remarks>
internal sealed class UNetResidualBlock : Module<Tensor, Tensor, Tensor>
{
    /// <summary>The embedding is added.</summary>
    public const string Adds = "default";

    /// <summary>The embedding scales and shifts the second norm.</summary>
    public const string Modulates = "scale_shift";

    /// <summary>The embedding scales and shifts both norms, which have no weights of their own.</summary>
    public const string ModulatesBothNorms = "ada_group";

    private readonly string _timeScaleShift;
    private readonly double _outputScale;
    private readonly double _dropout;
    private readonly Func<Tensor, Tensor> _activation;
    private readonly Module norm1;
    private readonly LoraConv2d conv1;
    private readonly LoraLinear? time_emb_proj;
    private readonly Module norm2;
    private readonly LoraConv2d conv2;
    private readonly LoraConv2d? conv_shortcut;

    public UNetResidualBlock(int inChannels, int outChannels, UNetConfig config, double outputScale = 1)
        : base(nameof(UNetResidualBlock))
    {
        (_timeScaleShift, _outputScale, _dropout) = (config.ResnetTimeScaleShift, outputScale, config.Dropout);
        _activation = Activations.Named(config.ActFn);

        norm1 = Norm(inChannels, config);
        conv1 = new LoraConv2d(inChannels, outChannels, kernel: 3, padding: 1);
        time_emb_proj = _timeScaleShift switch
        {
            Adds => new LoraLinear(config.EmbeddingWidth, outChannels),
            Modulates => new LoraLinear(config.EmbeddingWidth, 2 * outChannels),
            _ => null,
        };
        norm2 = Norm(outChannels, config);
        conv2 = new LoraConv2d(outChannels, outChannels, kernel: 3, padding: 1);
        conv_shortcut = inChannels == outChannels ? null : new LoraConv2d(inChannels, outChannels, kernel: 1);
        RegisterComponents();
    }

    /// <param name="x">[N, C, H, W].</param>
    /// <param name="embedding">[N, E].</param>
    /// <returns>[N, D, H, W].</returns>
    public override Tensor forward(Tensor x, Tensor embedding)
    {
        using var scope = NewDisposeScope();

        var h = Normed(norm1, x, embedding).Then(_activation).Then(conv1.call);                     // [N, D, H, W]
        if (time_emb_proj is not null)
        {
            var told = time_emb_proj.call(embedding.clone().Then(_activation));                     // [N, D] or [N, 2D]
            told = told.unsqueeze(-1).unsqueeze(-1);
            h = _timeScaleShift == Adds
                ? h.Then(features => features + told).Then(((GroupNorm)norm2).call)                 // [N, D, H, W]
                : h.Then(((GroupNorm)norm2).call).Then(features => Modulate(features, told));       // [N, D, H, W]
        }
        else
        {
            h = h.Then(features => Normed(norm2, features, embedding));                             // [N, D, H, W]
        }

        h = h.Then(_activation);
        h = training && _dropout > 0 ? h.Then(features => functional.dropout(features, _dropout)) : h;
        h = h.Then(conv2.call);                                                                     // [N, D, H, W]
        h = conv_shortcut is null ? h.Plus(x) : h.Plus(conv_shortcut.call(x));
        return (_outputScale == 1 ? h : h / _outputScale).MoveToOuterDisposeScope();
    }

    private static Module Norm(int channels, UNetConfig config) => config.ResnetTimeScaleShift == ModulatesBothNorms
        ? new AdaptiveGroupNorm(config.EmbeddingWidth, channels, config)
        : Layers.GroupNorm(config.NormNumGroups, channels, config.NormEps);

    private static Tensor Normed(Module norm, Tensor x, Tensor embedding) =>
        norm is AdaptiveGroupNorm adaptive ? adaptive.call(x, embedding) : ((GroupNorm)norm).call(x);

    private static Tensor Modulate(Tensor x, Tensor scaleAndShift)
    {
        var m = scaleAndShift.chunk(2, dim: 1);
        return m[1].addcmul(x, m[0] + 1, 1);
    }
}
