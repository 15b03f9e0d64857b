using System.Text.Json.Serialization;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Form of a <see cref="ControlNetModel"/>, as <c>controlnet/config.json</c> spells it; the defaults are the library's.</summary>
/// <remarks>Keys: huggingface/diffusers 0.23.1, ControlNetModel. Those that a U-Net has too mean the same.</remarks>
public sealed record ControlNetConfig : IComponentConfig
{
    /// <summary>Name of the class in published folders.</summary>
    [JsonPropertyName("_class_name")]
    public string ClassName { get; } = "ControlNetModel";

    /// <inheritdoc cref="UNetConfig.InChannels"/>
    public int InChannels { get; init; } = 4;

    /// <summary>Channels of the control image.</summary>
    public int ConditioningChannels { get; init; } = 3;

    /// <inheritdoc cref="UNetConfig.FlipSinToCos"/>
    public bool FlipSinToCos { get; init; } = true;

    /// <inheritdoc cref="UNetConfig.FreqShift"/>
    public double FreqShift { get; init; }

    /// <inheritdoc cref="UNetConfig.DownBlockTypes"/>
    public IReadOnlyList<string> DownBlockTypes { get; init; } = new UNetConfig().DownBlockTypes;

    /// <inheritdoc cref="UNetConfig.OnlyCrossAttention"/>
    public PerLevel<bool> OnlyCrossAttention { get; init; } = false;

    /// <inheritdoc cref="UNetConfig.BlockOutChannels"/>
    public IReadOnlyList<int> BlockOutChannels { get; init; } = new UNetConfig().BlockOutChannels;

    /// <summary>Residual blocks per level.</summary>
    public int LayersPerBlock { get; init; } = 2;

    /// <inheritdoc cref="UNetConfig.DownsamplePadding"/>
    public int DownsamplePadding { get; init; } = 1;

    /// <inheritdoc cref="UNetConfig.MidBlockScaleFactor"/>
    public double MidBlockScaleFactor { get; init; } = 1;

    /// <inheritdoc cref="UNetConfig.ActFn"/>
    public string ActFn { get; init; } = "silu";

    /// <inheritdoc cref="UNetConfig.NormNumGroups"/>
    public int NormNumGroups { get; init; } = 32;

    /// <inheritdoc cref="UNetConfig.NormEps"/>
    public double NormEps { get; init; } = 1e-5;

    /// <summary>Width of the text encoder's tokens, E.</summary>
    public int CrossAttentionDim { get; init; } = 1280;

    /// <summary>Transformer blocks per attention, per level.</summary>
    public PerLevel<int> TransformerLayersPerBlock { get; init; } = 1;

    /// <summary>Must be null: the library's ControlNet holds such a projection without using it.</summary>
    public int? EncoderHidDim { get; init; }

    /// <summary>Must be null, as <see cref="EncoderHidDim"/>.</summary>
    public string? EncoderHidDimType { get; init; }

    /// <summary>Number of heads, per level, where <see cref="NumAttentionHeads"/> is null.</summary>
    public PerLevel<int> AttentionHeadDim { get; init; } = 8;

    /// <summary>Number of heads, per level.</summary>
    public PerLevel<int>? NumAttentionHeads { get; init; }

    /// <inheritdoc cref="UNetConfig.UseLinearProjection"/>
    public bool UseLinearProjection { get; init; }

    /// <summary><c>timestep</c>, <c>identity</c>, <c>projection</c>, or null.</summary>
    public string? ClassEmbedType { get; init; }

    /// <summary><c>text</c>, <c>text_time</c>, or null.</summary>
    public string? AdditionEmbedType { get; init; }

    /// <inheritdoc cref="UNetConfig.AdditionTimeEmbedDim"/>
    public int? AdditionTimeEmbedDim { get; init; }

    /// <inheritdoc cref="UNetConfig.NumClassEmbeds"/>
    public int? NumClassEmbeds { get; init; }

    /// <inheritdoc cref="UNetConfig.UpcastAttention"/>
    public bool UpcastAttention { get; init; }

