using TorchSharp.Modules;
using static TorchSharp.torch.optim;
using static TorchSharp.torch.optim.lr_scheduler;

namespace Realiz3D.Mesh.TorchSharp.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Learning rates of every scheduler against their closed form, for two groups of parameters.</summary>
public sealed class SchedulerTests
{
    private static readonly double[] s_first = [1.0, 0.5];

    /// <summary>A scheduler, and the rate of an epoch for an initial rate.</summary>
    private static readonly Dictionary<string, (Func<Optimizer, LRScheduler> Make, Func<int, double, double> Rate)> s_cases = new()
    {
        ["StepLR"] = (o => StepLR(o, 3, 0.5), (e, b) => b * Math.Pow(0.5, Math.Floor(e / 3.0))),
        ["MultiStepLR"] = (o => MultiStepLR(o, [2, 5, 5], 0.1), (e, b) => b * (e < 2 ? 1 : e < 5 ? 0.1 : 0.001)),
        ["ExponentialLR"] = (o => ExponentialLR(o, 0.9), (e, b) => b * Math.Pow(0.9, e)),
        ["PolynomialLR"] = (o => PolynomialLR(o, 8, 2), (e, b) => b * Math.Pow(Math.Max(0, 1 - (e / 8.0)), 2)),
        ["ConstantLR"] = (o => ConstantLR(o, 0.25, 4), (e, b) => e < 4 ? b / 4 : b),
        ["LinearLR"] = (o => LinearLR(o, 0.25, 0.75, 5), (e, b) => b * (0.25 + (0.1 * Math.Min(e, 5)))),
        ["LambdaLR"] = (o => LambdaLR(o, e => 1 / (1.0 + e)), (e, b) => b / (1 + e)),
        ["MultiplicativeLR"] = (o => MultiplicativeLR(o, e => e / (1.0 + e)), (e, b) => b / (1 + e)),
        ["CosineAnnealingLR"] = (o => CosineAnnealingLR(o, 6, 0.01), (e, b) => 0.01 + ((b - 0.01) * (1 + Math.Cos(Math.PI * e / 6)) / 2)),
        ["ChainedLR"] = (o => ChainedLR([ConstantLR(o, 0.1, 2), ExponentialLR(o, 0.9)]), (e, b) => b * Math.Pow(0.9, e) * (e < 2 ? 0.1 : 1)),
        ["SequentialLR"] = (o => SequentialLR(o, [ConstantLR(o, 0.1, 2), ExponentialLR(o, 0.9), StepLR(o, 2, 0.5)], [2, 6]),
            (e, b) => b * (e < 2 ? 0.1 : e < 6 ? Math.Pow(0.9, e - 2) : Math.Pow(0.5, (e - 6) / 2))),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Rates_MatchTheClosedForm(string name)
    {
        using var optimizer = Optimizer(out var parameters);
        var (make, rate) = s_cases[name];
        var scheduler = make(optimizer);
        for (var epoch = 0; epoch < 14; epoch++)
        {
            AssertRates(s_first.Select(first => rate(epoch, first)), optimizer);
            Assert.Equal(optimizer.ParamGroups.Select(group => group.LearningRate), scheduler.get_last_lr());
            optimizer.step();
            scheduler.step();
        }

        Array.ForEach(parameters, parameter => parameter.Dispose());
    }

    [Theory]
    [InlineData("StepLR")]
    [InlineData("MultiStepLR")]
    [InlineData("ExponentialLR")]
    [InlineData("PolynomialLR")]
    [InlineData("ConstantLR")]
    [InlineData("LinearLR")]
    [InlineData("LambdaLR")]
    [InlineData("CosineAnnealingLR")]
    public void Jump_ToAnEpoch_GivesItsRates(string name)
    {
        using var optimizer = Optimizer(out var parameters);
        var scheduler = s_cases[name].Make(optimizer);
        foreach (var epoch in new[] { 9, 3, 0, 5 })
        {
            scheduler.step(epoch: epoch);
            AssertRates(s_first.Select(first => s_cases[name].Rate(epoch, first)), optimizer);
        }

        Array.ForEach(parameters, parameter => parameter.Dispose());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OneCycle_RisesAndFalls_WithMomentumTheOtherWay(bool linear)
    {
        using var optimizer = Optimizer(out var parameters);
        var strategy = linear ? impl.OneCycleLR.AnnealStrategy.Linear : impl.OneCycleLR.AnnealStrategy.Cos;
        var scheduler = OneCycleLR(optimizer, [2.0, 1.0], total_steps: 20, pct_start: 0.25, anneal_strategy: strategy, div_factor: 10, final_div_factor: 100);
        for (var step = 0; step < 20; step++)
        {
            // Up to step 4 = 0.25 * 20 - 1, down to step 19.
            var (part, up) = step <= 4 ? (step / 4.0, true) : ((step - 4) / 15.0, false);
            var turned = linear ? part : (1 - Math.Cos(Math.PI * part)) / 2;
            var (from, to) = up ? (0.1, 1.0) : (1.0, 0.001);
            AssertRates(new[] { 2.0, 1.0 }.Select(most => most * (from + ((to - from) * turned))), optimizer);
            Assert.All(optimizer.ParamGroups, group => Assert.Equal(0.95 - (0.1 * (up ? turned : 1 - turned)), ((IMomentum)group).Momentum, 1e-12));
            scheduler.step();
        }

        scheduler.step(epoch: 20);
        Assert.Throws<InvalidOperationException>(scheduler.step);
        Array.ForEach(parameters, parameter => parameter.Dispose());
    }

    [Fact]
    public void OneCycle_OfThreePhases_ComesBackBeforeItEnds()
    {
        using var parameter = new Parameter(zeros(1));
        using var optimizer = Adam([new Adam.ParamGroup { Parameters = [parameter] }]);
        var scheduler = OneCycleLR(optimizer, 1, epochs: 4, steps_per_epoch: 5, pct_start: 0.3, div_factor: 10, final_div_factor: 100, three_phase: true);
        Dictionary<int, (double Rate, double Momentum)> corners = new() { [0] = (0.1, 0.95), [5] = (1, 0.85), [10] = (0.1, 0.95), [19] = (0.001, 0.95) };
        for (var step = 0; step < 20; step++)
        {
            if (corners.TryGetValue(step, out var corner))
            {
                AssertRates([corner.Rate], optimizer);
                Assert.Equal((corner.Momentum, 0.999), ((IBetas)optimizer.ParamGroups.Single()).Betas);
            }

            scheduler.step();
        }

        using var plain = Adagrad([parameter]);
        Assert.Throws<ArgumentException>(() => OneCycleLR(plain, 1, total_steps: 3));
    }

    [Fact]
    public void Plateau_LowersTheRate_AfterItsPatience_NotDuringItsCooldown()
    {
        using var optimizer = Optimizer(out var parameters);
        var scheduler = ReduceLROnPlateau(optimizer, factor: 0.5, patience: 1, threshold: 0.1, cooldown: 2, min_lr: [0.2]);
        // 9.5 is not a tenth better than 10. The second bad epoch in a row lowers; the two after it do not count.
        var expected = new[] { (10.0, 1.0), (9.5, 1.0), (9.5, 0.5), (9.5, 0.5), (9.5, 0.5), (9.5, 0.5), (9.5, 0.25), (1, 0.25), (1, 0.25), (1, 0.25), (1, 0.2) };
        foreach (var (value, rate) in expected)
        {
            scheduler.step(value);
            AssertRates([rate, Math.Max(rate / 2, 0.2)], optimizer);
        }

        Assert.Throws<InvalidOperationException>(scheduler.step);
        Array.ForEach(parameters, parameter => parameter.Dispose());
    }

    [Fact]
    public void Plateau_OfAValueThatShouldGrow_TakesAbsoluteSteps()
    {
        using var optimizer = Optimizer(out var parameters);
        var scheduler = ReduceLROnPlateau(optimizer, "max", 0.5, 0, 1, "abs");
        foreach (var (value, rate) in new[] { (-5.0, 1.0), (-3.9, 1.0), (-3.0, 0.5), (-2.8, 0.5), (-2.9, 0.25) })
        {
            scheduler.step(value);
            AssertRates([rate, rate / 2], optimizer);
        }

        Array.ForEach(parameters, parameter => parameter.Dispose());
    }

    private static SGD Optimizer(out Parameter[] parameters)
    {
        parameters = [new Parameter(zeros(1)), new Parameter(zeros(1))];
        return SGD([.. parameters.Zip(s_first, (parameter, rate) => new SGD.ParamGroup([parameter], rate))], 0.1, momentum: 0.9);
    }

    private static void AssertRates(IEnumerable<double> expected, Optimizer optimizer) =>
        Assert.All(expected.Zip(optimizer.ParamGroups, (rate, group) => (rate, group.LearningRate)), pair => Assert.Equal(pair.rate, pair.LearningRate, 1e-12));
}
