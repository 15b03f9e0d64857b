using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Projects the text encoder's tokens to the transformer's width.</summary>
internal sealed class CaptionProjection : Module<Tensor, Tensor>
{
    private readonly Linear linear_1;
    private readonly Linear linear_2;

    public CaptionProjection(int captionChannels, int width) : base(nameof(CaptionProjection))
    {
        linear_1 = Linear(captionChannels, width);
        linear_2 = Linear(width, width);
        RegisterComponents();
    }

    /// <param name="text">[N, L, E].</param>
    /// <returns>[N, L, D].</returns>
    public override Tensor forward(Tensor text)
    {
        using var scope = NewDisposeScope();
        return linear_2.call(functional.gelu(linear_1.call(text), TorchSharp.Modules.GELU.Approximate.tanh)).MoveToOuterDisposeScope();
    }

    public void Initialise(Generator generator)
    {
        Initialisation.Normal(linear_1, 0.02, generator);
        Initialisation.Normal(linear_2, 0.02, generator);
    }
}

/// <summary>Diffusion transformer in the PixArt-alpha layout: <c>Transformer2DModel</c> with <c>ada_norm_single</c>.</summary>
/// <remarks>
/// 1. The latent is cut into patches, one token each, with sine and cosine positions.
/// 2. The timestep becomes six rows of shifts, scales and gates that all blocks share, each with its own offsets.
/// 3. The text is projected to the tokens' width.
/// 4. Blocks.
/// 5. A modulated norm, a linear layer, and the patches are put back.
/// Source: Chen et al. 2023, arXiv:2310.00426; Peebles and Xie 2022, arXiv:2212.09748. State-dict names are those of
/// diffusers. Its two buffers, the position table and an unused null caption, are no weights and are left out.
/// </remarks>
public sealed class Transformer2DModel : Module<Tensor, Tensor, Tensor, Tensor?, Tensor>
{
    private const double MaskedScore = -10000;
    private const double FinalNormEpsilon = 1e-6;

    private readonly PatchEmbedding pos_embed;
    private readonly TimestepModulation adaln_single;
    private readonly CaptionProjection caption_projection;
    private readonly ModuleList<TransformerBlock> transformer_blocks;
    private readonly Parameter scale_shift_table;
    private readonly Linear proj_out;

    /// <param name="config">Widths.</param>
    public Transformer2DModel(TransformerConfig config) : base(nameof(Transformer2DModel))
    {
        ConfigProblem.ThrowIfAny(config);
        Config = config;

        pos_embed = new PatchEmbedding(config);
        adaln_single = new TimestepModulation(config.Width);
        caption_projection = new CaptionProjection(config.CaptionChannels, config.Width);
        transformer_blocks = ModuleList(
            Enumerable.Range(0, config.NumLayers).Select(_ => new TransformerBlock(config)).ToArray());
        using var start = zeros(2, config.Width);
        scale_shift_table = Parameter(start);
        proj_out = Linear(config.Width, config.PatchSize * config.PatchSize * config.EffectiveOutChannels);
        RegisterComponents();
    }

    /// <summary>Widths.</summary>
    public TransformerConfig Config { get; }

    /// <param name="hiddenStates">Noised latents, [N, C, H, W]; H and W multiples of the patch size.</param>
    /// <param name="encoderHiddenStates">Text tokens, [N, L, E].</param>
    /// <param name="timestep">Timesteps, [N].</param>
    /// <param name="encoderAttentionMask">1 for text tokens that count, 0 for padding, [N, L]; null for all.</param>
    /// <returns>Prediction, [N, C', H, W]. The caller disposes it.</returns>
    public override Tensor forward(
        Tensor hiddenStates, Tensor encoderHiddenStates, Tensor timestep, Tensor? encoderAttentionMask)
    {
        var n = hiddenStates.shape[0];
        Layers.RequireShape(hiddenStates, nameof(hiddenStates), -1, Config.InChannels, -1, -1);
        Layers.RequireShape(encoderHiddenStates, nameof(encoderHiddenStates), n, -1, Config.CaptionChannels);
        Layers.RequireShape(timestep, nameof(timestep), n);
        using var scope = NewDisposeScope();

        // 1.
        var x = pos_embed.call(hiddenStates);                                                   // [N, T, D]
        // 2.
        var (modulation, embedded) = adaln_single.call(timestep);                               // [N, 6, D], [N, D]
        // 3.
        var text = caption_projection.call(encoderHiddenStates);                                // [N, L, D]
        var textBias = encoderAttentionMask is null ? null
            : ((1 - encoderAttentionMask.to(x.dtype)) * MaskedScore).unsqueeze(1).unsqueeze(1); // [N, 1, 1, L]
        // 4.
        foreach (var block in transformer_blocks)
        {
            x = block.call(x, text, modulation, textBias);                                      // [N, T, D]
        }

        // 5.
        var last = (scale_shift_table + embedded.unsqueeze(1)).chunk(2, dim: 1);                // two of [N, 1, D]
        x = proj_out.call(Layers.ModulatedNorm(x, last[0], last[1], FinalNormEpsilon));         // [N, T, p p C']
        return Unpatch(x, hiddenStates.shape[2], hiddenStates.shape[3]).MoveToOuterDisposeScope();
    }

    /// <summary>Draws all parameters anew as PixArt-alpha does: attention to the text and the output start at zero.</summary>
    /// <param name="generator">Source of the draws.</param>
    public void Initialise(Generator generator)
    {
        pos_embed.Initialise(generator);
        adaln_single.Initialise(generator);
        caption_projection.Initialise(generator);
        foreach (var block in transformer_blocks)
        {
            block.Initialise(generator);
        }

        init.normal_(scale_shift_table, 0, 1 / Math.Sqrt(Config.Width), generator);
        Initialisation.Zero(proj_out);
    }

    /// <summary>Puts patches back; within a token the order is row, column, channel.</summary>
    private Tensor Unpatch(Tensor tokens, long height, long width)
    {
        var p = Config.PatchSize;
        return tokens
            .view(tokens.shape[0], height / p, width / p, p, p, Config.EffectiveOutChannels)
            .permute(0, 5, 1, 3, 2, 4)
            .reshape(tokens.shape[0], Config.EffectiveOutChannels, height, width);
    }
}
