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
    public void Sample_EqualsTheDefinition(TextureFilter filter, TextureWrap wrap)
    {
        using var scope = NewDisposeScope();
        var texels = rand(Height, Width, 1, generator: new Generator(1), dtype: ScalarType.Float64);
        var places = rand(200, 2, generator: new Generator(2), dtype: ScalarType.Float64) * 3 - 1;
        using var sampler = new TextureSampler(texels, filter, wrap);

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
            var inside = i is >= 0 and < Width && j is >= 0 and < Height;
            var (column, row) = wrap == TextureWrap.Repeat
                ? (((i % Width) + Width) % Width, ((j % Height) + Height) % Height)
                : (Math.Clamp(i, 0, Width - 1), Math.Clamp(j, 0, Height - 1));
            return inside || wrap != TextureWrap.Zero ? values[(row * Width) + column] : 0;
        }
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
