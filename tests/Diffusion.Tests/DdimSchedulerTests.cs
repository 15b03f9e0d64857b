using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public class DdimSchedulerTests
{
    private static readonly SchedulerConfig Config = new(
        BetaStart: 0.00085, BetaEnd: 0.012, ClipSample: false, PredictionType: PredictionType.Sample);

    [Theory]
    [InlineData(TimestepSpacing.Leading, 50, 1, new[] { 981, 961, 941 }, new[] { 21, 1 })]
    [InlineData(TimestepSpacing.Trailing, 50, 0, new[] { 999, 979, 959 }, new[] { 39, 19 })]
    [InlineData(TimestepSpacing.Trailing, 75, 0, new[] { 999, 986, 972, 959, 946, 932, 919, 906 }, new[] { 52, 39, 26, 12 })]
    [InlineData(TimestepSpacing.Trailing, 28, 0, new[] { 999, 963, 928, 892 }, new[] { 142, 106, 70, 35 })]
    [InlineData(TimestepSpacing.Trailing, 61, 0, new[] { 999, 983 }, new[] { 32, 15 })]      // numpy's rounding would add -1
    [InlineData(TimestepSpacing.Linspace, 4, 0, new[] { 999, 666, 333, 0 }, new[] { 0 })]
    [InlineData(TimestepSpacing.Linspace, 1, 0, new[] { 0 }, new[] { 0 })]
    public void Timesteps_MatchPublishedLists(
        TimestepSpacing spacing, int steps, int offset, int[] first, int[] last)
    {
        var schedule = new NoiseSchedule(Config with { TimestepSpacing = spacing, StepsOffset = offset });
        var timesteps = new DdimScheduler(schedule, new SamplingOptions(steps)).Timesteps;

        Assert.Equal(steps, timesteps.Count);
        Assert.Equal(first, timesteps.Take(first.Length).Select(t => (int)t));
        Assert.Equal(last, timesteps.TakeLast(last.Length).Select(t => (int)t));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void Steps_OutOfRange_AreRefused(int steps) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new DdimScheduler(new NoiseSchedule(Config), new SamplingOptions(steps)));

    [Fact]
    public void Step_OfAPerfectModel_StaysOnThePathAndEndsAtTheCleanLatent()
    {
        using var scope = NewDisposeScope();
        var schedule = new NoiseSchedule(Config with { TimestepSpacing = TimestepSpacing.Trailing });
        var sampler = new DdimScheduler(schedule, new SamplingOptions(10));
        using var history = new SchedulerHistory();
        var clean = tensor(new double[] { 0.5, -1, 2 }, [1, 3]);
        var noise = tensor(new double[] { -0.3, 0.8, 1.5 }, [1, 3]);

        var sample = schedule.AddNoise(clean, noise, [999]);
        foreach (int t in sampler.Timesteps)
        {
            sample = sampler.TakeStep(clean, sample, history).Previous;
            if (t >= 100)
            {
                AssertTensor.Close(schedule.AddNoise(clean, noise, [t - 100]), sample, 1e-9, 1e-9, $"after {t}");
            }
        }

        AssertTensor.Close(clean, sample, 1e-9, 1e-9, "end");
    }

    [Fact]
    public void Step_WithFullEta_HasTheVarianceOfTheFormula()
    {
        using var scope = NewDisposeScope();
        var schedule = new NoiseSchedule(Config);
        var sampler = new DdimScheduler(schedule, new SamplingOptions(20, Eta: 1));
        using var first = new SchedulerHistory(9);      // timestep 500
        using var second = new SchedulerHistory(9);
        var (model, sample, noise) = (zeros(1, 2, dtype: ScalarType.Float64), ones(1, 2, dtype: ScalarType.Float64),
            tensor(new double[] { 1, -1 }, [1, 2]));

        var quiet = sampler.TakeStep(model, sample, first, zeros_like(noise)).Previous;
        var loud = sampler.TakeStep(model, sample, second, noise).Previous;

        var (a, b) = (schedule.AlphasCumprod[500], schedule.AlphasCumprod[450]);
        var deviation = Math.Sqrt((1 - b) / (1 - a) * (1 - (a / b)));
        AssertTensor.Close(noise * deviation, loud - quiet, 1e-9, 1e-12, "noise");
        Assert.Equal(Math.Sqrt(1 - b - (deviation * deviation)) / Math.Sqrt(1 - a), quiet[0, 0].ToDouble(), 10);
    }

    [Fact]
    public void Step_EtaWithoutNoise_IsRefused()
    {
        using var scope = NewDisposeScope();
        var sampler = new DdimScheduler(new NoiseSchedule(Config), new SamplingOptions(20, Eta: 0.5));
        using var history = new SchedulerHistory();
        Assert.Throws<ArgumentNullException>(() => sampler.TakeStep(zeros(1, 2), zeros(1, 2), history));
        Assert.Equal(0, history.Index);
    }

    [Fact]
    public void Guidance_MatchesTheFormula()
    {
        using var scope = NewDisposeScope();
        var guided = Guidance.Apply(tensor(new[] { 1.0, -2.0 }), tensor(new[] { 1.5, -1.0 }), 3);
        AssertTensor.Close(tensor(new[] { 2.5, 1.0 }), guided, 0, 1e-12);
    }
}
