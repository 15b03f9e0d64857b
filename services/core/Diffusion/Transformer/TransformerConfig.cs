using System.Text.Json.Serialization;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Widths of a <see cref="Transformer2DModel"/>, as <c>transformer/config.json</c> spells them.</summary>
/// <param name="NumAttentionHeads">Heads.</param>
/// <param name="AttentionHeadDim">Width of a head; D = heads x width.</param>
/// <param name="InChannels">Channels of the latent.</param>
/// <param name="NumLayers">Blocks.</param>
/// <param name="SampleSize">Rows and columns of the latent that the position table is made for.</param>
/// <param name="CaptionChannels">Width of the text encoder's tokens, E.</param>
/// <param name="OutChannels">Channels of the output; more than <paramref name="InChannels"/> when a variance is learned
/// too. Null means as many as <paramref name="InChannels"/>.</param>
/// <param name="CrossAttentionDim">Width of the projected text tokens; must be D. Null means D.</param>
/// <param name="PatchSize">Latent cells per token along one axis.</param>
/// <param name="AttentionBias">Whether the projections to queries, keys and values have a bias.</param>
/// <param name="NormEps">Epsilon of the blocks' norms.</param>
/// <param name="ActivationFn">Only <c>gelu-approximate</c> exists.</param>
/// <param name="NormType">Only <c>ada_norm_single</c> exists.</param>
/// <param name="NormElementwiseAffine">Only false exists.</param>
/// <param name="InterpolationScale">Positions are divided by it; null means sample size / 64, at least 1.</param>
public sealed record TransformerConfig(
    int NumAttentionHeads,
    int AttentionHeadDim,
    int InChannels,
    int NumLayers,
    GridSize SampleSize,
    int CaptionChannels,
    int? OutChannels = null,
    int? CrossAttentionDim = null,
    int PatchSize = 2,
    bool AttentionBias = true,
    double NormEps = 1e-6,
    string ActivationFn = "gelu-approximate",
    string NormType = "ada_norm_single",
    bool NormElementwiseAffine = false,
    int? InterpolationScale = null) : IComponentConfig
{
    /// <summary>Name of the class in published folders.</summary>
    [JsonPropertyName("_class_name")]
    public string ClassName { get; } = "Transformer2DModel";

    /// <summary>Timesteps of the noise schedule, for readers of the folder.</summary>
    public int NumEmbedsAdaNorm { get; } = 1000;

    /// <summary>Width of a token, D.</summary>
    [JsonIgnore]
    public int Width => NumAttentionHeads * AttentionHeadDim;

    /// <summary>Channels of the output.</summary>
    [JsonIgnore]
    public int EffectiveOutChannels => OutChannels ?? InChannels;

    /// <summary>What positions are divided by.</summary>
    [JsonIgnore]
    public int EffectiveInterpolationScale =>
        InterpolationScale ?? Math.Max(Math.Max(SampleSize.Height, SampleSize.Width) / 64, 1);

    /// <inheritdoc/>
    public string? Problem() => this switch
    {
        { NormType: not "ada_norm_single" } => $"norm_type is {NormType}; only ada_norm_single is known.",
        { ActivationFn: not "gelu-approximate" } => $"activation_fn is {ActivationFn}; only gelu-approximate is known.",
        { NormElementwiseAffine: true } => "norm_elementwise_affine must be false.",
        { SampleSize: { Height: 128, Width: 128 } }
            => "sample_size 128 asks for the resolution and aspect-ratio conditions, which are not supported.",
        { NumAttentionHeads: < 1 } or { AttentionHeadDim: < 1 } or { InChannels: < 1 } or { NumLayers: < 1 }
            or { CaptionChannels: < 1 } or { PatchSize: < 1 } or { OutChannels: < 1 } or { InterpolationScale: < 1 }
            => "every width, count and size must be at least 1.",
        _ when Width % 4 != 0 => $"heads x head width is {Width}; the position table needs a multiple of 4.",
        _ when (CrossAttentionDim ?? Width) != Width
            => $"cross_attention_dim is {CrossAttentionDim}; with a caption projection it must be {Width}.",
        _ when SampleSize.Height < PatchSize || SampleSize.Width < PatchSize
            || SampleSize.Height % PatchSize != 0 || SampleSize.Width % PatchSize != 0
            => $"sample_size {SampleSize.Height} x {SampleSize.Width} is not a multiple of patch_size {PatchSize}.",
        _ => null,
    };
}
