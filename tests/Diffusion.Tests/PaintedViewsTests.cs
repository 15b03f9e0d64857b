using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public class PaintedViewsTests
{
    [Theory]
    [InlineData(0.5, 1.0, 0.4707140)]       // 2 srgb(0.5) - 1, srgb(0.5) = 1.055 0.5^(1/2.4) - 0.055
    [InlineData(0.5, 0.5, 0.2353570)]       // half over gray: half of it
    [InlineData(0.002, 1.0, -0.94832)]      // the linear foot: 2 (12.92 x) - 1
    [InlineData(0.7, 0.0, 0.0)]             // outside the object: gray whatever the colour
    public void ToNetwork_MatchesTheFormula(double color, double alpha, double expected)
    {
        using var scope = NewDisposeScope();
        var seen = PaintedViews.ToNetwork(Pixel(color, alpha));
        AssertTensor.Close(Pixel(expected, (2 * alpha) - 1), seen, 0, 1e-6);
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.001)]
    [InlineData(0.0031308)]
    [InlineData(0.2)]
    [InlineData(1.0)]
    public void ToViews_GivesBackWhatWasShown(double color)
    {
        using var scope = NewDisposeScope();
        foreach (var alpha in new[] { 0.25, 0.6, 1.0 })
        {
            var view = Pixel(color, alpha);
            AssertTensor.Close(view, PaintedViews.ToViews(PaintedViews.ToNetwork(view)), 1e-6, 1e-7, $"alpha {alpha}");
        }
    }

    [Fact]
    public void ToViews_StaysInRange_WhateverWasPainted()
    {
        using var scope = NewDisposeScope();
        foreach (var value in new[] { -3.0, -1.0, 0.0, 1.0, 3.0 })
        {
            var values = AssertTensor.Values(PaintedViews.ToViews(Pixel(value, value)));
            Assert.All(values, x => Assert.InRange(x, 0, 1));
        }
    }

    private static Tensor Pixel(double color, double alpha) =>
        tensor(new[] { color, color, color, alpha }, [1, 4, 1, 1]);
}
