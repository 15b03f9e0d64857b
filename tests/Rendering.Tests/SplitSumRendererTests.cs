// On the CPU: the renderer draws with the rasterizer of the CPU and keeps its tensors there.
using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering.Tests;

public sealed class SplitSumRendererTests
{
    private const int Size = 32;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Render_OfATexturedPanel_IsThePathTracersPicture(bool mirrored)
    {
        // A panel before the camera with all textures. Its normal map tilts by 7 degrees along u and 3 along v: more, and the light that comes from
        // behind the panel, which only paths know to be hidden, would count.
        var asset = Panel(mirrored, new GlbMaterial(Png.Write(Checks(), 4, 4, 3), Png.Write([255, 200, 30], 1, 1, 3))
        {
            NormalPng = Png.Write([Stored(0.12), Stored(0.06), Stored(0.99)], 1, 1, 3),
            EmissivePng = Png.Write([188, 0, 0], 1, 1, 3),
            EmissiveFactor = new Vector3(0.5f),
        });
        var map = EnvironmentMap.Of(d => new Vector3(1 + (0.8f * d.X), 1 + (0.6f * d.Y), 1), 32);
        var camera = new Camera(20, 10, 2, 20);

        var (fast, slow) = (Render(asset, map, camera), Traced(asset, map, camera, 400));

        // Inside the panel; at its border the two sample coverage in other places.
        var count = Size * Size;
        var inside = Enumerable.Range(0, count).Where(pixel => fast[(3 * count) + pixel] == 1 && slow[(3 * count) + pixel] == 1).ToArray();
        Assert.True(inside.Length > count / 3);
        for (var c = 0; c < 3; c++)
        {
            var error = inside.Average(pixel => Math.Abs(fast[(c * count) + pixel] - slow[(c * count) + pixel]));
            var mean = inside.Average(pixel => slow[(c * count) + pixel]);
            Assert.True(error < 0.03 * mean, $"channel {c}: {error} of {mean}");
        }

        Assert.Equal(slow[(3 * count)..].Average(), fast[(3 * count)..].Average(), 5e-3f);
    }

    [Fact]
    public void NormalMap_OnAMirroredTexture_TiltsTheOtherWay()
    {
        var tilted = new GlbMaterial(null, null, MetallicFactor: 0, RoughnessFactor: 1)
        {
            NormalPng = Png.Write([Stored(0.5), Stored(0), Stored(Math.Sqrt(0.75))], 1, 1, 3),
        };
        var map = EnvironmentMap.Of(d => new Vector3(1 + d.X), 16);
        var camera = new Camera(0, 0, 2, 10);

        var (plain, mirrored) = (Render(Panel(false, tilted), map, camera)[Size * Size / 2], Render(Panel(true, tilted), map, camera)[Size * Size / 2]);

        // Diffuse light of 1 + d.x is 1 + 2/3 n.x, with n.x = +-1/2.
        Assert.InRange(plain - mirrored, 0.6f, 0.75f);
    }

    [Fact]
    public void Render_OfAWhiteSphere_UnderConstantLight_IsOnePlusItsMirror()
    {
        var white = new GlbMaterial(null, null, MetallicFactor: 0, RoughnessFactor: 1);
        var asset = PbrAsset.Of(new GlbScene([new GlbPart(TestMeshes.Sphere(0.4, 4), Matrix4x4.Identity, 0)], [white], null), "ball");

        var seen = Render(asset, EnvironmentMap.Of(_ => Vector3.One, 16), CameraRig.At(30, 20));

        var (scale, bias) = SplitSum.Terms(1, 1);
        var middle = (Size / 2 * Size) + (Size / 2);
        Assert.Equal(1 + (0.04 * scale) + bias, seen[middle], 3e-3);
        var covered = Enumerable.Range(0, Size * Size).Where(pixel => seen[(3 * Size * Size) + pixel] > 0).ToArray();
        Assert.All(covered, pixel => Assert.InRange(seen[pixel], 1f, 1.12f));
        // The outline of a ball of radius r from distance d is a disc of tan(asin(r / d)) / tan(fov / 2) of half the picture.
        var radius = Math.Tan(Math.Asin(0.4 / CameraRig.Radius)) / CameraRig.At(0, 0).HalfExtent;
        Assert.Equal(Math.PI / 4 * radius * radius, seen[(3 * Size * Size)..].Average(), 2e-3);
    }

