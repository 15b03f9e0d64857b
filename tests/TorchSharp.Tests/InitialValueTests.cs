using Realiz3D.Mesh.Testing;
using Realiz3D.Mesh.TorchSharp.Tests.Operations;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.TorchSharp.Tests;

// On the CPU: layers are made and drawn there.
/// <summary>Layers start as PyTorch's: uniform in +-1/sqrt(fan in), which is Kaiming's bound at a = sqrt(5); tables of N(0, 1).</summary>
public sealed class InitialValueTests
{
    public static TheoryData<string, string, int> Drawn => new()
    {
        { "linear", "weight", 64 },
        { "linear", "bias", 64 },
        { "conv1d", "weight", 16 * 5 },
        { "conv2d", "weight", 8 * 3 * 3 },
        { "conv2d", "bias", 8 * 3 * 3 },
        { "conv2d in groups", "weight", 4 * 3 * 3 },
        { "conv2d of an oblong", "weight", 8 * 3 * 5 },
        { "conv3d", "weight", 4 * 3 * 3 * 3 },
        { "conv_transpose2d in groups", "weight", 150 * 3 * 3 },
        { "conv_transpose2d in groups", "bias", 150 * 3 * 3 },
    };

    [Theory]
    [MemberData(nameof(Drawn))]
    public void Weights_AreUniform_WithinTheBoundOfTheirFanIn(string layer, string parameter, int fanIn)
    {
        manual_seed(11);
        using var module = Build(layer);
        var bound = 1 / Math.Sqrt(fanIn);
        var values = AssertTensor.Values(module.get_parameter(parameter)!);

        Assert.All(values, value => Assert.InRange(value, -bound, bound));
        AssertDistribution(values, value => (value + bound) / (2 * bound));
    }

    [Fact]
    public void Embedding_IsNormal_WithAnEmptyRowForPadding()
    {
        manual_seed(11);
        using var table = Embedding(100, 40, padding_idx: 7);
        var values = AssertTensor.Values(table.weight);

        Assert.All(values[280..320], value => Assert.Equal(0, value));
        AssertDistribution([.. values[..280], .. values[320..]], Normal);
    }

    [Fact]
    public void Norms_WithoutAffine_HaveNoParameters()
    {
        using var group = GroupNorm(2, 4, affine: false);
        using var layer = LayerNorm(4, bias: false);
        Assert.Empty(group.parameters());
        Assert.Equal(["weight"], layer.named_parameters().Select(pair => pair.name));
    }

    [Fact]
    public void Initialisers_DrawFromTheirDistributions()
    {
        using var scope = NewDisposeScope();
        manual_seed(11);
        var tensor = empty(50, 30, 2);                                           // fan in 30 * 2, fan out 50 * 2
        AssertDistribution(AssertTensor.Values(init.uniform_(tensor, -2, 3)), value => (value + 2) / 5);
        AssertDistribution(AssertTensor.Values(init.normal_(tensor, 1, 3)), value => Normal((value - 1) / 3));
        var xavier = Math.Sqrt(6.0 / (60 + 100));
        AssertDistribution(AssertTensor.Values(init.xavier_uniform_(tensor)), value => (value + xavier) / (2 * xavier));
        AssertDistribution(AssertTensor.Values(init.xavier_normal_(tensor)), value => Normal(value / Math.Sqrt(2.0 / 160)));
        var kaiming = 1 / Math.Sqrt(60);                                         // what a slope of sqrt(5) leaves of sqrt(3) gain / sqrt(fan in)
        AssertDistribution(AssertTensor.Values(init.kaiming_uniform_(tensor, Math.Sqrt(5))), value => (value + kaiming) / (2 * kaiming));
        AssertDistribution(AssertTensor.Values(init.kaiming_normal_(tensor, mode: init.FanInOut.FanOut, nonlinearity: init.NonlinearityType.ReLU)), value => Normal(value / Math.Sqrt(2.0 / 100)));
        Assert.Equal((60L, 100L), init.CalculateFanInAndFanOut(tensor));
        Assert.Equal([1, 5.0 / 3, Math.Sqrt(2), 1], new[] { init.NonlinearityType.Linear, init.NonlinearityType.Tanh, init.NonlinearityType.ReLU, init.NonlinearityType.LeakyReLU }.Select(kind => init.calculate_gain(kind, 1)));
        var (low, high) = (Normal(-1), Normal(2));
        AssertDistribution(AssertTensor.Values(init.trunc_normal_(tensor, a: -1, b: 2)), value => (Normal(value) - low) / (high - low));
        Assert.All(AssertTensor.Values(init.constant_(tensor, 4)), value => Assert.Equal(4, value));
        Assert.All(AssertTensor.Values(init.zeros_(tensor)), value => Assert.Equal(0, value));
        Assert.All(AssertTensor.Values(init.ones_(tensor)), value => Assert.Equal(1, value));
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("conv2d")]
    public void Layers_RepeatFromTheSeed_AndDifferWithoutIt(string layer)
    {
        manual_seed(5);
        using var first = Build(layer);
        using var other = Build(layer);
        manual_seed(5);
        using var again = Build(layer);
        AssertTensor.Equal(first.get_parameter("weight")!, again.get_parameter("weight")!);
        Assert.False(first.get_parameter("weight")!.allclose(other.get_parameter("weight")!));
    }

    private static Module Build(string layer) => layer switch
    {
        "linear" => Linear(64, 500),
        "conv1d" => Conv1d(16, 50, 5),
        "conv2d" => Conv2d(8, 300, 3),
        "conv2d in groups" => Conv2d(8, 100, 3, groups: 2),
        "conv_transpose2d in groups" => ConvTranspose2d(8, 300, 3, groups: 2),
        "conv2d of an oblong" => Conv2d(8, 50, (3, 5)),
        _ => Conv3d(4, 50, 3),
    };

    private static double Normal(double value) => (1 + Reference.Erf(value / Math.Sqrt(2))) / 2;

    // Kolmogorov and Smirnov: 1.95 / sqrt(n) is passed once in a thousand draws, and the seed is fixed.
    private static void AssertDistribution(double[] values, Func<double, double> cumulative)
    {
        double[] sorted = [.. values.Order()];
        var worst = sorted.Select((value, i) => Math.Abs(cumulative(value) - ((i + 0.5) / sorted.Length))).Max();
        Assert.InRange(worst, 0, 1.95 / Math.Sqrt(sorted.Length));
    }
}
