using System.Text.Json;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>All samplers against what theory says of them; the reference cases hold them to the published library.</summary>
public class SamplerTests
{
    private static readonly string[] Deterministic =
    [
        """{"_class_name": "DDIMScheduler", "clip_sample": false, "timestep_spacing": "trailing"}""",
        """{"_class_name": "PNDMScheduler", "skip_prk_steps": true}""",
        """{"_class_name": "PNDMScheduler", "skip_prk_steps": false}""",
        """{"_class_name": "EulerDiscreteScheduler"}""",
        """{"_class_name": "EulerDiscreteScheduler", "use_karras_sigmas": true}""",
        """{"_class_name": "EulerDiscreteScheduler", "interpolation_type": "log_linear"}""",
        """{"_class_name": "DPMSolverMultistepScheduler", "solver_order": 1}""",
        """{"_class_name": "DPMSolverMultistepScheduler", "solver_order": 3, "algorithm_type": "dpmsolver"}""",
        """{"_class_name": "DPMSolverMultistepScheduler", "solver_type": "heun", "use_lu_lambdas": true}""",
        """{"_class_name": "UniPCMultistepScheduler", "solver_order": 3}""",
        """{"_class_name": "UniPCMultistepScheduler", "solver_order": 2, "solver_type": "bh1", "predict_x0": false}""",
    ];

    public static TheoryData<string> DeterministicConfigs() => [.. Deterministic];

    /// <summary>With the true noise as output, every solver stays on the straight path of one clean latent.</summary>
    [Theory]
    [MemberData(nameof(DeterministicConfigs))]
    public void Step_WithTheTrueNoise_StaysOnThePath(string json)
    {
        using var scope = NewDisposeScope();
        var sampler = Create(json, 10);
        var clean = tensor(new double[] { 0.5, -1, 2 }, [1, 3]);
        var noise = tensor(new double[] { -0.3, 0.8, 1.5 }, [1, 3]);
        using var history = new SchedulerHistory();

        var sample = sampler.AddNoise(clean, noise, [sampler.Timesteps[0]]);
        for (var k = 0; k < sampler.Timesteps.Count; k++)
        {
            var step = sampler.TakeStep(noise, sample, history);
            AssertTensor.Close(clean, step.Original, 1e-6, 1e-5, $"clean at {k}");
            sample = step.Previous;
        }

        var end = sampler switch
        {
            DdimScheduler => clean,
            AlphaScheduler => sampler.AddNoise(clean, noise, [0]),
            EulerDiscreteScheduler => clean + noise * sampler.Sigmas[sampler.Timesteps.Count],
            _ => sampler.Schedule.AddNoise(clean, noise, [0]),
        };
        AssertTensor.Close(end, sample, 1e-5, 1e-5, "end");
    }

