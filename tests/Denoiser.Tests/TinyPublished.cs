using Realiz3D.Mesh.Diffusion;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising.Tests;

/// <summary>Folders of random weights in the published layouts: Stable Diffusion and Zero123++ in small.</summary>
internal static class TinyPublished
{
    private const int Width = 16;

    private static readonly UNetConfig UNet = new()
    {
        BlockOutChannels = [8, 16], NormNumGroups = 4, CrossAttentionDim = Width, AttentionHeadDim = 2, LayersPerBlock = 1,
        DownBlockTypes = ["CrossAttnDownBlock2D", "DownBlock2D"], UpBlockTypes = ["UpBlock2D", "CrossAttnUpBlock2D"],
        SampleSize = new GridSize(8, 8),
    };

    private static readonly AutoencoderConfig Autoencoder = new([4, 4], LatentChannels: 4, NormNumGroups: 2);

    /// <summary>Writes a text-to-image folder.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="scheduler">Its scheduler_config.json.</param>
    /// <param name="unet">Changes the U-Net's form; null for none.</param>
    public static void WriteTextToImage(string folder, string scheduler, Func<UNetConfig, UNetConfig>? unet = null)
    {
        using var generator = new Generator(21);
        WriteCommon(folder, generator, (unet ?? (config => config))(UNet), scheduler);
        ModelFolder.WriteIndex(folder, "StableDiffusionPipeline", new Dictionary<string, (string, string)>(Common)
        {
            ["safety_checker"] = ("stable_diffusion", "StableDiffusionSafetyChecker"),
        });
    }

    /// <summary>Writes a folder of Zero123++, version 1.2 unless its name says 1.1.</summary>
    /// <param name="folder">Where.</param>
    public static void WriteZero123Plus(string folder)
    {
        using var generator = new Generator(22);
        WriteCommon(folder, generator, UNet, """
            {"_class_name": "EulerAncestralDiscreteScheduler", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "linear",
             "prediction_type": "v_prediction", "timestep_spacing": "trailing", "steps_offset": 1}
            """);
        var towerConfig = new ClipVisionConfig(
            HiddenSize: Width, IntermediateSize: 16, NumHiddenLayers: 1, NumAttentionHeads: 2, ImageSize: 16, PatchSize: 8, ProjectionDim: Width);
        using var tower = new ClipVisionModel(towerConfig);
        tower.Initialise(generator);
        ModelFolder.Save(tower, towerConfig, Path.Combine(folder, "vision_encoder"));
        WriteText(folder, "feature_extractor_clip", "preprocessor_config.json", """{"size": 16, "crop_size": 16}""");
        WriteText(folder, "feature_extractor_vae", "preprocessor_config.json", """
            {"size": 16, "crop_size": 16, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.8, 0.8, 0.8]}
            """);
        ModelFolder.WriteIndex(folder, "Zero123PlusPipeline", new Dictionary<string, (string, string)>(Common)
        {
            ["vision_encoder"] = ("transformers", "CLIPVisionModelWithProjection"),
        });
    }

    /// <summary>Writes a ControlNet for these U-Nets that has something to say.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="width">Width of the text tokens that it takes.</param>
    public static void WriteControlNet(string folder, int width = Width)
    {
        using var generator = new Generator(23);
        var config = new ControlNetConfig
        {
            BlockOutChannels = UNet.BlockOutChannels, NormNumGroups = 4, CrossAttentionDim = width, AttentionHeadDim = 2, LayersPerBlock = 1,
            DownBlockTypes = UNet.DownBlockTypes, ConditioningEmbeddingOutChannels = [4, 8],
        };
        using var net = new ControlNetModel(config);
        net.Initialise(generator);
        TinyModel.Stir(net, generator);
        ModelFolder.Save(net, config, folder);
    }

    private static Dictionary<string, (string, string)> Common => new()
    {
        ["text_encoder"] = ("transformers", "CLIPTextModel"),
        ["tokenizer"] = ("transformers", "CLIPTokenizer"),
        ["vae"] = ("diffusers", "AutoencoderKL"),
        ["unet"] = ("diffusers", "UNet2DConditionModel"),
        ["scheduler"] = ("diffusers", "PNDMScheduler"),
    };

    private static void WriteCommon(string folder, Generator generator, UNetConfig unetConfig, string scheduler)
    {
        var vocabulary = TinyModel.WriteTokenizer(Path.Combine(folder, "tokenizer"));
        var textConfig = TinyModel.TextConfig(vocabulary) with { HiddenSize = Width, ProjectionDim = Width };
        using var text = new ClipTextModel(textConfig);
        text.Initialise(generator);
        ModelFolder.Save(text, textConfig, Path.Combine(folder, "text_encoder"));

        using var vae = new AutoencoderKL(Autoencoder);
        vae.Initialise(generator);
        ModelFolder.Save(vae, Autoencoder, Path.Combine(folder, "vae"));

        using var unet = new UNet2DConditionModel(unetConfig);
        unet.Initialise(generator);
        TinyModel.Stir(unet, generator, 0.05);
        ModelFolder.Save(unet, unetConfig, Path.Combine(folder, "unet"));
        WriteText(folder, "scheduler", "scheduler_config.json", scheduler);
    }

    private static void WriteText(string folder, string component, string name, string contents)
    {
        Directory.CreateDirectory(Path.Combine(folder, component));
        File.WriteAllText(Path.Combine(folder, component, name), contents);
    }
}
