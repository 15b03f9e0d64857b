using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Self-attention of both towers. Fields carry the checkpoint's names.</summary>
internal sealed class ClipAttention : Module<Tensor, Tensor?, Tensor>
{
    private readonly int _heads;
    private readonly Linear k_proj;
    private readonly Linear v_proj;
    private readonly Linear q_proj;
    private readonly Linear out_proj;

    public ClipAttention(ClipEncoderConfig config) : base(nameof(ClipAttention))
    {
        _heads = config.Heads;
        k_proj = Linear(config.Width, config.Width);
        v_proj = Linear(config.Width, config.Width);
        q_proj = Linear(config.Width, config.Width);
        out_proj = Linear(config.Width, config.Width);
        RegisterComponents();
    }

    /// <param name="x">[N, L, E].</param>
    /// <param name="bias">Added to the scores, broadcasts to [N, heads, L, L].</param>
    /// <returns>[N, L, E].</returns>
    public override Tensor forward(Tensor x, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var mixed = Layers.Attend(q_proj.call(x), k_proj.call(x), v_proj.call(x), _heads, bias);   // [N, L, E]
        return out_proj.call(mixed).MoveToOuterDisposeScope();
    }

    public void Initialise(double inputDeviation, double outputDeviation, Generator generator)
    {
        foreach (var layer in new[] { q_proj, k_proj, v_proj })
        {
            Initialisation.Normal(layer, inputDeviation, generator);
        }

        Initialisation.Normal(out_proj, outputDeviation, generator);
    }
}

/// <summary>Feed-forward layers of both towers.</summary>
internal sealed class ClipFeedForward : Module<Tensor, Tensor>
{
    private readonly ClipActivation _activation;
    private readonly Linear fc1;
    private readonly Linear fc2;

    public ClipFeedForward(ClipEncoderConfig config) : base(nameof(ClipFeedForward))
    {
        _activation = config.Activation;
        fc1 = Linear(config.Width, config.FeedForwardWidth);
        fc2 = Linear(config.FeedForwardWidth, config.Width);
        RegisterComponents();
    }

    /// <param name="input">[N, L, E].</param>
    /// <returns>[N, L, E].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var h = fc1.call(input);                                                                    // [N, L, F]
        h = _activation == ClipActivation.QuickGelu ? h * (h * 1.702).sigmoid() : functional.gelu(h);
        return fc2.call(h).MoveToOuterDisposeScope();
    }

    public void Initialise(double innerDeviation, double outputDeviation, Generator generator)
    {
        Initialisation.Normal(fc1, innerDeviation, generator);
        Initialisation.Normal(fc2, outputDeviation, generator);
    }
}

/// <summary>One layer of both towers: x += attention(norm(x)); x += feed-forward(norm(x)).</summary>
internal sealed class ClipLayer : Module<Tensor, Tensor?, Tensor>
{
    private readonly ClipAttention self_attn;
    private readonly LayerNorm layer_norm1;
    private readonly ClipFeedForward mlp;
    private readonly LayerNorm layer_norm2;

    public ClipLayer(ClipEncoderConfig config) : base(nameof(ClipLayer))
    {
        self_attn = new ClipAttention(config);
        layer_norm1 = LayerNorm(config.Width, config.Epsilon);
        mlp = new ClipFeedForward(config);
        layer_norm2 = LayerNorm(config.Width, config.Epsilon);
        RegisterComponents();
    }

    /// <param name="x">[N, L, E].</param>
    /// <param name="bias">Added to the scores, broadcasts to [N, heads, L, L].</param>
    /// <returns>[N, L, E].</returns>
    public override Tensor forward(Tensor x, Tensor? bias)
    {
        using var scope = NewDisposeScope();
        var h = x + self_attn.call(layer_norm1.call(x), bias);              // [N, L, E]
        return (h + mlp.call(layer_norm2.call(h))).MoveToOuterDisposeScope();
    }

    /// <summary>Deviations shrink with depth, so that the residual sum keeps its size. Source: CLIP's published code.</summary>
    public void Initialise(ClipEncoderConfig config, Generator generator)
    {
        var output = 1 / Math.Sqrt(config.Width);
        var branch = output / Math.Sqrt(2.0 * config.Layers);
        self_attn.Initialise(branch, output, generator);
        mlp.Initialise(1 / Math.Sqrt(2.0 * config.Width), branch, generator);
    }
}

/// <summary>The stack of layers of a tower.</summary>
internal sealed class ClipEncoder : Module<Tensor, Tensor?, (Tensor Last, Tensor Penultimate)>
{
    private readonly ClipEncoderConfig _config;
    private readonly ModuleList<ClipLayer> layers;

    public ClipEncoder(ClipEncoderConfig config) : base(nameof(ClipEncoder))
    {
        _config = config;
        layers = ModuleList(Enumerable.Range(0, config.Layers).Select(_ => new ClipLayer(config)).ToArray());
        RegisterComponents();
    }

    /// <param name="x">Embedded tokens, [N, L, E].</param>
    /// <param name="bias">Added to the scores, broadcasts to [N, heads, L, L].</param>
    /// <returns>Output of the last layer and its input, both [N, L, E].</returns>
    public override (Tensor Last, Tensor Penultimate) forward(Tensor x, Tensor? bias)
    {
        using var scope = NewDisposeScope();

        var before = x.alias();                 // with one layer the input is handed out under a handle of its own
        var h = layers[0].call(x, bias);        // [N, L, E]
        foreach (var layer in layers.Skip(1))
        {
            before = h;
            h = layer.call(h, bias);            // [N, L, E]
        }

        return scope.MoveToOuter(h, before);
    }

    public void Initialise(Generator generator)
    {
        foreach (var layer in layers)
        {
            layer.Initialise(_config, generator);
        }
    }
}