    /// <summary>
    /// For data of one normal distribution of deviation s the flow is known: x scales with sqrt(alpha^2 s^2 + sigma^2). Twice the
    /// steps must shrink the error by 2^order. The published third order of DPM-Solver takes half of the second difference, so it
    /// gains a factor, not an order.
    /// </summary>
    [Theory]
    [InlineData("""{"_class_name": "EulerDiscreteScheduler", "interpolation_type": "log_linear"}""", 1)]
    [InlineData("""{"_class_name": "DPMSolverMultistepScheduler", "solver_order": 1, "use_lu_lambdas": true}""", 1)]
    [InlineData("""{"_class_name": "DPMSolverMultistepScheduler", "solver_order": 2, "use_lu_lambdas": true}""", 2)]
    [InlineData("""{"_class_name": "DPMSolverMultistepScheduler", "solver_order": 2, "solver_type": "heun", "use_lu_lambdas": true}""", 2)]
    [InlineData("""{"_class_name": "DPMSolverMultistepScheduler", "solver_order": 3, "use_lu_lambdas": true}""", 2)]
    [InlineData("""{"_class_name": "DPMSolverMultistepScheduler", "algorithm_type": "dpmsolver", "use_lu_lambdas": true}""", 2)]
    [InlineData("""{"_class_name": "DPMSolverMultistepScheduler", "algorithm_type": "dpmsolver", "solver_type": "heun", "use_lu_lambdas": true}""", 2)]
    [InlineData("""{"_class_name": "DPMSolverMultistepScheduler", "algorithm_type": "dpmsolver", "solver_order": 3, "use_lu_lambdas": true}""", 2)]
    [InlineData("""{"_class_name": "UniPCMultistepScheduler", "solver_order": 1, "use_karras_sigmas": true}""", 2)]
    [InlineData("""{"_class_name": "UniPCMultistepScheduler", "solver_order": 2, "use_karras_sigmas": true}""", 3)]
    [InlineData("""{"_class_name": "UniPCMultistepScheduler", "solver_order": 2, "solver_type": "bh1", "use_karras_sigmas": true}""", 3)]
    [InlineData("""{"_class_name": "UniPCMultistepScheduler", "solver_order": 2, "predict_x0": false, "use_karras_sigmas": true}""", 3)]
    [InlineData("""{"_class_name": "UniPCMultistepScheduler", "solver_order": 3, "use_karras_sigmas": true}""", 4)]
    public void Error_ShrinksWithTheOrderOfTheSolver(string json, int order)
    {
        var (coarse, fine) = (ErrorOfGaussianFlow(json, 40), ErrorOfGaussianFlow(json, 80));
        Assert.InRange(Math.Log2(coarse / fine), order - 0.35, order + 1.2);
    }

    /// <summary>
    /// Clean latent 0, true noise as output. What is left of the old noise and the fresh one must add up to the next sigma; the form in the
    /// noise does so to first order only, but its fresh noise is what the forward process adds between both timesteps.
    /// </summary>
    [Theory]
    [InlineData("sde-dpmsolver++")]
    [InlineData("sde-dpmsolver")]
    public void StochasticStep_KeepsTheVariance(string algorithm)
    {
        using var scope = NewDisposeScope();
        var sampler = Create($$"""{"_class_name": "DPMSolverMultistepScheduler", "algorithm_type": "{{algorithm}}", "solver_order": 1}""", 20);
        var (zero, one) = (zeros(1, 1, dtype: ScalarType.Float64), ones(1, 1, dtype: ScalarType.Float64));
        var (from, to) = (sampler.Sigmas[7], sampler.Sigmas[8]);
        double Response(Tensor noiseInSample, Tensor fresh)
        {
            using var history = new SchedulerHistory(7);
            return sampler.TakeStep(noiseInSample, noiseInSample * MultistepPlan.Split(from).Noise, history, fresh).Previous.item<double>();
        }

        var (kept, drawn) = (Response(one, zero), Response(zero, one));
        if (algorithm == "sde-dpmsolver++")
        {
            Assert.Equal(MultistepPlan.Split(to).Noise, Math.Sqrt((kept * kept) + (drawn * drawn)), 9);
        }
        else
        {
            Assert.Equal(MultistepPlan.Split(to).Signal * Math.Sqrt((from * from) - (to * to)), drawn, 9);
        }
    }

    [Theory]
    [InlineData("""{"_class_name": "DPMSolverMultistepScheduler", "solver_order": 3, "use_karras_sigmas": true}""")]
    [InlineData("""{"_class_name": "DPMSolverMultistepScheduler", "algorithm_type": "sde-dpmsolver", "solver_type": "heun", "use_lu_lambdas": true}""")]
    [InlineData("""{"_class_name": "UniPCMultistepScheduler", "solver_order": 3, "lower_order_final": false, "use_karras_sigmas": true}""")]
    public void CurveOfAnOldFile_EndsTwice_AndTheLastStepChangesNothing(string json)
    {
        using var scope = NewDisposeScope();
        var sampler = Create(json, 16);
        var (sample, noise) = (ones(1, 3), ones(1, 3));
        using var history = new SchedulerHistory();
        for (var k = 0; k < 15; k++)
        {
            sample = sampler.TakeStep(sample * 0.3, sample, history, noise).Previous;
        }

        Assert.Equal(sampler.Sigmas[^2], sampler.Sigmas[^1]);
        var last = sampler.TakeStep(sample * 0.3, sample, history, noise).Previous;
        Assert.True(last.isfinite().all().item<bool>());
        if (sampler is DpmSolverMultistepScheduler)
        {
            AssertTensor.Equal(sample, last);       // UniPC corrects the sample before it steps
        }
    }

