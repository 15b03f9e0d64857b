using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class Zero123PlusTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("zero123plus-v1.1").FullName;

    public Zero123PlusTests()
    {
        using var vae = new AutoencoderKL(VaeConfig);
        using var unet = TinyModels.UNet(UNetConfig);
        using var text = TinyModels.TextEncoder();
        using var vision = new ClipVisionModel(VisionConfig);
        using var generator = new Generator(1);
        vae.Initialise(generator);
        vision.Initialise(generator);

        ModelFolder.Save(vae, VaeConfig, In("vae"));
        ModelFolder.Save(unet, UNetConfig, In("unet"));
        ModelFolder.Save(text, TinyModels.TextConfig, In("text_encoder"));
        ModelFolder.Save(vision, VisionConfig, In("vision_encoder"));
        Write("scheduler", "scheduler_config.json", """
            {"_class_name": "EulerAncestralDiscreteScheduler", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "linear",
             "prediction_type": "v_prediction", "timestep_spacing": "trailing", "steps_offset": 1}
            """);
        Write("feature_extractor_clip", "preprocessor_config.json", """{"size": 16, "crop_size": 16}""");
        Write("feature_extractor_vae", "preprocessor_config.json", """{"size": 16, "crop_size": 16}""");
        WriteIndex("[0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5, 0.5]");
    }

    private static AutoencoderConfig VaeConfig { get; } = new([4, 4], LatentChannels: 4, NormNumGroups: 2);

    private static UNetConfig UNetConfig { get; } = TinyModels.UNetConfig with { CrossAttentionDim = 16 };

    private static ClipVisionConfig VisionConfig { get; } = TinyModels.VisionConfig with { ProjectionDim = 16 };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Run_OfALoadedFolder_PaintsAnImage_AndLeavesNothingElse() => Alone.Run(() =>
    {
        using var scope = NewDisposeScope();
        using var models = Loaded();
        Assert.Equal(Zero123PlusVersion.V11, models.Version);
        var (job, noise) = Job(models);

        var steps = new List<int>();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var image = new Zero123PlusPipeline(models).Run(job, noise, step => steps.Add(step.Index));
        Assert.Equal(before + 1, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        Assert.Equal([0, 1], steps);
        Assert.Equal([1, 3, 24, 16], image.shape);
        Assert.True(image.isfinite().all().item<bool>());
        Assert.InRange(image.std().item<float>(), 1e-3, 1);
    });

    [Fact]
    public void Run_WithoutGuidance_ComputesTheConditionalHalfOnly()
    {
        using var scope = NewDisposeScope();
        using var models = Loaded();
        var (job, noise) = Job(models);
        new Zero123PlusPipeline(models).Run(
            job with { GuidanceScale = 1 }, noise with { Reference = _ => ones(1, 4, 8, 8) },
            step => Assert.Equal((1L, 1L), (step.Input.shape[0], step.Prediction.shape[0])));
    }

    [Fact]
    public void Run_Cancelled_EndsBeforeTheNextStep()
    {
        using var scope = NewDisposeScope();
        using var models = Loaded();
        using var cancel = new CancellationTokenSource();
        var (job, noise) = Job(models);
        var steps = 0;
        Assert.Throws<OperationCanceledException>(() => new Zero123PlusPipeline(models).Run(
            job, noise, _ =>
            {
                steps++;
                cancel.Cancel();
            }, cancel.Token));
        Assert.Equal(1, steps);
    }

    [Fact]
    public void Load_WithoutARamp_UsesTheUntrainedOne_AndWarns()
    {
        WriteIndex(ramp: null);
        var folder = ModelFolder.Open(_folder);
        using var models = Zero123PlusModels.Load(folder);
        Assert.Equal([0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1], models.Ramp);
        Assert.Contains(folder.Warnings, warning => warning.Contains("ramping_coefficients", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[1, 2]")]
    [InlineData("7")]
    public void Load_ARampOfAnotherLength_IsRefused(string ramp)
    {
        WriteIndex(ramp);
        var refused = Assert.Throws<MalformedFileException>(() => Zero123PlusModels.Load(ModelFolder.Open(_folder)));
        Assert.Contains("ramping_coefficients must be 8 numbers", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OnGray_RoundsAsPillowDoes()
    {
        var image = new PixelImage(4, 1, 4, [255, 0, 10, 0, 255, 0, 10, 255, 255, 0, 10, 128, 0, 200, 90, 1]);
        // (127 (255 - a) + c a) / 255, to the nearest: 191.25, 63.25, 68.27; 126.50, 127.29, 126.85.
        Assert.Equal([127, 127, 127, 255, 0, 10, 191, 63, 68, 127, 127, 127], ConditionImage.OnGray(image).Bytes);
        Assert.Throws<ArgumentException>(() => ConditionImage.OnGray(new PixelImage(1, 1, 1, [3])));
    }

    private Zero123PlusModels Loaded()
    {
        var models = Zero123PlusModels.Load(ModelFolder.Open(_folder));
        foreach (nn.Module part in (nn.Module[])[models.UNet, models.Vae, models.TextEncoder, models.VisionEncoder])
        {
            part.to(TestDevice.Here);
        }

        return models;
    }

    private static (Zero123PlusJob Job, Zero123PlusNoise Noise) Job(Zero123PlusModels models)
    {
        using var generator = new Generator(7);
        var ids = tensor(new long[] { 18, 3, 19, 19, 19, 19, 19, 19 }, [1, 8]);
        var image = new PixelImage(20, 20, 4, [.. Enumerable.Range(0, 1600).Select(i => (byte)(i * 7))]);
        Assert.Equal(8, models.Ramp.Count);
        return (
            new Zero123PlusJob(image, ids, ids, Steps: 2),
            new Zero123PlusNoise(
                randn([1, 4, 12, 8], generator: generator), randn([1, 4, 8, 8], generator: generator), ones(1, 4, 8, 8),
                _ => ones(2, 4, 8, 8), _ => ones(1, 4, 12, 8)));
    }

    private void WriteIndex(string? ramp) => File.WriteAllText(In("model_index.json"), $$"""
        {"_class_name": "Zero123PlusPipeline", {{(ramp is null ? "" : $"\"ramping_coefficients\": {ramp},")}}
         "vae": ["diffusers", "AutoencoderKL"], "unet": ["diffusers", "UNet2DConditionModel"],
         "text_encoder": ["transformers", "CLIPTextModel"], "vision_encoder": ["transformers", "CLIPVisionModelWithProjection"],
         "scheduler": ["diffusers", "EulerAncestralDiscreteScheduler"]}
        """);

    private void Write(string component, string name, string contents)
    {
        Directory.CreateDirectory(In(component));
        File.WriteAllText(In(component, name), contents);
    }

    private string In(params string[] parts) => Path.Combine([_folder, .. parts]);
}
