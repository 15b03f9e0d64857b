using System.Text.Json.Serialization;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Form of a <see cref="UNet2DConditionModel"/>, as <c>unet/config.json</c> spells it; the defaults are the library's.</summary>
/// <remarks>
/// Keys: huggingface/diffusers 0.23.1, UNet2DConditionModel. A list has one entry per level, finest first.
/// Values that have no effect on the block kinds built here are taken and kept for readers of the folder.
/// </remarks>
public sealed record UNetConfig : IComponentConfig
{
    /// <summary>Name of the class in published folders.</summary>
    [JsonPropertyName("_class_name")]
    public string ClassName { get; } = "UNet2DConditionModel";

    /// <summary>Rows and columns of the latents it was trained on.</summary>
    public GridSize? SampleSize { get; init; }

    /// <summary>Channels of the input.</summary>
    public int InChannels { get; init; } = 4;

    /// <summary>Channels of the output.</summary>
    public int OutChannels { get; init; } = 4;

    /// <summary>Whether the input is moved from [0, 1] to [-1, 1] first.</summary>
    public bool CenterInputSample { get; init; }

    /// <summary>Whether the timestep's cosines stand before its sines.</summary>
    public bool FlipSinToCos { get; init; } = true;

    /// <summary>Moves the timestep's frequencies: 10000^(-k/(half - shift)).</summary>
    public double FreqShift { get; init; }

