using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>What a U-Net and its ControlNet have in common: conditions, first convolution, the way down and the middle.</summary>
/// <remarks>Not a module of its own: the checkpoint's names stand directly under its owner.</remarks>
internal sealed class UNetEncoder
{
    private const double MaskedScore = -10000;

    private readonly UNetConfig _config;
    private readonly UNetEmbeddings _embeddings;
    private readonly Conv2d _convIn;
    private readonly ModuleList<UNetDownBlock> _downBlocks;
    private readonly UNetMiddle? _midBlock;
    private readonly long _textWidth;

    /// <param name="config">Form of the network.</param>
    /// <param name="classActivation">Activation of the embedding of a class given as a noise level.</param>
    /// <param name="owner">Gets the modules under the checkpoint's names.</param>
    public UNetEncoder(UNetConfig config, string classActivation, Module owner)
    {
        _config = config;
        _embeddings = new UNetEmbeddings(config, classActivation, owner);

        // Images may stand in the text's place, and levels may differ: then any width will do here.
        _textWidth = config.TextProjection == "image_proj" || config.CrossAttentionDim.IsList
            ? -1 : config.EncoderHidDim ?? config.CrossAttentionDim[0];
        _convIn = Layers.Owned(owner, "conv_in", Conv2d(
            config.InChannels, config.BlockOutChannels[0], kernel_size: config.ConvInKernel,
            padding: (config.ConvInKernel - 1) / 2));
        _downBlocks = Layers.Owned(owner, "down_blocks", ModuleList(Enumerable.Range(0, config.BlockOutChannels.Count)
            .Select(level => new UNetDownBlock(config, level)).ToArray()));
        _midBlock = Layers.Owned(owner, "mid_block", config.MidBlockType is null ? null : new UNetMiddle(config));
    }

    /// <summary>Type of the weights, and so of the features.</summary>
    public ScalarType Type => _convIn.weight.dtype;

    /// <summary>Checks what comes in, and turns conditions into what blocks and attentions take.</summary>
    /// <param name="sample">[N, C, H, W].</param>
    /// <param name="timestep">[N], or one for all.</param>
    /// <param name="text">[N, L, E'].</param>
    /// <param name="conditions">Further conditions.</param>
    /// <returns>The vector for the blocks, [N, E], and what attentions look at; in the caller's scope.</returns>
    public (Tensor Embedding, UNetContext Context) Prepare(
        Tensor sample, Tensor timestep, Tensor text, UNetConditions conditions)
    {
        var n = sample.shape[0];
        Layers.RequireShape(sample, nameof(sample), -1, _config.InChannels, -1, -1);
        Layers.RequireShape(text, "encoderHiddenStates", n, -1, _textWidth);
        var levels = timestep.NumberOfElements == 1 ? timestep.reshape(1).expand(n) : timestep;
        Layers.RequireShape(levels, nameof(timestep), n);

        var embedding = _embeddings.Embed(levels, text, conditions, Type);                              // [N, E]
        var bias = conditions.EncoderAttentionMask is { } mask
            ? ((1 - mask.to(Type)) * MaskedScore).unsqueeze(1).unsqueeze(1) : null;                     // [N, 1, 1, L]
        return (embedding, new UNetContext(_embeddings.Project(text, conditions), bias, conditions.Reference));
    }

    /// <summary>The way down and the middle.</summary>
    /// <param name="sample">[N, C, H, W].</param>
    /// <param name="embedding">[N, E].</param>
    /// <param name="context">What attentions look at.</param>
    /// <param name="hint">Added after the first convolution; null for nothing.</param>
    /// <returns>The middle, and the features of the way down in order: in the caller's scope.</returns>
    public (Tensor Middle, List<Tensor> Skips) Run(Tensor sample, Tensor embedding, UNetContext context, Tensor? hint)
    {
        var first = _convIn.call(sample);                                                               // [N, C0, H, W]
        List<Tensor> skips = [hint is null ? first : first.Plus(hint)];
        foreach (var block in _downBlocks)
        {
            block.Run(skips[^1], embedding, context, skips);
        }

        return (_midBlock?.call(skips[^1], embedding, context) ?? skips[^1].alias(), skips);
    }
}
