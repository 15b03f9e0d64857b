using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Tests;

// On the CPU: the comparison itself, in numbers that were read back.
/// <summary>What every reference case rests on is tested itself.</summary>
public class TensorComparisonTests
{
    [Theory]
    [InlineData(1.0, 1.0011, 1e-3, 1e-4, true)]     // exactly at the sum of both tolerances
    [InlineData(1.0, 1.0012, 1e-3, 1e-4, false)]
    [InlineData(-1.0, -1.0012, 1e-3, 1e-4, false)]
    [InlineData(0.0, 1e-4, 1e-3, 1e-4, true)]
    [InlineData(0.0, 2e-4, 1e-3, 1e-4, false)]
    [InlineData(double.NaN, 0.0, 1e-3, 1e-4, false)]
    [InlineData(0.0, double.NaN, 1e-3, 1e-4, false)]
    [InlineData(double.NaN, double.NaN, 1e-3, 1e-4, true)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity, 0.0, 0.0, true)]
    [InlineData(double.PositiveInfinity, double.NegativeInfinity, 1e-3, 1e-4, false)]
    [InlineData(double.PositiveInfinity, 3.0, 1e-3, 1e-4, false)]
    public void Of_HoldsTheToleranceAndRefusesNan(
        double expected, double actual, double relative, double absolute, bool passes)
    {
        using var scope = NewDisposeScope();
        var comparison = TensorComparison.Of(
            tensor(new[] { expected }), tensor(new[] { actual }), relative, absolute + 1e-12);
        Assert.Equal(passes, comparison.Problem("x") is null);
    }

    [Fact]
    public void Close_Fails_WithShapeCountWorstIndexAndBothValues()
    {
        using var scope = NewDisposeScope();
        var expected = tensor(new double[] { 0, 1, 2, 3, 4, 5 }, [2, 3]);
        var actual = tensor(new double[] { 0, 1, 2.5, 3, 9, 5 }, [2, 3]);

        var message = TensorComparison.Of(expected, actual, 1e-3, 1e-4).Problem("out/x");

        Assert.Equal(
            "out/x [2, 3]: 2 of 6 beyond 0.0001 + 0.001 |expected|; worst at [1, 1]: expected 4, got 9.", message);
        Assert.Throws<Xunit.Sdk.FailException>(() => AssertTensor.Close(expected, actual, 1e-3, 1e-4));
    }

    [Fact]
    public void Of_SaysTheWorstErrors()
    {
        using var scope = NewDisposeScope();
        var comparison = TensorComparison.Of(
            tensor(new[] { 0.0, 10, 1 }), tensor(new[] { 0.001, 10.5, 1 }), relative: 0.1, absolute: 0.01);

        Assert.Equal(0.5, comparison.WorstAbsolute, 12);
        Assert.Equal(0.1, comparison.WorstRelative, 12);    // 0.001 of 0.01, more than 0.5 of 10
        Assert.Equal(0.5 / 1.01, comparison.WorstShare, 12);
        Assert.Null(comparison.Problem("x"));
    }

    [Fact]
    public void Close_OtherShape_NamesBothShapes()
    {
        using var scope = NewDisposeScope();
        Assert.Equal(
            "x: expected shape [2, 3], got [3, 2].",
            TensorComparison.Of(zeros(2, 3), zeros(3, 2), 1, 1).Problem("x"));
    }
}
