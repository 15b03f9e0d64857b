using System.Text.Json;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Diffusion.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public class SchedulerConfigTests
{
    [Fact]
    public void MissingKeys_TakeTheDefaultsOfTheirClass()
    {
        Assert.Equal(TimestepSpacing.Leading, Parse("""{"_class_name": "DDPMScheduler"}""").TimestepSpacing);
        Assert.Equal(TimestepSpacing.Linspace, Parse("""{"_class_name": "UniPCMultistepScheduler"}""").TimestepSpacing);
        Assert.False(Parse("""{"_class_name": "PNDMScheduler"}""").SetAlphaToOne);
        Assert.True(Parse("""{"_class_name": "DDIMScheduler"}""").SetAlphaToOne);
        Assert.Equal(SolverType.Bh2, Parse("""{"_class_name": "UniPCMultistepScheduler"}""").Options<UniPCOptions>().SolverType);
        Assert.Equal(SolverType.Midpoint, Parse("""{"_class_name": "DPMSolverMultistepScheduler"}""").Options<DpmSolverOptions>().SolverType);

        var consistency = Parse("""{"_class_name": "LCMScheduler"}""");
        Assert.Equal((0.00085, 0.012, BetaSchedule.ScaledLinear, false), (consistency.BetaStart, consistency.BetaEnd, consistency.BetaSchedule, consistency.ClipSample));
    }

    [Fact]
    public void PublishedFile_WithBareInfinity_IsRead()
    {
        var folder = Directory.CreateTempSubdirectory("scheduler");
        var file = Path.Combine(folder.FullName, "scheduler_config.json");
        File.WriteAllText(file, """{"_class_name": "DPMSolverMultistepScheduler", "lambda_min_clipped": -Infinity, "skip_prk_steps": true, "_diffusers_version": "0.24.0.dev0"}""");
        var config = ConfigFile.Read<SchedulerConfig>(file);
        folder.Delete(recursive: true);

        Assert.Equal(double.NegativeInfinity, config.Options<DpmSolverOptions>().LambdaMinClipped);
        Assert.Equal(new Version(0, 24), config.LibraryVersion);
        Assert.Equal(["skip_prk_steps"], Schedulers.UnknownKeys(config));
    }

    [Theory]
    [InlineData("DDIMScheduler", "\"beta_schedule\": \"cubic\"", "\"beta_schedule\" cannot be \"cubic\"")]
    [InlineData("DDIMScheduler", "\"num_train_timesteps\": \"many\"", "\"num_train_timesteps\" cannot be \"many\"")]
    [InlineData("DDPMScheduler", "\"variance_type\": \"fixed_large_log\"", "variance_type fixed_large_log")]
    [InlineData("DDPMScheduler", "\"variance_type\": \"wide\"", "\"variance_type\" cannot be \"wide\"")]
    [InlineData("DPMSolverMultistepScheduler", "\"algorithm_type\": \"dpm3\"", "algorithm_type dpm3")]
    [InlineData("DPMSolverMultistepScheduler", "\"solver_order\": 4", "solver_order")]
    [InlineData("DPMSolverMultistepScheduler", "\"solver_order\": 3, \"algorithm_type\": \"sde-dpmsolver++\"", "solver_order 3")]
    [InlineData("DPMSolverMultistepScheduler", "\"final_sigmas_type\": \"zero\", \"algorithm_type\": \"dpmsolver\"", "final_sigmas_type")]
    [InlineData("DPMSolverMultistepScheduler", "\"use_beta_sigmas\": true", "use_beta_sigmas")]
    [InlineData("EulerDiscreteScheduler", "\"timestep_type\": \"continuous\"", "timestep_type")]
    [InlineData("EulerDiscreteScheduler", "\"interpolation_type\": \"cubic\"", "\"interpolation_type\" cannot be \"cubic\"")]
    [InlineData("UniPCMultistepScheduler", "\"solver_p\": {\"order\": 2}", "solver_p")]
    [InlineData("UniPCMultistepScheduler", "\"predict_x0\": false, \"final_sigmas_type\": \"zero\"", "final_sigmas_type")]
    [InlineData("UniPCMultistepScheduler", "\"lower_order_final\": false, \"final_sigmas_type\": \"zero\"", "final_sigmas_type")]
    [InlineData("UniPCMultistepScheduler", "\"solver_order\": 0", "solver_order")]
    [InlineData("LCMScheduler", "\"original_inference_steps\": 0", "original_inference_steps")]
    [InlineData("HeunDiscreteScheduler", "\"beta_end\": 0.1", "_class_name HeunDiscreteScheduler")]
    public void ImpossibleValue_IsRefused_NamingTheKey(string type, string key, string message)
    {
        var folder = Directory.CreateTempSubdirectory("scheduler");
        var file = Path.Combine(folder.FullName, "scheduler_config.json");
        File.WriteAllText(file, $$"""{"_class_name": "{{type}}", {{key}}}""");
        var refused = Assert.Throws<MalformedFileException>(() => ConfigFile.Read<SchedulerConfig>(file));
        folder.Delete(recursive: true);

        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Contains("scheduler_config.json", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EulerAncestralDiscreteScheduler", "prediction_type")]
    [InlineData("PNDMScheduler", "prediction_type")]
    public void PredictionThatASamplerLacks_IsRefused(string type, string key)
    {
        var schedule = new NoiseSchedule(Parse($$"""{"_class_name": "{{type}}", "prediction_type": "sample"}"""));
        Assert.Contains(key, Assert.Throws<ArgumentException>(() => Schedulers.Create(schedule, new(10))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OptionsThatASamplerLacks_AreRefused()
    {
        var schedule = new NoiseSchedule(Parse("""{"_class_name": "UniPCMultistepScheduler"}"""));
        Assert.Equal(
            "UniPCMultistepScheduler has no option Eta.",
            Assert.Throws<ArgumentException>(() => Schedulers.Create(schedule, new(10, Eta: 0.5))).Message);
    }

    [Fact]
    public void LearnedVariance_NeedsTwiceTheChannels()
    {
        var sampler = Schedulers.Create(
            new NoiseSchedule(Parse("""{"_class_name": "DDPMScheduler", "variance_type": "learned_range"}""")), new(10));
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var history = new SchedulerHistory();
        var (sample, wide) = (ones(1, 2, 1, 1), TorchSharp.torch.cat([zeros(1, 2, 1, 1), -ones(1, 2, 1, 1)], 1));

        Assert.Throws<ArgumentException>(() => sampler.TakeStep(sample, sample, history, sample));

        // -1 is the least variance: the same step as with fixed_small.
        var least = sampler.TakeStep(wide, sample, history, sample).Previous;
        using var other = new SchedulerHistory();
        var small = Schedulers.Create(new NoiseSchedule(Parse("""{"_class_name": "DDPMScheduler"}""")), new(10))
            .TakeStep(zeros(1, 2, 1, 1), sample, other, sample).Previous;
        Testing.AssertTensor.Close(small, least, 1e-5, 1e-6);
    }

    private static SchedulerConfig Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return ConfigFile.Parse<SchedulerConfig>(document.RootElement);
    }
}
