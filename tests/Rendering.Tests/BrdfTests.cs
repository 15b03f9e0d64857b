using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Reflection integrated over all directions, in doubles.</summary>
public sealed class BrdfTests
{
    [Theory]
    [InlineData(0.9, 0.3)]
    [InlineData(0.5, 0.5)]
    [InlineData(0.3, 0.9)]
    public void SplitSum_IsTheIntegralOfTheSpecularTerm(double cosine, double roughness)
    {
        using var scope = NewDisposeScope();
        var (scale, bias) = SplitSum.Terms(cosine, roughness);

        Assert.Equal(Albedo(1, cosine, roughness), scale + bias, 2e-3);
        Assert.Equal(Albedo(0.04, cosine, roughness), (0.04 * scale) + bias, 2e-3);
    }

    [Theory]
    [InlineData(0.1, 0.08, 1e-3)]
    [InlineData(0.1, 0.5, 1e-3)]
    [InlineData(0.02, 0.25, 5e-3)]      // grazing: the error that SplitSum's documentation states
    [InlineData(0.99, 1, 1e-3)]
    public void SplitSum_IsNearTheExactIntegral(double cosine, double roughness, double bound)
    {
        var (scale, bias) = SplitSum.Terms(cosine, roughness);
        var (exactScale, exactBias) = Exact(cosine, roughness);

        Assert.InRange(scale, exactScale - bound, exactScale + bound);
        Assert.InRange(bias, exactBias - bound, exactBias + bound);
    }

    [Fact]
    public void SplitSum_AtTheHorizon_IsFinite_AndThatOfALittleAbove() => Assert.Equal(SplitSum.Terms(1e-4, 0.5), SplitSum.Terms(0, 0.5));

    [Fact]
    public void Table_HoldsTheTermsAtItsTexelsMiddles()
    {
        var table = SplitSum.Table(4);
        var (scale, bias) = SplitSum.Terms(0.625, 0.125);

        Assert.Equal(((float)scale, (float)bias), (table[4], table[5]));     // row 0, column 2
    }

    [Fact]
    public void Lambert_ScattersAllLight()
    {
        using var scope = NewDisposeScope();
        var (lights, angles) = Hemisphere(400);
        var normal = tensor(new double[] { 0, 0, 1 }).expand_as(lights);
        Assert.Equal(1, (Brdf.Lambert(normal, lights) * angles).sum().item<double>(), 1e-4);
    }

    [Fact]
    public void Specular_IsReciprocal_WithoutTheCosine()
    {
        using var scope = NewDisposeScope();
        var normal = tensor(new double[] { 0, 0, 1 }, [1, 3]);
        var (a, b) = (Vectors.Normalize(tensor(new double[] { 0.3, -0.2, 0.5 }, [1, 3])), Vectors.Normalize(tensor(new double[] { -0.7, 0.1, 0.4 }, [1, 3])));
        var (f0, alpha) = (tensor(new double[] { 0.7 }, [1, 1]), tensor(new double[] { 0.3 }, [1, 1]));

        var there = (Brdf.Specular(f0, normal, a, b, alpha) / b.narrow(1, 2, 1)).item<double>();
        var back = (Brdf.Specular(f0, normal, b, a, alpha) / a.narrow(1, 2, 1)).item<double>();

        Assert.True(there > 0.01);
        Assert.Equal(there, back, 1e-12);
    }

    private static double Albedo(double f0, double cosine, double roughness)
    {
        var (lights, angles) = Hemisphere(600);
        var normal = tensor(new double[] { 0, 0, 1 }).expand_as(lights);
        var view = tensor(new[] { Math.Sqrt(1 - (cosine * cosine)), 0, cosine }).expand_as(lights);
        var reflected = Brdf.Specular(full_like(angles, f0), normal, view, lights, full_like(angles, roughness * roughness));
        return (reflected * angles).sum().item<double>();
    }

    // Directions over +z and the solid angle of each, [N, 3] and [N, 1].
    private static (Tensor Directions, Tensor Angles) Hemisphere(int side)
    {
        var (directions, angles) = (new double[side * side * 3], new double[side * side]);
        for (var i = 0; i < side * side; i++)
        {
            var theta = ((i / side) + 0.5) / side * Math.PI / 2;
            var phi = ((i % side) + 0.5) / side * 2 * Math.PI;
            (directions[3 * i], directions[(3 * i) + 1], directions[(3 * i) + 2]) =
                (Math.Sin(theta) * Math.Cos(phi), Math.Sin(theta) * Math.Sin(phi), Math.Cos(theta));
            angles[i] = Math.Sin(theta) * (Math.PI / 2 / side) * (2 * Math.PI / side);
        }

        return (tensor(directions, [side * side, 3]), tensor(angles, [side * side, 1]));
    }

    // Over directions of light, finer near the horizon and opposite the view.
    private static (double Scale, double Bias) Exact(double cosine, double roughness)
    {
        const int side = 1200;
        var (alphaSquared, sine) = (Math.Pow(roughness, 4), Math.Sqrt(1 - (cosine * cosine)));
        double Lambda(double c) => 0.5 * (Math.Sqrt(1 + (alphaSquared * (1 - (c * c)) / (c * c))) - 1);
        var (scale, bias) = (0.0, 0.0);
        for (var i = 0; i < side * side; i++)
        {
            var (x, y) = (((i / side) + 0.5) / side, ((i % side) + 0.5) / side);
            var (light, angle) = (x * x, Math.PI * y * y);
            var weight = 2 * x / side * 2 * Math.PI * y / side * 2;                       // both sides of the plane of view
            var lightSine = Math.Sqrt(1 - (light * light));
            var (hx, hy, hz) = (sine - (lightSine * Math.Cos(angle)), lightSine * Math.Sin(angle), cosine + light);
            var length = Math.Sqrt((hx * hx) + (hy * hy) + (hz * hz));
            var (normalHalf, viewHalf) = (hz / length, ((sine * hx) + (cosine * hz)) / length);
            var d = (normalHalf * normalHalf * (alphaSquared - 1)) + 1;
            var reflected = weight * alphaSquared / (Math.PI * d * d) / (1 + Lambda(light) + Lambda(cosine)) / (4 * cosine);
            var fresnel = Math.Pow(1 - viewHalf, 5);
            (scale, bias) = (scale + ((1 - fresnel) * reflected), bias + (fresnel * reflected));
        }

        return (scale, bias);
    }
}
