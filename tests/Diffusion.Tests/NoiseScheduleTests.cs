using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public class NoiseScheduleTests
{
    private static readonly SchedulerConfig Stable = new(BetaStart: 0.00085, BetaEnd: 0.012);

    // First, three middle and last value of the published schedules, computed by two independent programs.
    [Theory]
    [InlineData(BetaSchedule.Linear, 0.99915, 0.568788, 0.160772, 0.00157896)]
    [InlineData(BetaSchedule.ScaledLinear, 0.99915, 0.673793, 0.276333, 0.00466010)]
    [InlineData(BetaSchedule.SquaredcosCapV2, 0.999959, 0.845888, 0.492285, 2.428735e-9)]     // in double 2.42877e-9: 1 - 0.999 in float32
    public void AlphasCumprod_MatchPublishedValuesAndFall(
        BetaSchedule curve, double first, double quarter, double middle, double last)
    {
        var abar = new NoiseSchedule(Stable with { BetaSchedule = curve }).AlphasCumprod;

        Assert.Equal(1000, abar.Count);
        foreach (var (t, expected) in new[] { (0, first), (250, quarter), (500, middle), (999, last) })
        {
            Assert.InRange(abar[t], expected * (1 - 5e-6), expected * (1 + 5e-6));    // six digits are known
        }

        Assert.All(abar.Zip(abar.Skip(1)), pair => Assert.True(pair.Second < pair.First));
    }

    [Theory]
    [InlineData(BetaSchedule.Linear, 25.1461)]
    [InlineData(BetaSchedule.ScaledLinear, 14.6146)]
    public void Sigma_OfTheLastTimestep_MatchesPublishedValue(BetaSchedule curve, double expected) =>
        Assert.Equal(expected, new NoiseSchedule(Stable with { BetaSchedule = curve }).Sigma(999), 4);

    [Fact]
    public void TrainedBetas_AreUsedAsGiven()
    {
        var schedule = new NoiseSchedule(new SchedulerConfig(NumTrainTimesteps: 3, TrainedBetas: [0.5, 0.2, 0.1]));
        Assert.All(schedule.AlphasCumprod.Zip([0.5, 0.4, 0.36]), pair => Assert.Equal(pair.Second, pair.First, 1e-7));
        Assert.Equal([0.5f, 0.2f, 0.1f], schedule.Betas.Select(beta => (float)beta));
    }

    [Fact]
    public void ZeroTerminalSignal_KeepsTheFirstAndEndsAtZero()
    {
        var config = Stable with { PredictionType = PredictionType.VPrediction };
        var (plain, rescaled) = (new NoiseSchedule(config), new NoiseSchedule(config with { RescaleBetasZeroSnr = true }));

        Assert.Equal(plain.AlphasCumprod[0], rescaled.AlphasCumprod[0], 2e-7);   // float32
        Assert.Equal(0, rescaled.AlphasCumprod[^1]);
        Assert.All(
            rescaled.AlphasCumprod.Zip(rescaled.AlphasCumprod.Skip(1)), pair => Assert.True(pair.Second < pair.First));
    }

    [Fact]
    public void PureNoise_IsRefusedWhereANetworkPredictsNoise_AndPassedOverWhereItIsNotVisited()
    {
        var config = Stable with { RescaleBetasZeroSnr = true };
        Assert.Equal(900, new DdimScheduler(new NoiseSchedule(config), new SamplingOptions(10)).Timesteps[0]);

        var visited = new NoiseSchedule(config with { TimestepSpacing = TimestepSpacing.Trailing });
        var refused = Assert.Throws<ArgumentException>(() => new DdimScheduler(visited, new SamplingOptions(10)));
        Assert.Contains("prediction_type", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(PredictionType.Epsilon)]
    [InlineData(PredictionType.Sample)]
    [InlineData(PredictionType.VPrediction)]
    public void Conversions_GiveBackWhatWasMixed(PredictionType type)
    {
        using var scope = NewDisposeScope();
        var schedule = new NoiseSchedule(Stable with { PredictionType = type });
        int[] timesteps = [0, 400, 999];
        var clean = tensor(new double[] { 0.5, -1, 2, 0.25, 1, -0.75 }, [3, 2]);
        var noise = tensor(new double[] { -0.3, 0.8, 1.5, -2, 0.1, 0.6 }, [3, 2]);

        var mixed = schedule.AddNoise(clean, noise, timesteps);
        var output = type switch
        {
            PredictionType.Epsilon => noise,
            PredictionType.Sample => clean,
            _ => schedule.Velocity(clean, noise, timesteps),
        };

        AssertTensor.Close(clean, schedule.ToOriginal(output, mixed, timesteps), 1e-9, 1e-9, "x0");
        AssertTensor.Close(noise, schedule.ToEpsilon(output, mixed, timesteps), 1e-9, 1e-9, "eps");
        var expected = Math.Sqrt(schedule.AlphasCumprod[400]) * 2 + Math.Sqrt(1 - schedule.AlphasCumprod[400]) * 1.5;
        Assert.Equal(expected, mixed[1, 0].ToDouble(), 12);
    }

    [Fact]
    public void AddNoise_OtherBatch_SaysBothCounts()
    {
        using var scope = NewDisposeScope();
        var refused = Assert.Throws<ArgumentException>(
            () => new NoiseSchedule(Stable).AddNoise(zeros(3, 2), zeros(3, 2), [1, 2]));
        Assert.Equal("2 timesteps for a batch of 3.", refused.Message);
    }

    public static IEnumerable<object[]> BadConfigs() =>
    [
        [Stable with { ClassName = "DDXMScheduler" }, "_class_name"],
        [Stable with { BetaSchedule = BetaSchedule.Sigmoid }, "beta_schedule"],
        [Stable with { DynamicThresholdingRatio = 1.5 }, "dynamic_thresholding_ratio"],
        [Stable with { SampleMaxValue = double.NaN }, "sample_max_value"],
        [Stable with { StepsOffset = -1 }, "steps_offset"],
        [Stable with { NumTrainTimesteps = 1 }, "num_train_timesteps"],
        [Stable with { BetaStart = 0 }, "beta_start"],
        [Stable with { BetaEnd = double.NaN }, "beta_end"],
        [Stable with { BetaEnd = 0.0001 }, "beta_start"],
        [Stable with { TrainedBetas = [0.1, 0.2] }, "trained_betas"],
        [Stable with { NumTrainTimesteps = 2, TrainedBetas = [0.1, 1.0] }, "trained_betas"],
    ];

    [Theory]
    [MemberData(nameof(BadConfigs))]
    public void BadConfig_IsRefused_NamingTheKey(SchedulerConfig config, string key) =>
        Assert.Contains(key, Assert.Throws<ArgumentException>(() => new NoiseSchedule(config)).Message, StringComparison.Ordinal);
}