    [Fact]
    public void AncestralStep_IsTheProductOfBothNormals()
    {
        using var scope = NewDisposeScope();
        var sampler = Create("""{"_class_name": "DDPMScheduler", "prediction_type": "sample", "clip_sample": false}""", 10);
        var (clean, sample) = (0.7, -0.4);
        var (zero, one) = (zeros(1, 1, dtype: ScalarType.Float64), ones(1, 1, dtype: ScalarType.Float64));
        double Step(Tensor fresh)
        {
            using var history = new SchedulerHistory(4);
            return sampler.TakeStep(one * clean, one * sample, history, fresh).Previous.item<double>();
        }

        // q(x'|x0) q(x|x') over x', both normal: precisions add.
        var t = (int)sampler.Timesteps[4];
        var (a, b) = (sampler.Schedule.AlphasCumprod[t], sampler.Schedule.AlphasCumprod[t - 100]);
        var (prior, likelihood) = (1 / (1 - b), a / b / (1 - (a / b)));
        var variance = 1 / (prior + likelihood);
        var mean = variance * ((prior * Math.Sqrt(b) * clean) + (likelihood * sample / Math.Sqrt(a / b)));
        Assert.Equal(mean, Step(zero), 9);
        Assert.Equal(Math.Sqrt(variance), Step(one) - Step(zero), 9);
    }

    [Fact]
    public void EulerAncestralStep_KeepsTheVariance()
    {
        using var scope = NewDisposeScope();
        var sampler = Create("""{"_class_name": "EulerAncestralDiscreteScheduler"}""", 10);
        var (zero, one) = (zeros(1, 1, dtype: ScalarType.Float64), ones(1, 1, dtype: ScalarType.Float64));
        using var first = new SchedulerHistory(3);
        using var second = new SchedulerHistory(3);
        var kept = sampler.TakeStep(one, one * sampler.Sigmas[3], first, zero).Previous.item<double>();
        var drawn = sampler.TakeStep(zero, zero, second, one).Previous.item<double>();
        Assert.Equal(sampler.Sigmas[4], Math.Sqrt((kept * kept) + (drawn * drawn)), 9);
    }

    private static double ErrorOfGaussianFlow(string json, int steps)
    {
        const double deviation = 0.6;
        using var scope = NewDisposeScope();
        var sampler = Create(json, steps, "\"beta_schedule\": \"scaled_linear\", \"beta_start\": 0.00085, \"beta_end\": 0.012");
        var variancePreserving = sampler is not EulerDiscreteScheduler;
        double Spread(double sigma) => Math.Sqrt((deviation * deviation) + (sigma * sigma)) * (variancePreserving ? MultistepPlan.Split(sigma).Signal : 1);

        var start = Spread(sampler.Sigmas[0]);
        var sample = ones(1, 1, dtype: ScalarType.Float64) * start;
        using var history = new SchedulerHistory();
        for (var k = 0; k < sampler.Timesteps.Count; k++)
        {
            // eps = sigma x / (s^2 + sigma^2) where x = x0 + sigma eps
            var sigma = sampler.Sigmas[k];
            var scale = variancePreserving ? MultistepPlan.Split(sigma).Signal : 1;
            var epsilon = sample * (sigma / ((deviation * deviation) + (sigma * sigma)) / scale);
            sample = sampler.TakeStep(epsilon, sample, history).Previous;
        }

        return Math.Abs(sample.item<double>() - Spread(sampler.Sigmas[sampler.Timesteps.Count]));
    }

    private static IScheduler Create(string json, int steps, string more = "\"steps_offset\": 0")
    {
        using var document = JsonDocument.Parse(json.TrimEnd('}') + ", " + more + "}");
        return Schedulers.Create(new NoiseSchedule(ConfigFile.Parse<SchedulerConfig>(document.RootElement)), new SamplingOptions(steps));
    }
}
