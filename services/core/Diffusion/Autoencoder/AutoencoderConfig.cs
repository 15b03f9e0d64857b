using System.Text.Json.Serialization;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Widths of an <see cref="AutoencoderKL"/>, as <c>vae/config.json</c> spells them.</summary>
/// <param name="BlockOutChannels">Channels per resolution, finest first; each level but the last halves the image.</param>
/// <param name="InChannels">Channels of the image that is encoded.</param>
/// <param name="OutChannels">Channels of the image that is decoded.</param>
/// <param name="LatentChannels">Channels of the latent.</param>
/// <param name="LayersPerBlock">Residual blocks per level of the encoder; the decoder has one more.</param>
/// <param name="NormNumGroups">Groups of all group normalisations.</param>
/// <param name="SampleSize">Side of the images it was trained on, pixels.</param>
/// <param name="ScalingFactor">Latents are multiplied by it before they are diffused.</param>
/// <param name="ActFn">Activation; only <c>silu</c> exists.</param>
public sealed record AutoencoderConfig(
    IReadOnlyList<int> BlockOutChannels,
    int InChannels = 3,
    int OutChannels = 3,
    int LatentChannels = 4,
    int LayersPerBlock = 1,
    int NormNumGroups = 32,
    int SampleSize = 32,
    double ScalingFactor = 0.18215,
    string ActFn = "silu") : IComponentConfig
{
    /// <summary>Name of the class in published folders.</summary>
    [JsonPropertyName("_class_name")]
    public string ClassName { get; } = "AutoencoderKL";

    /// <summary>Kinds of the encoder's levels, for readers of the folder; all the same.</summary>
    public IReadOnlyList<string> DownBlockTypes => [.. BlockOutChannels.Select(_ => "DownEncoderBlock2D")];

    /// <summary>Kinds of the decoder's levels, for readers of the folder; all the same.</summary>
    public IReadOnlyList<string> UpBlockTypes => [.. BlockOutChannels.Select(_ => "UpDecoderBlock2D")];

    /// <summary>Pixels per latent cell along one axis.</summary>
    [JsonIgnore]
    public int Factor => 1 << (BlockOutChannels.Count - 1);

    /// <inheritdoc/>
    public string? Problem() => this switch
    {
        { ActFn: not "silu" } => $"act_fn is {ActFn}; only silu is known.",
        { BlockOutChannels.Count: 0 } => "block_out_channels is empty.",
        { InChannels: < 1 } or { OutChannels: < 1 } or { LatentChannels: < 1 } or { LayersPerBlock: < 1 }
            => "in_channels, out_channels, latent_channels and layers_per_block must be at least 1.",
        { NormNumGroups: < 1 } => "norm_num_groups must be at least 1.",
        _ when BlockOutChannels.Any(width => width < 1 || width % NormNumGroups != 0)
            => $"every entry of block_out_channels must be a multiple of norm_num_groups, {NormNumGroups}.",
        _ => null,
    };
}
