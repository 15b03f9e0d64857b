using Realiz3D.Mesh.Storage;
using Realiz3D.Mesh.Testing;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training.Tests;

/// <summary>The loop on a line to be fitted: y = 3 x - 1 with a linear layer.</summary>
public sealed class TrainingLoopTests
{
    [Fact]
    public void Training_FindsTheLine_AndLeavesCurveAndSheet()
    {
        using var folder = new TemporaryDirectory();
        var loop = Loop(Recipe(folder.Path, steps: 600));
        var sheets = 0;

        var finished = loop.Run((_, _) => sheets++, default);

        Assert.True(finished);
        Assert.Equal(1, sheets);
        var line = loop.Averaged.state_dict();
        Assert.Equal(3, line["fit.weight"].item<float>(), 0.05);
        Assert.Equal(-1, line["fit.bias"].item<float>(), 0.05);
        Assert.StartsWith("step,seconds,loss,rate", File.ReadAllText(Path.Combine(folder.Path, "curve.csv")), StringComparison.Ordinal);
    }

    [Fact]
    public void Resumed_GoesOn_AsIfItHadNotStopped()
    {
        using var whole = new TemporaryDirectory();
        using var parted = new TemporaryDirectory();
        var once = Loop(Recipe(whole.Path, steps: 12));
        once.Run(null, default);

        // The plan is the same; the first run is stopped after its fifth step.
        using var stop = new CancellationTokenSource();
        var first = Loop(Recipe(parted.Path, steps: 12), onStep: step =>
        {
            if (step == 4)
            {
                stop.Cancel();
            }
        });
        Assert.False(first.Run(null, stop.Token));
        Assert.Equal(5, first.StepsDone);
        var second = Loop(Recipe(parted.Path, steps: 12));
        Assert.Equal(5, second.StepsDone);
        Assert.True(second.Run(null, default));

        AssertSame(once.Averaged, second.Averaged, exactly: true);
    }

    [Fact]
    public void TwoWorkers_TakeTheStepsOfOne()
    {
        using var alone = new TemporaryDirectory();
        using var shared = new TemporaryDirectory();
        var one = Loop(Recipe(alone.Path, steps: 8) with { Workers = 1 });
        var two = Loop(Recipe(shared.Path, steps: 8) with { Workers = 2 });

        one.Run(null, default);
        two.Run(null, default);

        AssertSame(one.Averaged, two.Averaged, exactly: false);
    }

    [Fact]
    public void Divergence_IsAnError_NotASilentNaN()
    {
        using var folder = new TemporaryDirectory();
        var loop = new TrainingLoop<Line>(Recipe(folder.Path, steps: 5), () => new Line(), (line, _) => line.call(full([1, 1], float.NaN)).sum());

        var fault = Assert.Throws<InvalidOperationException>(() => loop.Run(null, default));

        Assert.Contains("step 0", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void RunningMean_ForgetsQuicklyAtFirst_ThenByItsDecay()
    {
        using var scope = NewDisposeScope();
        var weight = new Parameter(full([1], 10f));
        var mean = new Parameter(full([1], 0f));
        var running = new RunningMean([weight], [mean], decay: 0.5);

        running.Follow(step: 0); // d = 1/10: 0 + 0.9 x 10
        Assert.Equal(9, mean.item<float>(), 1e-5);
        running.Follow(step: 98); // 99/108 is above 0.5: 9 + 0.5 x 1
        Assert.Equal(9.5, mean.item<float>(), 1e-5);
    }

    private static Recipe Recipe(string folder, int steps) =>
        new(folder, Minutes: 0, steps, BatchSize: 8, Seed: 3, PeakRate: 0.05) { WarmUpSteps = 5, EmaDecay = 0.9, WeightDecay = 0, Workers = 2 };

    private static TrainingLoop<Line> Loop(Recipe recipe, Action<int>? onStep = null)
    {
        var random = new Philox(recipe.Seed, DrawPurpose.Data);
        return new TrainingLoop<Line>(recipe, () => new Line(), (line, share) =>
        {
            using var scope = NewDisposeScope();
            onStep?.Invoke(share.Step);
            var x = Enumerable.Range(share.FirstItem, share.Items).Select(i => (float)random.Normal(share.Step, i)).ToArray();
            var input = tensor(x, [x.Length, 1]);
            return (line.call(input) - ((input * 3) - 1)).square().mean().MoveToOuterDisposeScope();
        });
    }

    // Sums in another order differ in the last bits; eight AdamW steps blow that up to about 1e-5.
    private static void AssertSame(nn.Module expected, nn.Module actual, bool exactly)
    {
        var other = actual.state_dict();
        foreach (var (name, value) in expected.state_dict())
        {
            AssertTensor.Close(value, other[name], relative: 0, absolute: exactly ? 0 : 1e-4, name);
        }
    }

    private sealed class Line : nn.Module<Tensor, Tensor>
    {
        private readonly Linear fit;

        public Line() : base(nameof(Line))
        {
            fit = nn.Linear(1, 1);
            nn.init.constant_(fit.weight, 0.5);
            nn.init.constant_(fit.bias!, 0);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input) => fit.call(input);
    }
}
