using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

/// <summary>Networks of a few thousand numbers, drawn from a seed.</summary>
internal static class TinyModels
{
    public static readonly TransformerConfig TransformerConfig = new(
        NumAttentionHeads: 2, AttentionHeadDim: 8, InChannels: 3, NumLayers: 2, SampleSize: new GridSize(12, 8), CaptionChannels: 10);

    public static readonly AutoencoderConfig AutoencoderConfig = new(
        BlockOutChannels: [8, 16], InChannels: 4, OutChannels: 4, LatentChannels: 3, NormNumGroups: 4);

    public static readonly ClipTextConfig TextConfig = new(
        VocabSize: 20, HiddenSize: 16, IntermediateSize: 32, NumHiddenLayers: 2, NumAttentionHeads: 2,
        MaxPositionEmbeddings: 8, ProjectionDim: 12, BosTokenId: 18, EosTokenId: 19, PadTokenId: 19);

    public static readonly ClipVisionConfig VisionConfig = new(
        HiddenSize: 16, IntermediateSize: 32, NumHiddenLayers: 2, NumAttentionHeads: 2, ImageSize: 16, PatchSize: 8,
        ProjectionDim: 12);

    public static readonly UNetConfig UNetConfig = new()
    {
        BlockOutChannels = [8, 16], NormNumGroups = 4, CrossAttentionDim = 12, AttentionHeadDim = 2, LayersPerBlock = 1,
        DownBlockTypes = ["CrossAttnDownBlock2D", "DownBlock2D"], UpBlockTypes = ["UpBlock2D", "CrossAttnUpBlock2D"],
    };

    public static UNet2DConditionModel UNet(UNetConfig config, ulong seed = 1)
    {
        var model = new UNet2DConditionModel(config);
        using var generator = new Generator(seed);
        model.Initialise(generator);
        model.to(TestDevice.Here).eval();
        return model;
    }

    public static Transformer2DModel Transformer(ulong seed = 1)
    {
        var model = new Transformer2DModel(TransformerConfig);
        using var generator = new Generator(seed);
        model.Initialise(generator);
        model.to(TestDevice.Here).eval();
        return model;
    }

    public static AutoencoderKL Autoencoder(ulong seed = 1)
    {
        var model = new AutoencoderKL(AutoencoderConfig);
        using var generator = new Generator(seed);
        model.Initialise(generator);
        model.to(TestDevice.Here).eval();
        return model;
    }

    public static ClipTextModel TextEncoder(ulong seed = 1)
    {
        var model = new ClipTextModel(TextConfig);
        using var generator = new Generator(seed);
        model.Initialise(generator);
        model.to(TestDevice.Here).eval();
        return model;
    }
}
