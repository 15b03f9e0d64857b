// On the CPU: both renderers draw there.
using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering.Tests;

/// <summary>Textures beyond their borders, in both renderers and in the texture that paths read.</summary>
public sealed class TextureWrapTests
{
    private const int Texels = 4;       // along each side of the texture
    private const int Repeats = 3;      // textures along each side of the picture
    private const int PerTexel = 4;     // pixels
    private const int Size = PerTexel * Texels * Repeats;

    [Theory]
    [InlineData(GlbWrap.Repeat, GlbWrap.Repeat)]
    [InlineData(GlbWrap.ClampToEdge, GlbWrap.ClampToEdge)]
    [InlineData(GlbWrap.MirroredRepeat, GlbWrap.MirroredRepeat)]
    [InlineData(GlbWrap.ClampToEdge, GlbWrap.MirroredRepeat)]
    [InlineData(GlbWrap.MirroredRepeat, GlbWrap.Repeat)]
    public void Panel_ShowsTheTextureAsItsSamplerSays(GlbWrap wrapS, GlbWrap wrapT)
    {
        // A panel that fills the picture, its texture coordinates from -1 to 2: each texel shows as a square of 4 pixels.
        var bytes = Bytes(Texels, Texels);
        var sampler = new GlbSampler(wrapS, wrapT, GlbFilter.Nearest, GlbFilter.Nearest);
        var material = new GlbMaterial(Png.Write(bytes, Texels, Texels, 3)) { Unlit = true, Samplers = new GlbSamplers { BaseColor = sampler } };
        var camera = new Camera(0, 0, 2, 10);
        var half = (float)(2 * camera.HalfExtent);
        var panel = new TriangleMesh(
            [-half, -half, 0, half, -half, 0, half, half, 0, -half, half, 0], [0, 1, 2, 0, 2, 3], [-1, 2, 2, 2, 2, -1, -1, -1]);
        var asset = PbrAsset.Of(new GlbScene([new GlbPart(panel, Matrix4x4.Identity, 0)], [material], null), "panel");

        foreach (var seen in new[] { Fast(asset, camera), Traced(asset, camera) })
        {
            for (var pixel = 0; pixel < Size * Size; pixel++)
            {
                var (row, column) = Math.DivRem(pixel, Size);
                if (row % PerTexel is 0 or (PerTexel - 1) || column % PerTexel is 0 or (PerTexel - 1))
                {
                    continue;       // beside another texel
                }

                var (i, j) = (Inside(column, wrapS), Inside(row, wrapT));
                for (var c = 0; c < 3; c++)
                {
                    Assert.Equal(Srgb.FromByte(bytes[(3 * ((j * Texels) + i)) + c]), seen[(c * Size * Size) + pixel], 1e-4f);
                }
            }
        }

        static int Inside(int pixel, GlbWrap wrap) =>
            TextureSamplerTests.Inside((pixel / PerTexel) - Texels, Texels, TextureSampling.Of(new GlbSampler(wrap)).WrapU);
    }

    [Theory]
    [InlineData(GlbWrap.Repeat, GlbWrap.Repeat)]
    [InlineData(GlbWrap.ClampToEdge, GlbWrap.Repeat)]
    [InlineData(GlbWrap.MirroredRepeat, GlbWrap.ClampToEdge)]
    public void Sample_BlendsTheTexelsRoundAPlace(GlbWrap wrapS, GlbWrap wrapT)
    {
        const int width = 5;
        const int height = 3;
        var (bytes, sampler) = (Bytes(width, height), new GlbSampler(wrapS, wrapT));
        var texture = PbrTexture.Read(Png.Write(bytes, width, height, 3), sampler, "texture", [0, 1, 2], isSrgb: false)!;
        var (wraps, random) = (TextureSampling.Of(sampler), new Random(1));
        Span<float> read = stackalloc float[3];
        for (var n = 0; n < 300; n++)
        {
            var (u, v) = ((random.NextDouble() * 9) - 4, (random.NextDouble() * 9) - 4);

            texture.Sample(u, v, read);

            // The tent of each texel of a plane that is paved with the texture.
            var expected = new double[3];
            var (x, y) = ((u * width) - 0.5, (v * height) - 0.5);
            for (var row = (int)y - 2; row <= (int)y + 2; row++)
            {
                for (var column = (int)x - 2; column <= (int)x + 2; column++)
                {
                    var weight = Math.Max(0, 1 - Math.Abs(x - column)) * Math.Max(0, 1 - Math.Abs(y - row));
                    var texel = (TextureSamplerTests.Inside(row, height, wraps.WrapV) * width) + TextureSamplerTests.Inside(column, width, wraps.WrapU);
                    for (var c = 0; c < 3; c++)
                    {
                        expected[c] += weight * bytes[(3 * texel) + c] / 255;
                    }
                }
            }

            for (var c = 0; c < 3; c++)
            {
                Assert.Equal(expected[c], read[c], 1e-5);
            }
        }
    }

    private static byte[] Bytes(int width, int height)
    {
        var bytes = new byte[3 * width * height];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    private static float[] Fast(PbrAsset asset, Camera camera)
    {
        using var texels = EnvironmentMap.Of(_ => Vector3.Zero, 16).ToTensor();
        using var light = EnvironmentLight.Of(texels);
        using var renderer = new SplitSumRenderer(asset, light);
        return renderer.Render(camera, Size);
    }

    private static float[] Traced(PbrAsset asset, Camera camera)
    {
        var picture = new SampledPicture(Size);
        new PathTracer(asset, EnvironmentMap.Of(_ => Vector3.Zero, 16)).AddSamples(picture, camera, 2);
        return picture.ToRgba();
    }
}
