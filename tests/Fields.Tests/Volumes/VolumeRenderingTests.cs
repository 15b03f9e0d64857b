using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class VolumeRenderingTests
{
    [Fact]
    public void FromDensities_MatchesBruteForce()
    {
        using var scope = NewDisposeScope();
        var (sigma, starts) = (Gradients.Uniform(1, 0, 6, 3, 7), Gradients.Uniform(2, 0, 4, 3, 7).sort(-1).values);
        var ends = starts + Gradients.Uniform(3, 0.01, 0.4, 3, 7);
        var (s, a, b) = (AssertTensor.Values(sigma), AssertTensor.Values(starts), AssertTensor.Values(ends));
        var expected = new double[21];
        for (var i = 0; i < 21; i++)
        {
            var light = 1.0;
            for (var j = i / 7 * 7; j < i; j++)
            {
                light *= Math.Exp(-s[j] * (b[j] - a[j]));
            }

            expected[i] = light * (1 - Math.Exp(-s[i] * (b[i] - a[i])));
        }

        var rays = VolumeRendering.FromDensities(sigma, starts, ends);

        AssertTensor.Close(tensor(expected, [3, 7]), rays.Weights, 1e-12, 1e-14);
        AssertTensor.Close(rays.Weights, VolumeRendering.FromOpacities(rays.Opacities).Weights, 1e-9, 1e-12);
        Gradients.Agree(x => VolumeRendering.FromDensities(x, starts, ends).Weights, sigma);
    }

    [Fact]
    public void Slab_HasTheClosedFormsOpacityAndMeanDepth()
    {
        // Density d over [0, l]: opacity 1 - exp(-d l), mean depth of what is hit 1/d - l exp(-d l) / (1 - exp(-d l)).
        using var scope = NewDisposeScope();
        const double d = 1.7;
        const double l = 2;
        var edges = linspace(0, l, 4001, ScalarType.Float64).unsqueeze(0);
        var (starts, ends) = (edges.narrow(1, 0, 4000), edges.narrow(1, 1, 4000));
        var weights = VolumeRendering.FromDensities(full_like(starts, d), starts, ends).Weights;

        Assert.Equal(1 - Math.Exp(-d * l), VolumeRendering.Opacity(weights).item<double>(), 1e-12);
        var mean = (1 / d) - (l * Math.Exp(-d * l) / (1 - Math.Exp(-d * l)));
        Assert.Equal(mean, RayDepth.Expected(weights, (starts + ends) / 2).item<double>(), 1e-6);
        Assert.Equal(-Math.Log(0.5) / d, RayDepth.Median(weights, (starts + ends) / 2).item<double>(), 5e-4);
    }

    [Fact]
    public void FromOpacities_HasGradientsBehindAnOpaqueSample()
    {
        using var scope = NewDisposeScope();
        var opacities = tensor([0.2, 1.0, 0.4, 0.7], [1, 4]);

        Assert.Equal([0.2, 0.8, 0, 0], AssertTensor.Values(VolumeRendering.FromOpacities(opacities).Weights));
        Gradients.Agree(x => VolumeRendering.FromOpacities(x).Weights, opacities);
    }

    [Fact]
    public void Depths_OfARayThatMeetsNothing_AreFinite()
    {
        using var scope = NewDisposeScope();
        var (weights, middles) = (zeros(1, 3), tensor([1f, 2, 4], [1, 3]));

        Assert.Equal(0, RayDepth.Expected(weights, middles).item<float>());
        Assert.Equal(1, RayDepth.ExpectedWithin(weights, middles).item<float>());
        Assert.Equal(4, RayDepth.Median(weights, middles).item<float>());
        var (color, depth, _) = MidpointMarcher.March(ones(1, 3, 2), full(1, 3, 1, -1e9), middles.unsqueeze(-1), true);
        Assert.Equal([1, 1], AssertTensor.Values(color));       // white, in [-1, 1]
        Assert.Equal(4, depth.item<float>());
        Assert.Equal(4, MidpointMarcher.March(ones(1, 3, 2), full(1, 3, 1, -40), middles.unsqueeze(-1), true).Depth.item<float>());

        var none = zeros([2, 0]);
        Assert.Equal([0, 0], AssertTensor.Values(VolumeRendering.Opacity(VolumeRendering.FromDensities(none, none, none).Weights)));
    }

    [Fact]
    public void Visible_NeedsLightAndSubstance()
    {
        using var scope = NewDisposeScope();
        var rays = VolumeRendering.FromOpacities(tensor([0.005f, 0.5f, 0.99f, 0.9f], [1, 4]));

        Assert.Equal([0, 1, 1, 0], AssertTensor.Values(rays.Visible(0.01, 0.01)));
    }

    [Fact]
    public void PackedRays_GiveWhatEachRayGivesAlone()
    {
        using var scope = NewDisposeScope();
        var sigma = Gradients.Uniform(4, 0, 5, 6);
        var starts = tensor([0.1, 0.5, 0.2, 0.3, 0.9, 1.4]);
        var ends = starts + 0.25;
        var packed = new PackedRays([0, 2, 2], [2, 0, 4]);

        Tensor Weights(Tensor x) => packed.Gather(
            VolumeRendering.FromDensities(packed.Spread(x), packed.Spread(starts), packed.Spread(ends)).Weights);
        Tensor Alone(long first, long count) => VolumeRendering.FromDensities(
            sigma.narrow(0, first, count), starts.narrow(0, first, count), ends.narrow(0, first, count)).Weights;

        AssertTensor.Close(cat([Alone(0, 2), Alone(2, 4)]), Weights(sigma), 1e-12, 1e-14);
        Assert.Equal([3, 4, 2], packed.Spread(ones(6, 2)).shape);
        Assert.Equal([4, 0, 8], AssertTensor.Values(packed.Spread(ones(6, 2)).sum(-1).sum(-1)));
        Gradients.Agree(Weights, sigma);
    }

    [Fact]
    public void PackedRays_HaveTheDepthsThatEachRayHasAlone()
    {
        using var scope = NewDisposeScope();
        var (weights, middles) = (tensor([0.1, 0.2, 0.1, 0.5, 0.3]), tensor([3.0, 4, 5, 6, 7]));
        var packed = new PackedRays([2, 0, 0], [3, 0, 2]);      // the last is shorter, and half of its light is never stopped
        var (rows, places) = (packed.Spread(weights), packed.SpreadRepeated(middles));

        Assert.Equal([5, 6, 7, 3, 3, 3, 3, 4, 4], AssertTensor.Values(places));
        Assert.Equal([6, 3, 4], AssertTensor.Values(RayDepth.Median(rows, places)));
        AssertTensor.Close(
            tensor([(0.5 + 3 + 2.1) / 0.9, 3, (0.3 + 0.8) / 0.3], [3, 1]), RayDepth.ExpectedWithin(rows, places), 1e-8, 1e-8);
        Assert.Equal([2, 1], new PackedRays([0, 0], [0, 0]).SpreadRepeated(zeros([0])).shape);
    }

    [Theory]
    [InlineData(new long[] { 0, 1 }, new long[] { 2, 1 }, "Ray 1 claims sample 1")]
    [InlineData(new long[] { 0, 3 }, new long[] { 2, 1 }, "Ray 1 claims sample 3")]
    public void PackedRays_RefuseSamplesThatAreNotEachTakenOnce(long[] starts, long[] counts, string part) =>
        Assert.Contains(part, Assert.Throws<ArgumentException>(() => new PackedRays(starts, counts)).Message, StringComparison.Ordinal);
}