    [Fact]
    public void Render_ShowsEachPartWithItsMaterial_AndUnlitOnesWithoutLight()
    {
        var red = new GlbMaterial { BaseColorFactor = new Vector4(0.5f, 0, 0, 1), Unlit = true };
        var glowing = new GlbMaterial(MetallicFactor: 1) { BaseColorFactor = new Vector4(0, 0, 0, 1), EmissiveFactor = Vector3.UnitY, EmissiveStrength = 3 };
        var ball = TestMeshes.Sphere(0.15, 3);
        var scene = new GlbScene(
            [new GlbPart(ball, Matrix4x4.CreateTranslation(-0.2f, 0, 0), 0), new GlbPart(ball, Matrix4x4.CreateTranslation(0.2f, 0, 0), 1)],
            [red, glowing], null);
        var (asset, dark) = (PbrAsset.Of(scene, "pair"), EnvironmentMap.Of(_ => Vector3.Zero, 16));

        foreach (var seen in new[] { Render(asset, dark, CameraRig.At(0, 0)), Traced(asset, dark, CameraRig.At(0, 0), 4) })
        {
            var (left, right) = ((Size / 2 * Size) + 9, (Size / 2 * Size) + 22);
            Assert.Equal((0.5f, 0, 1), (seen[left], seen[(Size * Size) + left], seen[(3 * Size * Size) + left]));
            Assert.Equal((0, 3f, 1), (seen[right], seen[(Size * Size) + right], seen[(3 * Size * Size) + right]));
        }
    }

    [Fact]
    public void Unread_NamesWhatIsNotRendered()
    {
        var material = new GlbMaterial { AlphaMode = GlbAlphaMode.Blend, Clearcoat = new GlbClearcoat(1), Transmission = new GlbTransmission(1), Ior = 1.4f };
        var asset = PbrAsset.Of(new GlbScene([new GlbPart(TestMeshes.Sphere(0.4, 1), Matrix4x4.Identity, 0)], [material], null), "ball");

        Assert.Equal(["transmission", "clearcoat"], asset.Unread);
        Assert.Equal(0.4f, asset.Reach, 1e-6f);
    }

    private static float[] Render(PbrAsset asset, EnvironmentMap map, Camera camera)
    {
        using var texels = map.ToTensor();
        using var light = EnvironmentLight.Of(texels);
        using var renderer = new SplitSumRenderer(asset, light);
        return renderer.Render(camera, Size);
    }

    private static float[] Traced(PbrAsset asset, EnvironmentMap map, Camera camera, int samples)
    {
        var picture = new SampledPicture(Size);
        new PathTracer(asset, map).AddSamples(picture, camera, samples);
        return picture.ToRgba();
    }

    // A square that faces +z, half a metre wide; mirrored, its texture runs from right to left.
    private static PbrAsset Panel(bool mirrored, GlbMaterial material)
    {
        const float half = 0.25f;
        float[] uvs = mirrored ? [1, 1, 0, 1, 0, 0, 1, 0] : [0, 1, 1, 1, 1, 0, 0, 0];
        var mesh = new TriangleMesh([-half, -half, 0, half, -half, 0, half, half, 0, -half, half, 0], [0, 1, 2, 0, 2, 3], uvs);
        return PbrAsset.Of(new GlbScene([new GlbPart(mesh, Matrix4x4.Identity, 0)], [material], null), "panel");
    }

    private static byte[] Checks() => [.. Enumerable.Range(0, 16).SelectMany(i => (i + (i / 4)) % 2 == 0 ? new byte[] { 230, 180, 60 } : [120, 140, 220])];

    private static byte Stored(double component) => (byte)Math.Round((component + 1) * 127.5);
}
