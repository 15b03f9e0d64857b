using System.Text.Json.Serialization;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Activation inside CLIP's feed-forward layers. The two differ by less than 0.021: swapping them raises no error.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<ClipActivation>))]
public enum ClipActivation
{
    /// <summary>x * sigmoid(1.702 x): OpenAI's towers.</summary>
    QuickGelu,

    /// <summary>x * Phi(x), with the exact error function: OpenCLIP's towers.</summary>
    Gelu,
}

/// <summary>Widths of a CLIP text tower, as <c>text_encoder/config.json</c> spells them.</summary>
/// <param name="VocabSize">Number of token ids.</param>
/// <param name="HiddenSize">Width of a token, E.</param>
/// <param name="IntermediateSize">Width inside the feed-forward layers.</param>
/// <param name="NumHiddenLayers">Layers.</param>
/// <param name="NumAttentionHeads">Heads; divides <paramref name="HiddenSize"/>.</param>
/// <param name="MaxPositionEmbeddings">Longest sequence, L.</param>
/// <param name="HiddenAct">Activation.</param>
/// <param name="LayerNormEps">Epsilon of all norms.</param>
/// <param name="ProjectionDim">Width of the space shared with images.</param>
/// <param name="BosTokenId">Start of text.</param>
/// <param name="EosTokenId">End of text. 2 is a legacy value and means: the highest id in the sequence.</param>
/// <param name="PadTokenId">Padding.</param>
/// <param name="Architectures">Class that the folder was saved from.</param>
public sealed record ClipTextConfig(
    int VocabSize = 49408,
    int HiddenSize = 512,
    int IntermediateSize = 2048,
    int NumHiddenLayers = 12,
    int NumAttentionHeads = 8,
    int MaxPositionEmbeddings = 77,
    ClipActivation HiddenAct = ClipActivation.QuickGelu,
    double LayerNormEps = 1e-5,
    int ProjectionDim = 512,
    int BosTokenId = 0,
    int EosTokenId = 2,
    int PadTokenId = 1,
    IReadOnlyList<string>? Architectures = null) : IComponentConfig
{
    /// <summary>Kind of model, for readers of the folder.</summary>
    public string ModelType { get; } = "clip_text_model";

    /// <inheritdoc/>
    public string? Problem() =>
        VocabSize < 1 || MaxPositionEmbeddings < 1 || ProjectionDim < 1
            ? "vocab_size, max_position_embeddings and projection_dim must be at least 1."
            : ClipEncoderConfig.Of(this).Problem();
}

/// <summary>Widths of a CLIP image tower, as <c>image_encoder/config.json</c> spells them.</summary>
/// <param name="HiddenSize">Width of a token, E.</param>
/// <param name="IntermediateSize">Width inside the feed-forward layers.</param>
/// <param name="NumHiddenLayers">Layers.</param>
/// <param name="NumAttentionHeads">Heads; divides <paramref name="HiddenSize"/>.</param>
/// <param name="NumChannels">Channels of the image.</param>
/// <param name="ImageSize">Side of the image, pixels.</param>
/// <param name="PatchSize">Side of a patch, pixels; divides <paramref name="ImageSize"/>.</param>
/// <param name="HiddenAct">Activation.</param>
/// <param name="LayerNormEps">Epsilon of all norms.</param>
/// <param name="ProjectionDim">Width of the space shared with texts.</param>
/// <param name="Architectures">Class that the folder was saved from.</param>
public sealed record ClipVisionConfig(
    int HiddenSize = 768,
    int IntermediateSize = 3072,
    int NumHiddenLayers = 12,
    int NumAttentionHeads = 12,
    int NumChannels = 3,
    int ImageSize = 224,
    int PatchSize = 32,
    ClipActivation HiddenAct = ClipActivation.QuickGelu,
    double LayerNormEps = 1e-5,
    int ProjectionDim = 512,
    IReadOnlyList<string>? Architectures = null) : IComponentConfig
{
    /// <summary>Kind of model, for readers of the folder.</summary>
    public string ModelType { get; } = "clip_vision_model";

    /// <inheritdoc/>
    public string? Problem() =>
        NumChannels < 1 || ProjectionDim < 1 || PatchSize < 1 || ImageSize < PatchSize || ImageSize % PatchSize != 0
            ? "num_channels and projection_dim must be at least 1, image_size a multiple of patch_size."
            : ClipEncoderConfig.Of(this).Problem();
}

/// <summary>What the layers of both towers need.</summary>
internal sealed record ClipEncoderConfig(
    int Width, int FeedForwardWidth, int Layers, int Heads, ClipActivation Activation, double Epsilon)
{
    public static ClipEncoderConfig Of(ClipTextConfig c) =>
        new(c.HiddenSize, c.IntermediateSize, c.NumHiddenLayers, c.NumAttentionHeads, c.HiddenAct, c.LayerNormEps);

    public static ClipEncoderConfig Of(ClipVisionConfig c) =>
        new(c.HiddenSize, c.IntermediateSize, c.NumHiddenLayers, c.NumAttentionHeads, c.HiddenAct, c.LayerNormEps);

    public string? Problem() => Width < 1 || FeedForwardWidth < 1 || Layers < 1 || Heads < 1 || Width % Heads != 0
        ? "hidden_size, intermediate_size and num_hidden_layers must be at least 1, num_attention_heads divide hidden_size."
        : null;
}
