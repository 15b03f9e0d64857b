using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class EnvironmentLightTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(32)]
    public void SolidAngles_SumToASixthOfTheSphere(int size) =>
        Assert.Equal(4 * Math.PI / 6, CubeMap.SolidAngles(size).Sum(), 1e-12);

    [Fact]
    public void SampleLinear_IsContinuousAcrossTheCubesEdges_AndExactAtTexels()
    {
        using var scope = NewDisposeScope();
        var texels = rand(6, 8, 8, 3, generator: new Generator(3), dtype: ScalarType.Float64);
        var middles = CubeMap.TexelDirections(8, TestDevice.Here).to(ScalarType.Float64);
        Assert.True((CubeMap.SampleLinear(texels, middles) - texels).abs().max().item<double>() < 1e-6);

        // Points a hair apart on both sides of an edge, all along it.
        foreach (var k in Enumerable.Range(0, 40))
        {
            var along = (0.05 * k) - 0.975;
            var (one, other) = (Sample(1, 1 - 1e-9, along), Sample(1 - 1e-9, 1, along));
            Assert.True((one - other).abs().max().item<double>() < 1e-6);
        }

        Tensor Sample(double x, double y, double z) => CubeMap.SampleLinear(texels, tensor(new[] { x, y, z }, [1, 3]));
    }

    [Fact]
    public void ConstantEnvironment_LightsEverythingAlike()
    {
        using var scope = NewDisposeScope();
        using var light = EnvironmentLight.Of(full(6, 32, 32, 3, 0.7, dtype: ScalarType.Float64));
        var normals = Vectors.Normalize(randn(50, 3, generator: new Generator(1), dtype: ScalarType.Float64));
        var roughness = rand(50, 1, generator: new Generator(2), dtype: ScalarType.Float64);

        Assert.True((CubeMap.SampleLinear(light.Diffuse, normals) - 0.7).abs().max().item<double>() < 1e-6);
        Assert.True((light.Specular(normals, roughness) - 0.7).abs().max().item<double>() < 1e-6);
    }

    [Fact]
    public void WhiteFurnace_OfAMetal_ShowsScalePlusBias()
    {
        using var scope = NewDisposeScope();
        using var light = EnvironmentLight.Of(ones(6, 16, 16, 3, dtype: ScalarType.Float64));
        var normal = tensor(new double[] { 0, 0, 1 }, [1, 3]);
        var view = Vectors.Normalize(tensor(new[] { 0.8, 0, 0.6 }, [1, 3]));
        var orm = tensor(new[] { 0, 0.5, 1 }, [1, 3]);

        var seen = light.Shade(ones(1, 3, dtype: ScalarType.Float64), orm, normal, view).mean().item<double>();

        var (scale, bias) = SplitSum.Terms(0.6, 0.5);
        Assert.Equal(scale + bias, seen, 1e-3);
        Assert.InRange(seen, 0.8, 1);
    }

    [Fact]
    public void Diffuse_OfASkyThatIsBrightAbove_FollowsTheClosedForm()
    {
        // L = 1 over the upper half, 0 below: E(n) / pi = (1 + n.y) / 2.
        using var scope = NewDisposeScope();
        var above = (CubeMap.TexelDirections(64, TestDevice.Here).narrow(-1, 1, 1) > 0).to(ScalarType.Float32).expand(6, 64, 64, 3);
        using var light = EnvironmentLight.Of(above);
        var normals = Vectors.Normalize(randn(200, 3, generator: new Generator(4)));

        var expected = (normals.narrow(1, 1, 1) + 1) / 2;
        Assert.True((CubeMap.SampleLinear(light.Diffuse, normals) - expected).abs().max().item<float>() < 0.01);
    }

    [Theory]
    [InlineData(0.08)]
    [InlineData(0.5)]
    [InlineData(1.0)]
    public void Specular_IsTheLobeSeenHeadOn(double roughness)
    {
        // A soft lamp, and the sum over all texels of a fine cube in its place.
        using var scope = NewDisposeScope();
        var fine = Lamp(CubeMap.TexelDirections(192, TestDevice.Here));
        using var light = EnvironmentLight.Of(Lamp(CubeMap.TexelDirections(64, TestDevice.Here)));
        var directions = Vectors.Normalize(randn(20, 3, generator: new Generator(5)));

        var gathered = light.Specular(directions, full(20, 1, roughness));

        var around = CubeMap.TexelDirections(192, TestDevice.Here).reshape(-1, 3);
        var angles = tensor(CubeMap.SolidAngles(192)).to(ScalarType.Float32).repeat(6).unsqueeze(0);
        var cosine = matmul(directions, around.t()).clamp(0, 1);                            // [20, T]
        var half = ((1 + cosine) / 2).sqrt();
        var weight = cosine * Brdf.NormalDistribution(full_like(half, Math.Pow(roughness, 4)), half) * angles;
        var expected = matmul(weight, fine.reshape(-1, 3)) / weight.sum(1, keepdim: true);
        Assert.True((gathered - expected).abs().max().item<float>() < 0.02 * fine.max().item<float>());

        static Tensor Lamp(Tensor directions) =>
            (8 * (directions.narrow(-1, 0, 1) * 0.6 + directions.narrow(-1, 1, 1) * 0.8)).exp().expand([.. directions.shape[..^1], 3]) / Math.Exp(8) * 5;
    }

    [Fact]
    public void Of_RefusesAnotherShape()
    {
        using var scope = NewDisposeScope();
        var problem = Assert.Throws<ArgumentException>(() => EnvironmentLight.Of(zeros(6, 20, 20, 3)));
        Assert.Contains("power of two", problem.Message, StringComparison.Ordinal);
    }
}
