using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Everything a U-Net is told besides its features, as one vector for its blocks, and the text as they want it.</summary>
/// <remarks>
/// <code>
/// e = time_embedding(waves(t)) + class_embedding(class) + add_embedding(added);   blocks get act(e)
/// </code>
/// Which terms there are, the configuration says; the class's may stand beside the sum instead. Forms:
/// huggingface/diffusers 0.23.1, models/embeddings.py and unet_2d_condition.py.
/// </remarks>
internal sealed class UNetEmbeddings
{
    private readonly UNetConfig _config;
    private readonly UNetTime _time;
    private readonly TimestepEmbedding _timeEmbedding;
    private readonly Module? _class;
    private readonly Module? _added;
    private readonly Module? _text;
    private readonly Func<Tensor, Tensor>? _activation;

    /// <param name="config">Form of the network.</param>
    /// <param name="classActivation">Activation of the embedding of a class given as a noise level.</param>
    /// <param name="owner">Gets the modules under the checkpoint's names.</param>
    public UNetEmbeddings(UNetConfig config, string classActivation, Module owner)
    {
        _config = config;
        _time = new UNetTime(config, owner);
        _timeEmbedding = Layers.Owned(owner, "time_embedding", new TimestepEmbedding(
            new(UNetTime.WidthOf(config), config.TimeWidth, config.ActFn, config.TimestepPostAct, config.TimeCondProjDim)));
        _class = Layers.Owned(owner, "class_embedding", ClassEmbedding(config, classActivation));
        _added = Layers.Owned(owner, "add_embedding", AddedEmbedding(config));
        _text = Layers.Owned(owner, "encoder_hid_proj", TextProjection(config));
        _activation = config.TimeEmbeddingActFn is { } name ? Activations.Named(name) : null;
    }

    /// <summary>The vector for the blocks.</summary>
    /// <param name="timestep">[N].</param>
    /// <param name="text">Text tokens, not yet projected, [N, L, E'].</param>
    /// <param name="conditions">Further conditions.</param>
    /// <param name="type">Type of the features.</param>
    /// <returns>[N, E].</returns>
    public Tensor Embed(Tensor timestep, Tensor text, UNetConditions conditions, ScalarType type)
    {
        using var scope = NewDisposeScope();

        var e = _timeEmbedding.call(_time.Waves(timestep).to(type), conditions.TimestepCond);       // [N, D]
        if (_config.HasClasses)
        {
            var told = Class(Needed(conditions.ClassLabels, "ClassLabels"), type);                  // [N, D]
            e = _config.ClassEmbeddingsConcat ? cat([e, told], -1) : e + told;                      // [N, E]
        }

        e = _added is null ? e : e + Added(text, conditions, type);                                 // [N, E]
        return (_activation?.Invoke(e) ?? e).MoveToOuterDisposeScope();
    }

    /// <summary>The text as attentions want it.</summary>
    /// <param name="text">[N, L, E'].</param>
    /// <param name="conditions">May hold embedded images that stand beside the text or in its place.</param>
    /// <returns>[N, L', cross_attention_dim].</returns>
    public Tensor Project(Tensor text, UNetConditions conditions) => _text switch
    {
        null => text.alias(),
        Linear linear => linear.call(text),
        ImageProjection image => image.call(Needed(conditions.ImageEmbeds, "ImageEmbeds")),
        var both => ((TextImageProjection)both).call(text, Needed(conditions.ImageEmbeds, "ImageEmbeds")),
    };

    private static Module? ClassEmbedding(UNetConfig config, string activation) => config.ClassEmbedType switch
    {
        "timestep" => new TimestepEmbedding(
            new(UNetTime.WidthOf(config), config.TimeWidth, activation)),
        "projection" => new TimestepEmbedding(new(config.ProjectionClassEmbeddingsInputDim!.Value, config.TimeWidth)),
        "simple_projection" => Linear(config.ProjectionClassEmbeddingsInputDim!.Value, config.TimeWidth),
        null when config.NumClassEmbeds is { } count => Embedding(count, config.TimeWidth),
        _ => null,
    };

    private static Module? AddedEmbedding(UNetConfig config) => config.AdditionEmbedType switch
    {
        "text" => new TextTimeEmbedding(
            config.EncoderHidDim ?? config.CrossAttentionDim[0], config.TimeWidth, config.AdditionEmbedTypeNumHeads),
        "text_time" => new TimestepEmbedding(new(config.ProjectionClassEmbeddingsInputDim!.Value, config.TimeWidth)),
        "text_image" => new TextImageTimeEmbedding(config.CrossAttentionDim[0], config.TimeWidth),
        "image" => new ImageTimeEmbedding(config.EncoderHidDim!.Value, config.TimeWidth),
        _ => null,
    };

    private static Module? TextProjection(UNetConfig config) => config.TextProjection switch
    {
        "text_proj" => Linear(config.EncoderHidDim!.Value, config.CrossAttentionDim[0]),
        "text_image_proj" => new TextImageProjection(config.EncoderHidDim!.Value, config.CrossAttentionDim[0]),
        "image_proj" => new ImageProjection(config.EncoderHidDim!.Value, config.CrossAttentionDim[0]),
        _ => null,
    };

    private static Tensor Needed(Tensor? condition, string name) =>
        condition ?? throw new ArgumentException($"{name} is missing: this network's configuration needs it.");

    private Tensor Class(Tensor labels, ScalarType type) => _class switch
    {
        Embedding table => table.call(labels.to(ScalarType.Int64)),
        TimestepEmbedding level when _config.ClassEmbedType == "timestep" => level.call(_time.Waves(labels).to(type), null),
        TimestepEmbedding vector => vector.call(labels.to(type), null),
        Linear vector => vector.call(labels.to(type)),
        _ => labels.to(type),
    };

    private Tensor Added(Tensor text, UNetConditions conditions, ScalarType type)
    {
        switch (_added)
        {
            case TextTimeEmbedding pooled:
                return pooled.call(text);
            case TextImageTimeEmbedding both:
                return both.call(
                    Needed(conditions.TextEmbeds, "TextEmbeds"), Needed(conditions.ImageEmbeds, "ImageEmbeds"));
            case ImageTimeEmbedding image:
                return image.call(Needed(conditions.ImageEmbeds, "ImageEmbeds"));
            default:
                var (embeds, ids) = (Needed(conditions.TextEmbeds, "TextEmbeds"), Needed(conditions.TimeIds, "TimeIds"));
                var waves = TimestepEmbedding.Waves(
                    ids.flatten(), _config.AdditionTimeEmbedDim!.Value, _config.FlipSinToCos, _config.FreqShift);
                var told = cat([embeds.to(type), waves.view(embeds.shape[0], -1).to(type)], -1);    // [N, width]
                return ((TimestepEmbedding)_added!).call(told, null);
        }
    }
}