    /// <summary>Kinds of the levels on the way down.</summary>
    public IReadOnlyList<string> DownBlockTypes { get; init; } =
        ["CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "CrossAttnDownBlock2D", "DownBlock2D"];

    /// <summary>Kind of the middle; null for none.</summary>
    public string? MidBlockType { get; init; } = UNetLevels.MiddleWithAttention;

    /// <summary>Kinds of the levels on the way up, coarsest first.</summary>
    public IReadOnlyList<string> UpBlockTypes { get; init; } =
        ["UpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D", "CrossAttnUpBlock2D"];

    /// <summary>Whether self-attention looks at the text as well, per level.</summary>
    public PerLevel<bool> OnlyCrossAttention { get; init; } = false;

    /// <summary>Channels per level.</summary>
    public IReadOnlyList<int> BlockOutChannels { get; init; } = [320, 640, 1280, 1280];

    /// <summary>Residual blocks per level on the way down; one more on the way up.</summary>
    public PerLevel<int> LayersPerBlock { get; init; } = 2;

    /// <summary>Padding of the halving convolutions; 0 pads right and bottom only.</summary>
    public int DownsamplePadding { get; init; } = 1;

    /// <summary>Divides the output of the middle's residual blocks.</summary>
    public double MidBlockScaleFactor { get; init; } = 1;

    /// <summary>Share of activations dropped in training.</summary>
    public double Dropout { get; init; }

    /// <summary>Activation of the residual blocks and of the timestep's layers.</summary>
    public string ActFn { get; init; } = "silu";

    /// <summary>Groups of all group normalisations.</summary>
    public int NormNumGroups { get; init; } = 32;

    /// <summary>Epsilon of the residual blocks' norms and of the last one.</summary>
    public double NormEps { get; init; } = 1e-5;

    /// <summary>Width of the text encoder's tokens, E.</summary>
    public PerLevel<int> CrossAttentionDim { get; init; } = 1280;

    /// <summary>Transformer blocks per attention, per level, and there for each residual block if it is a list.</summary>
    public PerLevel<PerLevel<int>> TransformerLayersPerBlock { get; init; } = (PerLevel<int>)1;

    /// <summary>The same on the way up, coarsest first; null mirrors the way down.</summary>
    public PerLevel<PerLevel<int>>? ReverseTransformerLayersPerBlock { get; init; }

    /// <summary>Width of the text before it is projected to <see cref="CrossAttentionDim"/>; null for no projection.</summary>
    public int? EncoderHidDim { get; init; }

    /// <summary><c>text_proj</c>, <c>text_image_proj</c> or <c>image_proj</c>; null means the first if there is a width.</summary>
    public string? EncoderHidDimType { get; init; }

    /// <summary>Number of heads, per level: the key says something else, for compatibility.</summary>
    public PerLevel<int> AttentionHeadDim { get; init; } = 8;

    /// <summary>Must be null; the heads are <see cref="AttentionHeadDim"/>.</summary>
    public PerLevel<int>? NumAttentionHeads { get; init; }

    /// <summary>Must be false.</summary>
    public bool DualCrossAttention { get; init; }

    /// <summary>Whether the attentions' projections are linear layers rather than 1x1 convolutions.</summary>
    public bool UseLinearProjection { get; init; }

    /// <summary><c>timestep</c>, <c>identity</c>, <c>projection</c>, <c>simple_projection</c>, or null.</summary>
    public string? ClassEmbedType { get; init; }

    /// <summary><c>text</c>, <c>text_time</c>, <c>text_image</c>, <c>image</c>, or null.</summary>
    public string? AdditionEmbedType { get; init; }

    /// <summary>Width of the cosines and sines of each added number (<c>text_time</c>).</summary>
    public int? AdditionTimeEmbedDim { get; init; }

    /// <summary>Number of classes; with it a null <see cref="ClassEmbedType"/> is a table.</summary>
    public int? NumClassEmbeds { get; init; }

    /// <summary>Whether half-precision weights score attention in single precision; ours always do.</summary>
    public bool UpcastAttention { get; init; }

    /// <summary>How the timestep enters a residual block: <c>default</c> adds, <c>scale_shift</c> and <c>ada_group</c> modulate.</summary>
    public string ResnetTimeScaleShift { get; init; } = UNetResidualBlock.Adds;

    /// <summary>Without effect on the blocks built here.</summary>
    public bool ResnetSkipTimeAct { get; init; }

    /// <summary>Without effect on the blocks built here.</summary>
    public double ResnetOutScaleFactor { get; init; } = 1;

    /// <summary><c>positional</c> or <c>fourier</c>.</summary>
    public string TimeEmbeddingType { get; init; } = UNetTime.Positional;

    /// <summary>Width of the timestep's embedding; null means 4 times the first level's channels, twice for <c>fourier</c>.</summary>
    public int? TimeEmbeddingDim { get; init; }

    /// <summary>Activation after all embeddings are summed; null for none.</summary>
    public string? TimeEmbeddingActFn { get; init; }

    /// <summary>Activation after the timestep's layers; null for none.</summary>
    public string? TimestepPostAct { get; init; }

    /// <summary>Width of a further condition of the timestep; null for none.</summary>
    public int? TimeCondProjDim { get; init; }

    /// <summary>Side of the first convolution's window.</summary>
    public int ConvInKernel { get; init; } = 3;

    /// <summary>Side of the last convolution's window.</summary>
    public int ConvOutKernel { get; init; } = 3;

    /// <summary>Width of the class condition (<c>projection</c>, <c>simple_projection</c>) or of the added one (<c>text_time</c>).</summary>
    public int? ProjectionClassEmbeddingsInputDim { get; init; }

    /// <summary>Must be <c>default</c>.</summary>
    public string AttentionType { get; init; } = "default";

    /// <summary>Whether the class embedding is put beside the timestep's rather than added.</summary>
    public bool ClassEmbeddingsConcat { get; init; }

    /// <summary>Without effect on the blocks built here.</summary>
    public bool? MidBlockOnlyCrossAttention { get; init; }

    /// <summary>Without effect on the blocks built here.</summary>
    public string? CrossAttentionNorm { get; init; }

    /// <summary>Heads of the pooling of the text (<c>text</c>).</summary>
    public int AdditionEmbedTypeNumHeads { get; init; } = 64;

    /// <summary>Width of the timestep's embedding.</summary>
    [JsonIgnore]
    public int TimeWidth => TimeEmbeddingDim ?? BlockOutChannels[0] * (TimeEmbeddingType == UNetTime.Fourier ? 2 : 4);

    /// <summary>Width of the embedding that the blocks get.</summary>
    [JsonIgnore]
    public int EmbeddingWidth => ClassEmbeddingsConcat ? 2 * TimeWidth : TimeWidth;

    /// <summary>Kind of the projection of the text; null for none.</summary>
    [JsonIgnore]
    public string? TextProjection => EncoderHidDimType ?? (EncoderHidDim is null ? null : "text_proj");

    /// <summary>Whether classes are a condition.</summary>
    [JsonIgnore]
    public bool HasClasses => ClassEmbedType is not null || NumClassEmbeds is not null;

    /// <inheritdoc/>
    public string? Problem() => UNetConfigChecks.Problem(this);
}
