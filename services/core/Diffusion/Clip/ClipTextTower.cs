using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>What a text tower says about a batch of token sequences. The receiver disposes the tensors.</summary>
/// <param name="LastHiddenState">After the final norm, [N, L, E].</param>
/// <param name="PenultimateHiddenState">Input of the last layer, without the final norm, [N, L, E].</param>
/// <param name="Pooled">The end-of-text token's row of <paramref name="LastHiddenState"/>, [N, E].</param>
public sealed record ClipTextOutput(Tensor LastHiddenState, Tensor PenultimateHiddenState, Tensor Pooled);

/// <summary>Token embeddings of the text tower.</summary>
internal sealed class ClipTextEmbeddings : Module<Tensor, Tensor>
{
    private readonly Embedding token_embedding;
    private readonly Embedding position_embedding;

    public ClipTextEmbeddings(ClipTextConfig config) : base(nameof(ClipTextEmbeddings))
    {
        token_embedding = Embedding(config.VocabSize, config.HiddenSize);
        position_embedding = Embedding(config.MaxPositionEmbeddings, config.HiddenSize);
        RegisterComponents();
    }

    /// <param name="ids">[N, L].</param>
    /// <returns>[N, L, E].</returns>
    public override Tensor forward(Tensor ids)
    {
        using var scope = NewDisposeScope();
        var positions = position_embedding.weight.narrow(0, 0, ids.shape[1]);      // [L, E]
        return (token_embedding.call(ids) + positions).MoveToOuterDisposeScope();
    }

    public void Initialise(Generator generator)
    {
        init.normal_(token_embedding.weight, 0, 0.02, generator);
        init.normal_(position_embedding.weight, 0, 0.02, generator);
    }
}

/// <summary>The text tower inside its published wrappers.</summary>
/// <remarks>Source: Radford et al. 2021, arXiv:2103.00020, section 2.4. Every token sees itself and those before it.</remarks>
internal sealed class ClipTextTower : Module<Tensor, Tensor?, ClipTextOutput>
{
    private readonly ClipTextConfig _config;
    private readonly ClipTextEmbeddings embeddings;
    private readonly ClipEncoder encoder;
    private readonly LayerNorm final_layer_norm;

    public ClipTextTower(ClipTextConfig config) : base(nameof(ClipTextTower))
    {
        ConfigProblem.ThrowIfAny(config);
        _config = config;
        embeddings = new ClipTextEmbeddings(config);
        encoder = new ClipEncoder(ClipEncoderConfig.Of(config));
        final_layer_norm = LayerNorm(config.HiddenSize, config.LayerNormEps);
        RegisterComponents();
    }

    /// <param name="ids">Token ids, [N, L], L at most <see cref="ClipTextConfig.MaxPositionEmbeddings"/>.</param>
    /// <param name="mask">1 for tokens that may be seen, [N, L]; null for all. The published pipelines give none.</param>
    /// <returns>The outputs.</returns>
    public override ClipTextOutput forward(Tensor ids, Tensor? mask)
    {
        Layers.RequireShape(ids, nameof(ids), -1, -1);
        if (ids.shape[1] > _config.MaxPositionEmbeddings)
        {
            throw new ArgumentException($"{ids.shape[1]} tokens, at most {_config.MaxPositionEmbeddings} fit.");
        }

        using var scope = NewDisposeScope();

        var x = embeddings.call(ids);                                           // [N, L, E]
        var (last, before) = encoder.call(x, Bias(x, mask));                    // [N, L, E]
        last = final_layer_norm.call(last);                                     // [N, L, E]
        var (state, penultimate, pooled) = scope.MoveToOuter(last, before, Pool(last, ids));
        return new ClipTextOutput(state, penultimate, pooled);
    }

    public Tensor FinalNorm(Tensor hiddenState) => final_layer_norm.call(hiddenState);

    public void Initialise(Generator generator)
    {
        embeddings.Initialise(generator);
        encoder.Initialise(generator);
        init.ones_(final_layer_norm.weight!);
        init.zeros_(final_layer_norm.bias!);
    }

    /// <summary>The most negative float where a token may not look, else 0.</summary>
    /// <returns>[1, 1, L, L], or [N, 1, L, L] with a mask.</returns>
    private static Tensor Bias(Tensor x, Tensor? mask)
    {
        var length = x.shape[1];
        var never = x.dtype == ScalarType.Float16 ? -65504.0 : float.MinValue;
        var causal = full(length, length, never, dtype: x.dtype, device: x.device).triu(1).view(1, 1, length, length);
        if (mask is null)
        {
            return causal;
        }

        var hidden = (1 - mask.to(x.dtype)) * never;                            // [N, L]
        return causal + hidden.view(-1, 1, 1, length);                          // [N, 1, L, L]
    }

    /// <summary>Rows of the end-of-text token.</summary>
    private Tensor Pool(Tensor states, Tensor ids)
    {
        var (n, length, width) = (states.shape[0], states.shape[1], states.shape[2]);
        var marks = _config.EosTokenId == 2 ? ids : ids.eq(_config.EosTokenId).to(ScalarType.Int32);
        var rows = marks.argmax(-1) + (arange(n, dtype: ScalarType.Int64, device: ids.device) * length);  // [N]
        return states.reshape(n * length, width).index_select(0, rows);         // [N, E]
    }
}