    /// <inheritdoc cref="UNetConfig.ResnetTimeScaleShift"/>
    public string ResnetTimeScaleShift { get; init; } = UNetResidualBlock.Adds;

    /// <inheritdoc cref="UNetConfig.ProjectionClassEmbeddingsInputDim"/>
    public int? ProjectionClassEmbeddingsInputDim { get; init; }

    /// <summary>Order of the control image's channels: <c>rgb</c>, or <c>bgr</c> to turn them round.</summary>
    public string ControlnetConditioningChannelOrder { get; init; } = "rgb";

    /// <summary>Channels of the control image's embedding per stage; each but the first halves it.</summary>
    public IReadOnlyList<int> ConditioningEmbeddingOutChannels { get; init; } = [16, 32, 96, 256];

    /// <summary>Whether residuals are averaged over rows and columns.</summary>
    public bool GlobalPoolConditions { get; init; }

    /// <inheritdoc cref="UNetConfig.AdditionEmbedTypeNumHeads"/>
    public int AdditionEmbedTypeNumHeads { get; init; } = 64;

    /// <summary>The encoder that a U-Net of this form has.</summary>
    [JsonIgnore]
    internal UNetConfig Encoder => new()
    {
        InChannels = InChannels,
        FlipSinToCos = FlipSinToCos,
        FreqShift = FreqShift,
        DownBlockTypes = DownBlockTypes,
        UpBlockTypes = [.. DownBlockTypes.Select(_ => UNetLevels.Up)],
        OnlyCrossAttention = OnlyCrossAttention,
        BlockOutChannels = BlockOutChannels,
        LayersPerBlock = LayersPerBlock,
        DownsamplePadding = DownsamplePadding,
        MidBlockScaleFactor = MidBlockScaleFactor,
        ActFn = ActFn,
        NormNumGroups = NormNumGroups,
        NormEps = NormEps,
        CrossAttentionDim = CrossAttentionDim,
        TransformerLayersPerBlock = TransformerLayersPerBlock.IsList
            ? TransformerLayersPerBlock.Values.Select(depth => (PerLevel<int>)depth).ToArray()
            : TransformerLayersPerBlock,
        AttentionHeadDim = NumAttentionHeads ?? AttentionHeadDim,
        UseLinearProjection = UseLinearProjection,
        ClassEmbedType = ClassEmbedType,
        AdditionEmbedType = AdditionEmbedType,
        AdditionTimeEmbedDim = AdditionTimeEmbedDim,
        NumClassEmbeds = NumClassEmbeds,
        UpcastAttention = UpcastAttention,
        ResnetTimeScaleShift = ResnetTimeScaleShift,
        ProjectionClassEmbeddingsInputDim = ProjectionClassEmbeddingsInputDim,
        AdditionEmbedTypeNumHeads = AdditionEmbedTypeNumHeads,
    };

    /// <inheritdoc/>
    public string? Problem() => this switch
    {
        { EncoderHidDim: not null } or { EncoderHidDimType: not null }
            => "encoder_hid_dim and encoder_hid_dim_type must be null in a ControlNet.",
        { ClassEmbedType: "simple_projection" } => "class_embed_type says simple_projection, which a ControlNet does not know.",
        { AdditionEmbedType: not (null or "text" or "text_time") }
            => $"addition_embed_type says {AdditionEmbedType}; a ControlNet knows only text and text_time.",
        { ControlnetConditioningChannelOrder: not ("rgb" or "bgr") }
            => $"controlnet_conditioning_channel_order says {ControlnetConditioningChannelOrder}; only rgb and bgr are known.",
        { ConditioningChannels: < 1 } => "conditioning_channels must be at least 1.",
        { ConditioningEmbeddingOutChannels.Count: 0 } => "conditioning_embedding_out_channels is empty.",
        _ when ConditioningEmbeddingOutChannels.Any(width => width < 1)
            => "every entry of conditioning_embedding_out_channels must be at least 1.",
        _ => Encoder.Problem(),
    };
}
