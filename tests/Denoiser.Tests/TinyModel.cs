using Realiz3D.Mesh.Diffusion;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising.Tests;

// On the CPU: model folders are written, nothing is computed.
/// <summary>A model folder of a few thousand random weights: realiz3d-mini in small, views of 16 pixels.</summary>
internal static class TinyModel
{
    private const int Tokens = 16;

    /// <summary>Writes the folder. Equal seeds give equal models; a judge adds an image tower.</summary>
    public static void Write(string folder, ulong seed = 1, bool judge = false)
    {
        using var generator = new Generator(seed);
        var vocabulary = WriteTokenizer(Path.Combine(folder, "tokenizer"));

        var textConfig = TextConfig(vocabulary);
        using var text = new ClipTextModel(textConfig);
        text.Initialise(generator);
        ModelFolder.Save(text, textConfig, Path.Combine(folder, "text_encoder"));

        var vaeConfig = new AutoencoderConfig(
            [4, 4], InChannels: 4, OutChannels: 4, LatentChannels: 8, NormNumGroups: 2, SampleSize: 16, ScalingFactor: 0.5);
        using var vae = new AutoencoderKL(vaeConfig);
        vae.Initialise(generator);
        ModelFolder.Save(vae, vaeConfig, Path.Combine(folder, "vae"));

        var transformerConfig = new TransformerConfig(
            NumAttentionHeads: 2, AttentionHeadDim: 4, InChannels: 8, NumLayers: 1, new GridSize(24, 16), CaptionChannels: 8);
        using var transformer = new Transformer2DModel(transformerConfig);
        transformer.Initialise(generator);
        Stir(transformer, generator);
        ModelFolder.Save(transformer, transformerConfig, Path.Combine(folder, "transformer"));

        if (judge)
        {
            var towerConfig = new ClipVisionConfig(
                HiddenSize: 8, IntermediateSize: 16, NumHiddenLayers: 1, NumAttentionHeads: 2, ImageSize: 16, PatchSize: 8,
                ProjectionDim: 8);
            using var tower = new ClipVisionModel(towerConfig);
            tower.Initialise(generator);
            Stir(tower, generator);
            ModelFolder.Save(tower, towerConfig, Path.Combine(folder, "image_encoder"));
        }

        ConfigFile.Write(
            Path.Combine(folder, "scheduler", "scheduler_config.json"),
            new SchedulerConfig(
                BetaSchedule: BetaSchedule.SquaredcosCapV2,
                PredictionType: PredictionType.Sample,
                TimestepSpacing: TimestepSpacing.Trailing,
                ClipSample: false));
        var index = new Dictionary<string, (string, string)>
        {
            ["text_encoder"] = ("transformers", "CLIPTextModel"),
            ["tokenizer"] = ("transformers", "CLIPTokenizer"),
            ["vae"] = ("diffusers", "AutoencoderKL"),
            ["transformer"] = ("diffusers", "Transformer2DModel"),
            ["scheduler"] = ("diffusers", "DDIMScheduler"),
        };
        if (judge)
        {
            index["image_encoder"] = ("transformers", "CLIPVisionModelWithProjection");
        }

        ModelFolder.WriteIndex(folder, "TinyPipeline", index);
    }

    /// <summary>Form of a text encoder for the tokenizer below.</summary>
    public static ClipTextConfig TextConfig(int vocabulary) => new(
        vocabulary, HiddenSize: 8, IntermediateSize: 16, NumHiddenLayers: 1, NumAttentionHeads: 2, Tokens,
        ProjectionDim: 8, BosTokenId: vocabulary - 2, EosTokenId: vocabulary - 1, PadTokenId: vocabulary - 1);

    /// <summary>Training starts from a silent output layer; in tests every weight shall matter.</summary>
    public static void Stir(nn.Module module, Generator generator, double by = 0.2)
    {
        using var _ = no_grad();
        foreach (var parameter in module.parameters())
        {
            using var noise = randn(parameter.shape, generator: generator);
            parameter.add_(noise, by);
        }
    }

    /// <summary>Letters, digits and the two specials, no merges.</summary>
    public static int WriteTokenizer(string folder)
    {
        var letters = "abcdefghijklmnopqrstuvwxyz0123456789".Select(c => c.ToString()).ToArray();
        string[] tokens = [.. letters, .. letters.Select(c => c + "</w>"), "<|startoftext|>", "<|endoftext|>"];
        ConfigFile.Write(Path.Combine(folder, "vocab.json"), tokens.Select((t, id) => (t, id)).ToDictionary(p => p.t, p => p.id));
        File.WriteAllText(Path.Combine(folder, "merges.txt"), "#version: 0.2\n");
        ConfigFile.Write(Path.Combine(folder, "tokenizer_config.json"), new Dictionary<string, object>
        {
            ["model_max_length"] = Tokens,
            ["bos_token"] = "<|startoftext|>",
            ["eos_token"] = "<|endoftext|>",
            ["pad_token"] = "<|endoftext|>",
        });
        return tokens.Length;
    }
}
