using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class TextureSamplerTests
{
    private const int Height = 8;
    private const int Width = 16;

    [Theory]
    [InlineData(TextureFilter.Nearest, TextureWrap.Repeat)]
    [InlineData(TextureFilter.Nearest, TextureWrap.Clamp)]
    [InlineData(TextureFilter.Linear, TextureWrap.Repeat)]
    [InlineData(TextureFilter.Linear, TextureWrap.Clamp)]
    [InlineData(TextureFilter.Linear, TextureWrap.Zero)]
    [InlineData(TextureFilter.Nearest, TextureWrap.Mirror)]
    [InlineData(TextureFilter.Linear, TextureWrap.Mirror)]
    [InlineData(TextureFilter.Linear, TextureWrap.Mirror, TextureWrap.Clamp)]
    [InlineData(TextureFilter.Linear, TextureWrap.Zero, TextureWrap.Mirror)]
    [InlineData(TextureFilter.Nearest, TextureWrap.Clamp, TextureWrap.Repeat)]
    public void Sample_EqualsTheDefinition(TextureFilter filter, TextureWrap wrap, TextureWrap? wrapV = null)
    {
        using var scope = NewDisposeScope();
        var texels = rand(Height, Width, 1, generator: new Generator(1), dtype: ScalarType.Float64);
        var places = rand(200, 2, generator: new Generator(2), dtype: ScalarType.Float64) * 7 - 3;
        using var sampler = new TextureSampler(texels, new TextureSampling(filter, wrap, wrapV ?? wrap));

        var actual = sampler.Sample(places).cpu().data<double>().ToArray();

        var (values, uv) = (texels.cpu().data<double>().ToArray(), places.cpu().data<double>().ToArray());
        for (var n = 0; n < 200; n++)
        {
            Assert.Equal(Expected(uv[2 * n] * Width, uv[(2 * n) + 1] * Height), actual[n], 1e-12);
        }

        double Expected(double x, double y)
        {
            if (filter == TextureFilter.Nearest)
            {
                return Texel((int)Math.Floor(x), (int)Math.Floor(y));
            }

            var (i, j) = ((int)Math.Floor(x - 0.5), (int)Math.Floor(y - 0.5));
            var (a, b) = (x - 0.5 - i, y - 0.5 - j);
            return ((1 - b) * (((1 - a) * Texel(i, j)) + (a * Texel(i + 1, j)))) + (b * (((1 - a) * Texel(i, j + 1)) + (a * Texel(i + 1, j + 1))));
        }

        double Texel(int i, int j)
        {
            var (column, row) = (Inside(i, Width, wrap), Inside(j, Height, wrapV ?? wrap));
            return column < 0 || row < 0 ? 0 : values[(row * Width) + column];
        }
    }

    // Texel by texel: how the first texels beyond each border continue.
    internal static int Inside(int texel, int size, TextureWrap wrap)
    {
        while (texel < 0 || texel >= size)
        {
            texel = wrap switch
            {
                TextureWrap.Clamp => texel < 0 ? 0 : size - 1,
                TextureWrap.Repeat => texel < 0 ? texel + size : texel - size,
                TextureWrap.Mirror => texel < 0 ? -1 - texel : (2 * size) - 1 - texel,
                _ => -1,
            };
            if (texel < 0 && wrap == TextureWrap.Zero)
            {
                return -1;
            }
        }

        return texel;
    }

    [Fact]
    public void Filters_DifferForLargeAndSmallTexels()
    {
        using var scope = NewDisposeScope();
        var texels = arange(Width, dtype: ScalarType.Float64).reshape(1, Width, 1).expand(Height, Width, 1).contiguous();
        double Read(TextureFilter filter, TextureFilter? magnified, double span)
        {
            using var sampler = new TextureSampler(texels, new TextureSampling(filter, Magnified: magnified));
            var across = tensor(new[] { span / Width, 0, 0, span / Height }, [1, 2, 2]);
            return sampler.Sample(tensor(new[] { 5.7 / Width, 0.5 }, [1, 2]), across).item<double>();
        }

        // Texel i holds i, texel i of level 1 the mean 2 i + 1/2; at 5.7 texels from the left.
        var (nearest, linear, nearestAbove, linearAbove) = (5, 5.2, 4.5, 4.5 + (2 * ((5.7 / 2) - 2.5)));
        foreach (var (filter, magnified, large, small) in new (TextureFilter, TextureFilter?, double, double)[]
        {
            (TextureFilter.Nearest, TextureFilter.Linear, linear, nearest),
            (TextureFilter.Linear, TextureFilter.Nearest, nearest, linear),
            (TextureFilter.NearestMipmapNearest, null, nearest, nearestAbove),
            (TextureFilter.NearestMipmapNearest, TextureFilter.Linear, linear, nearestAbove),
            (TextureFilter.LinearMipmapNearest, TextureFilter.Nearest, nearest, linearAbove),
            (TextureFilter.NearestMipmapLinear, TextureFilter.Nearest, nearest, nearestAbove),
            (TextureFilter.LinearMipmapLinear, null, linear, linearAbove),
        })
        {
            Assert.Equal(large, Read(filter, magnified, 0.5), 1e-9);
            Assert.Equal(small, Read(filter, magnified, 2), 1e-9);
        }

        Assert.Equal((nearest + nearestAbove) / 2, Read(TextureFilter.NearestMipmapLinear, TextureFilter.Linear, Math.Sqrt(2)), 1e-9);
    }

    [Fact]
    public void Mipmaps_FollowTheLongAxisOfTheFootprint()
    {
        // Level i of this texture is the constant 1 where texels are alternately 0 and 2 below it.
        using var scope = NewDisposeScope();
        var stripes = (arange(Width, dtype: ScalarType.Float64) % 2 * 2).reshape(1, Width, 1).expand(Height, Width, 1).contiguous();
        using var sampler = new TextureSampler(stripes, TextureFilter.LinearMipmapLinear);
        Assert.Equal(4, sampler.LevelCount);
        var place = tensor(new[] { 1.5 / Width, 0.5 / Height }, [1, 2]);

        // The middle of a bright texel: 2 on level 0, 1 from level 1 on; in between by log2 of the texels that a pixel spans.
        foreach (var (span, expected) in new[] { (0.5, 2.0), (1, 2), (Math.Sqrt(2), 1.5), (2, 1), (100, 1) })
        {
            var across = tensor(new[] { span / Width, 0, 0, 0.1 / Height }, [1, 2, 2]);
            var turned = tensor(new[] { 0, 0.6 * span / Width, 0.1 / Height, 0.8 * span / Height }, [1, 2, 2]);
            Assert.Equal(expected, sampler.Sample(place, across).item<double>(), 1e-9);
            Assert.Equal(expected, sampler.Sample(place, turned).item<double>(), 0.02);     // nearly at right angles to the short axis
        }
    }

    [Fact]
    public void Gradients_AreTheSlopesOfTheBlend()
    {
        using var scope = NewDisposeScope();
        var texels = rand(Height, Width, 2, generator: new Generator(3), dtype: ScalarType.Float64).requires_grad_();
        var place = tensor(new[] { 0.3, 0.7 }, [1, 2]).requires_grad_();
        using var sampler = new TextureSampler(texels, TextureFilter.Linear);

        sampler.Sample(place).sum().backward();

        const double h = 1e-6;
        using var untracked = no_grad();
        double At(double u, double v) => sampler.Sample(tensor(new[] { u, v }, [1, 2])).sum().item<double>();
        var slope = place.grad!.cpu().data<double>().ToArray();
        Assert.Equal((At(0.3 + h, 0.7) - At(0.3 - h, 0.7)) / (2 * h), slope[0], 1e-6);
        Assert.Equal((At(0.3, 0.7 + h) - At(0.3, 0.7 - h)) / (2 * h), slope[1], 1e-6);
        Assert.Equal(2, texels.grad!.sum().item<double>(), 1e-12);                          // the weights of each channel sum to 1
    }

    [Fact]
    public void Mipmaps_NeedDerivatives()
    {
        using var scope = NewDisposeScope();
        using var sampler = new TextureSampler(zeros(4, 4, 1), TextureFilter.LinearMipmapNearest);
        Assert.Contains("derivatives", Assert.Throws<ArgumentException>(() => sampler.Sample(zeros(1, 2))).Message, StringComparison.Ordinal);
    }
}
