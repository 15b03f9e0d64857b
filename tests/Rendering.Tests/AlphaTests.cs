// On the CPU: both renderers draw there.
using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering.Tests;

/// <summary>Surfaces that can be seen through, and indices of refraction, in the fast renderer and in the slow one.</summary>
public sealed class AlphaTests
{
    private const int Size = 16;
    private const int Pixels = Size * Size;
    private static readonly EnvironmentMap s_dark = EnvironmentMap.Of(_ => Vector3.Zero, 16);
    private static readonly EnvironmentMap s_white = EnvironmentMap.Of(_ => Vector3.One, 16);
    private static readonly Camera s_camera = new(0, 0, 2, 10);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Blend_LetsThroughWhatAlphaLeaves_LayerAfterLayer(int panes)
    {
        // Panes of red glass before a green wall.
        var glass = Unlit(new Vector4(1, 0, 0, 0.25f)) with { AlphaMode = GlbAlphaMode.Blend };
        var parts = Enumerable.Range(1, panes).Select(i => Panel(0, 0.1f * i)).Append(Panel(1, 0));
        var passing = MathF.Pow(0.75f, panes);

        foreach (var seen in Both(parts, [glass, Unlit(new Vector4(0, 1, 0, 1))]))
        {
            Assert.All(Middle(), pixel =>
            {
                Assert.Equal(1 - passing, seen[pixel], 4e-3f);
                Assert.Equal(passing, seen[Pixels + pixel], 4e-3f);
                Assert.Equal(1, seen[(3 * Pixels) + pixel]);
            });
        }
    }

    [Fact]
    public void Blend_BeforeNothing_HasItsColourAndItsAlpha()
    {
        var glass = Unlit(new Vector4(0.5f, 0, 0, 0.25f)) with { AlphaMode = GlbAlphaMode.Blend };

        foreach (var seen in Both([Panel(0, 0)], [glass]))
        {
            Assert.All(Middle(), pixel => Assert.Equal(0.5f, seen[pixel], 1e-5f));
            Assert.All(Middle(), pixel => Assert.Equal(0.25f, seen[(3 * Pixels) + pixel], 4e-3f));
        }
    }

    [Theory]
    [InlineData(GlbAlphaMode.Mask, 0.5f, 1, 0)]
    [InlineData(GlbAlphaMode.Mask, 0.2f, 1, 1)]
    [InlineData(GlbAlphaMode.Opaque, 0.5f, 1, 1)]
    public void Mask_CutsTexelsBelowTheCutoffOut(GlbAlphaMode mode, float cutoff, float left, float right)
    {
        // The texture's left half is there, its right half has alpha 0.3.
        byte[] halves = [.. Enumerable.Range(0, 16).SelectMany(i => new byte[] { 255, 255, 255, (byte)(i % 4 < 2 ? 255 : 77) })];
        var cut = Unlit(Vector4.One) with { BaseColorPng = Png.Write(halves, 4, 4, 4), AlphaMode = mode, AlphaCutoff = cutoff };

        foreach (var seen in Both([Panel(0, 0)], [cut]))
        {
            var row = (3 * Pixels) + (Size / 2 * Size);
            Assert.Equal((left, right), (seen[row + (Size / 2) - 2], seen[row + (Size / 2) + 2]));
        }
    }

    [Fact]
    public void Shadow_OfGlass_IsAsDarkAsItsAlpha()
    {
        // A white panel, and beside it a wall that hides a part of the light.
        float Lit(float alpha)
        {
            var wall = Unlit(new Vector4(0, 0, 0, alpha)) with { AlphaMode = GlbAlphaMode.Blend };
            var beside = new GlbPart(Panel(0, 0).Mesh, Matrix4x4.CreateRotationY(MathF.PI / 2) * Matrix4x4.CreateTranslation(0.15f, 0, 0.25f), 1);
            var seen = Traced(Asset([Panel(0, 0), beside], [new GlbMaterial(MetallicFactor: 0), wall]), s_white, 1600);
            return seen[(Size / 2 * Size) + (Size / 2)];
        }

        var (none, half, whole) = (Lit(0), Lit(0.5f), Lit(1));

        Assert.True(none - whole > 0.1, $"{none} without the wall, {whole} with it");
        Assert.Equal((none + whole) / 2, half, 0.01f);
    }

    [Theory]
    [InlineData(1.5f, 0.04)]
    [InlineData(1f, 0)]
    [InlineData(2.42f, 0.1724)]         // diamond: (1.42 / 3.42)^2
    [InlineData(0f, 1)]                 // stands for infinity
    public void Ior_SetsWhatADielectricReflects(float ior, double reflectance)
    {
        var black = new GlbMaterial(MetallicFactor: 0) { BaseColorFactor = new Vector4(0, 0, 0, 1), Ior = ior };
        var asset = Asset([Panel(0, 0)], [black]);
        var middle = (Size / 2 * Size) + (Size / 2);

        const double last = 127.5 / 128;        // the table ends half a texel before 1
        var (scale, bias) = SplitSum.Terms(last, last);
        Assert.Equal((reflectance * scale) + bias, Fast(asset, s_white)[middle], 1e-3);
        (scale, bias) = SplitSum.Terms(1, 1);
        Assert.Equal((reflectance * scale) + bias, Traced(asset, s_white, 1600)[middle], 0.02 * Math.Max(0.1, reflectance));
    }

    private static IEnumerable<float[]> Both(IEnumerable<GlbPart> parts, IReadOnlyList<GlbMaterial> materials)
    {
        var asset = Asset(parts, materials);
        Assert.Empty(asset.Unread);
        return [Fast(asset, s_dark), Traced(asset, s_dark, 1600)];
    }

    private static float[] Fast(PbrAsset asset, EnvironmentMap map)
    {
        using var texels = map.ToTensor();
        using var light = EnvironmentLight.Of(texels);
        using var renderer = new SplitSumRenderer(asset, light);
        return renderer.Render(s_camera, Size);
    }

    private static float[] Traced(PbrAsset asset, EnvironmentMap map, int samples)
    {
        var picture = new SampledPicture(Size);
        new PathTracer(asset, map).AddSamples(picture, s_camera, samples);
        return picture.ToRgba();
    }

    private static PbrAsset Asset(IEnumerable<GlbPart> parts, IReadOnlyList<GlbMaterial> materials) =>
        PbrAsset.Of(new GlbScene([.. parts], [.. materials], null), "panels");

    private static GlbMaterial Unlit(Vector4 colour) => new() { BaseColorFactor = colour, Unlit = true };

    // Pixels that lie within every panel.
    private static IEnumerable<int> Middle() =>
        Enumerable.Range(0, Pixels).Where(i => Math.Abs((i % Size) - 7.5) < 4 && Math.Abs((i / Size) - 7.5) < 4);

    // A square that faces +z at some depth, half a metre wide: it fills the picture.
    private static GlbPart Panel(int material, float z)
    {
        const float half = 0.25f;
        var mesh = new TriangleMesh(
            [-half, -half, 0, half, -half, 0, half, half, 0, -half, half, 0], [0, 1, 2, 0, 2, 3], [0, 1, 1, 1, 1, 0, 0, 0]);
        return new GlbPart(mesh, Matrix4x4.CreateTranslation(0, 0, z), material);
    }
}
