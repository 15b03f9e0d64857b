using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class ModelFolderTests : IDisposable
{
    private static readonly SchedulerConfig Scheduler = new(
        BetaStart: 0.00085, BetaEnd: 0.012, BetaSchedule: BetaSchedule.ScaledLinear,
        PredictionType: PredictionType.Sample, TimestepSpacing: TimestepSpacing.Trailing, ClipSample: false);

    private readonly string _folder = Directory.CreateTempSubdirectory("model").FullName;

    public ModelFolderTests()
    {
        using var transformer = TinyModels.Transformer();
        using var vae = TinyModels.Autoencoder();
        using var text = TinyModels.TextEncoder();
        ModelFolder.Save(transformer, transformer.Config, Path("transformer"), ElementKind.F16);
        ModelFolder.Save(vae, vae.Config, Path("vae"));
        ModelFolder.Save(text, text.Config, Path("text_encoder"));
        ConfigFile.Write(Path("scheduler", "scheduler_config.json"), Scheduler);
        ModelFolder.WriteIndex(_folder, "TinyPipeline", new Dictionary<string, (string, string)>
        {
            ["transformer"] = ("diffusers", "Transformer2DModel"),
            ["vae"] = ("diffusers", "AutoencoderKL"),
            ["text_encoder"] = ("transformers", "CLIPTextModel"),
            ["scheduler"] = ("diffusers", "DDIMScheduler"),
        });
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Open_ReadsBackWhatWasWritten()
    {
        using var scope = NewDisposeScope();
        var folder = ModelFolder.Open(_folder);
        using var transformer = folder.LoadTransformer();
        using var vae = folder.LoadAutoencoder().to(TestDevice.Here);
        using var text = folder.LoadTextEncoder();

        Assert.Equal("TinyPipeline", folder.ClassName);
        Assert.Equal("CLIPTextModel", folder.Components["text_encoder"]);
        Assert.Equal(TinyModels.TransformerConfig, transformer.Config);
        Assert.Equal(TinyModels.TextConfig, text.Config);
        Assert.Equal(Scheduler, folder.ReadScheduler());
        Assert.False(vae.training);

        using var original = TinyModels.Autoencoder();
        var image = ones(1, 4, 16, 16);
        AssertTensor.Equal(original.Encode(image).Mean, vae.Encode(image).Mean, "mean");
    }

    [Fact]
    public void ConfigFiles_AreSpelledAsPublished()
    {
        var transformer = File.ReadAllText(Path("transformer", "config.json"));
        Assert.Contains("\"_class_name\": \"Transformer2DModel\"", transformer, StringComparison.Ordinal);
        Assert.Contains("\"norm_type\": \"ada_norm_single\"", transformer, StringComparison.Ordinal);
        Assert.Matches("\"sample_size\": \\[\\s*12,\\s*8\\s*\\]", transformer);
        var scheduler = File.ReadAllText(Path("scheduler", "scheduler_config.json"));
        Assert.Contains("\"beta_schedule\": \"scaled_linear\"", scheduler, StringComparison.Ordinal);
        Assert.Contains("\"timestep_spacing\": \"trailing\"", scheduler, StringComparison.Ordinal);
        Assert.Contains("\"down_block_types\"", File.ReadAllText(Path("vae", "config.json")), StringComparison.Ordinal);
        Assert.Contains("\"hidden_act\": \"quick_gelu\"", File.ReadAllText(Path("text_encoder", "config.json")), StringComparison.Ordinal);
    }

    [Fact]
    public void Hash_ChangesWithAnyWeight_AndWithNothingElse()
    {
        var before = ModelFolder.Open(_folder).ComputeHash();
        Assert.Matches("^[0-9a-f]{64}$", before);

        File.WriteAllText(Path("README.md"), "words");
        Assert.Equal(before, ModelFolder.Open(_folder).ComputeHash());

        using (var file = File.Open(Path("vae", "diffusion_pytorch_model.safetensors"), FileMode.Open))
        {
            file.Position = file.Length - 1;
            var last = file.ReadByte();
            file.Position = file.Length - 1;
            file.WriteByte((byte)(last ^ 1));
        }

        Assert.NotEqual(before, ModelFolder.Open(_folder).ComputeHash());
    }

    [Fact]
    public void Warnings_NameKeysThatNobodyKnows()
    {
        var config = File.ReadAllText(Path("vae", "config.json"));
        File.WriteAllText(Path("vae", "config.json"), config.Replace("{", "{ \"latents_mean\": null,", StringComparison.Ordinal));
        var folder = ModelFolder.Open(_folder);
        folder.LoadAutoencoder().Dispose();
        Assert.Equal(["vae/config.json: the key \"latents_mean\" is not known and was ignored."], folder.Warnings);
    }

    public static IEnumerable<object[]> Faults() =>
    [
        ["model_index.json", null!, "model_index.json: the file is missing."],
        ["model_index.json", "{}", "model_index.json: _class_name is missing."],
        ["model_index.json", "{\"_class_name\": \"P\"}", "model_index.json: the component \"vae\" is missing."],
        ["model_index.json", "{\"_class_name\": \"P\", \"vae\": [null, null]}", "the component \"vae\" is missing."],
        ["model_index.json", "{\"_class_name\": \"P\", \"vae\": [\"diffusers\"]}", "the entry of \"vae\" is not [library, class]."],
        ["model_index.json", "{\"_class_name\": \"P\", \"vae\": [\"diffusers\", \"VQModel\"]}", "\"vae\" is a VQModel; a AutoencoderKL was expected."],
        ["vae/config.json", null!, "config.json: the file is missing."],
        ["vae/config.json", "{", "config.json: not the expected JSON: "],
        ["vae/config.json", "null", "config.json: the file says only null."],
        ["vae/config.json", "{\"in_channels\": 4}", "block_out_channels"],
        ["vae/config.json", "{\"block_out_channels\": [8, 12], \"norm_num_groups\": 8}", "config.json: every entry of block_out_channels must be a multiple of norm_num_groups, 8."],
        ["vae/config.json", "{\"block_out_channels\": [8], \"norm_num_groups\": 4, \"act_fn\": \"tanh\"}", "config.json: act_fn is tanh; only silu, swish, mish, gelu and relu are known."],
    ];

    [Theory]
    [MemberData(nameof(Faults))]
    public void BrokenFolder_IsRefusedInOneSentence(string file, string? contents, string sentence)
    {
        if (contents is null)
        {
            File.Delete(Path(file));
        }
        else
        {
            File.WriteAllText(Path(file), contents);
        }

        var refused = Assert.Throws<MalformedFileException>(() => ModelFolder.Open(_folder).LoadAutoencoder());
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
    }

    private string Path(params string[] parts) => System.IO.Path.Combine([_folder, .. parts]);
}
