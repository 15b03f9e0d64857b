using System.Text.Json.Serialization;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Widths of an <see cref="AutoencoderKL"/>, as <c>vae/config.json</c> spells them.</summary>
/// <param name="BlockOutChannels">Channels per resolution, finest first; each level but the last halves the image.</param>
/// <param name="InChannels">Channels of the image that is encoded.</param>
/// <param name="OutChannels">Channels of the image that is decoded.</param>
/// <param name="LatentChannels">Channels of the latent.</param>
/// <param name="LayersPerBlock">Residual blocks per level of the encoder; the decoder has one more.</param>
/// <param name="NormNumGroups">Groups of all group normalisations.</param>
/// <param name="SampleSize">Rows and columns of the images it was trained on; null means 32.</param>
/// <param name="ScalingFactor">Latents are multiplied by it before they are diffused.</param>
/// <param name="ActFn">Activation of the residual blocks; the last one is always <c>silu</c>.</param>
/// <param name="DownBlockTypes">Kinds of the encoder's levels; null means all without attention.</param>
/// <param name="UpBlockTypes">Kinds of the decoder's levels, coarsest first; null means all without attention.</param>
/// <param name="ForceUpcast">For readers of the folder: whether half precision overflows. Ours decides by device.</param>
public sealed record AutoencoderConfig(
    IReadOnlyList<int> BlockOutChannels,
    int InChannels = 3,
    int OutChannels = 3,
    int LatentChannels = 4,
    int LayersPerBlock = 1,
    int NormNumGroups = 32,
    GridSize? SampleSize = null,
    double ScalingFactor = 0.18215,
    string ActFn = "silu",
    IReadOnlyList<string>? DownBlockTypes = null,
    IReadOnlyList<string>? UpBlockTypes = null,
    bool ForceUpcast = true) : IComponentConfig
{
    internal const string Down = "DownEncoderBlock2D";
    internal const string DownWithAttention = "AttnDownEncoderBlock2D";
    internal const string Up = "UpDecoderBlock2D";
    internal const string UpWithAttention = "AttnUpDecoderBlock2D";

    /// <summary>Name of the class in published folders.</summary>
    [JsonPropertyName("_class_name")]
    public string ClassName { get; } = "AutoencoderKL";

    /// <summary>Kinds of the encoder's levels.</summary>
    public IReadOnlyList<string> DownBlockTypes { get; init; } = DownBlockTypes ?? [.. BlockOutChannels.Select(_ => Down)];

    /// <summary>Kinds of the decoder's levels, coarsest first.</summary>
    public IReadOnlyList<string> UpBlockTypes { get; init; } = UpBlockTypes ?? [.. BlockOutChannels.Select(_ => Up)];

    /// <summary>Pixels per latent cell along one axis.</summary>
    [JsonIgnore]
    public int Factor => 1 << (BlockOutChannels.Count - 1);

    /// <inheritdoc/>
    public string? Problem() => this switch
    {
        _ when !Activations.Knows(ActFn) => $"act_fn is {ActFn}; only {Activations.Names} are known.",
        { BlockOutChannels.Count: 0 } => "block_out_channels is empty.",
        _ when DownBlockTypes.Count != BlockOutChannels.Count || UpBlockTypes.Count != BlockOutChannels.Count
            => "down_block_types and up_block_types must have one entry per entry of block_out_channels.",
        _ when DownBlockTypes.FirstOrDefault(kind => kind is not (Down or DownWithAttention)) is { } kind
            => $"down_block_types says {kind}; only {Down} and {DownWithAttention} are known.",
        _ when UpBlockTypes.FirstOrDefault(kind => kind is not (Up or UpWithAttention)) is { } kind
            => $"up_block_types says {kind}; only {Up} and {UpWithAttention} are known.",
        { InChannels: < 1 } or { OutChannels: < 1 } or { LatentChannels: < 1 } or { LayersPerBlock: < 1 }
            => "in_channels, out_channels, latent_channels and layers_per_block must be at least 1.",
        { NormNumGroups: < 1 } => "norm_num_groups must be at least 1.",
        _ when BlockOutChannels.Any(width => width < 1 || width % NormNumGroups != 0)
            => $"every entry of block_out_channels must be a multiple of norm_num_groups, {NormNumGroups}.",
        _ => null,
    };
}
