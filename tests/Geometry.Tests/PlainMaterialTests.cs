using System.Numerics;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Shaping;

namespace Realiz3D.Mesh.Geometry.Tests;

public class PlainMaterialTests
{
    // Triangles of 1/2 and 3/2 square metres; the first wears the left texel, the second, a repetition further on, the right one.
    private static readonly TriangleMesh s_mesh = new(
        [0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 3, 0, 1, 0, 1, 1],
        [0, 1, 2, 3, 4, 5],
        [0.1f, 0.2f, 0.2f, 0.2f, 0.3f, 0.8f, 1.6f, -0.9f, 1.7f, -0.5f, 1.9f, -0.1f]);

    [Fact]
    public void Of_IsTheMeanOverTheSurface_OfEveryTexture()
    {
        var material = new GlbMaterial(
            Png.Write([255, 0, 51, 0, 255, 51], 2, 1, 3), Png.Write([9, 255, 0, 9, 51, 255], 2, 1, 3), MetallicFactor: 0.5f, RoughnessFactor: 1)
        {
            BaseColorFactor = new Vector4(1, 0.5f, 1, 0.7f),
            EmissivePng = Png.Write([0, 0, 255, 255, 0, 0], 2, 1, 3),
            EmissiveFactor = new Vector3(4, 1, 8),
            NormalPng = Png.Write([128, 128, 255], 1, 1, 3),
            Clearcoat = new GlbClearcoat(1, 0.5f, Png.Write([255, 0, 0, 0, 0, 0], 2, 1, 3), Png.Write([0, 0, 0, 0, 255, 0], 2, 1, 3)),
            Transmission = new GlbTransmission(0.5f, Png.Write([0, 0, 0, 255, 0, 0], 2, 1, 3)),
        };

        var plain = PlainMaterial.Of(new GlbAsset(s_mesh, material));

        AssertNear([0.25f, 0.375f, (float)Srgb.ToLinear(0.2), 0.7f], plain.BaseColorFactor);
        Assert.Equal(0.25f + (0.75f * 0.2f), plain.RoughnessFactor, 1e-6f);
        Assert.Equal(0.5f * 0.75f, plain.MetallicFactor, 1e-6f);
        AssertNear([3, 0, 2, 0], new Vector4(plain.EmissiveFactor, 0));
        Assert.Equal((0.25f, 0.375f, null, null, null), (plain.Clearcoat!.Factor, plain.Clearcoat.RoughnessFactor, plain.Clearcoat.Png, plain.Clearcoat.RoughnessPng, plain.Clearcoat.NormalPng));
        Assert.Equal(new GlbTransmission(0.375f), plain.Transmission);
        Assert.Equal((null, null, null, null, null), (plain.BaseColorPng, plain.OrmPng, plain.NormalPng, plain.EmissivePng, plain.OcclusionPng));
    }

    [Fact]
    public void Of_AMaterialWithoutTextures_IsThatMaterial()
    {
        var material = new GlbMaterial(MetallicFactor: 0.25f) { BaseColorFactor = new Vector4(0.1f, 0.2f, 0.3f, 1) };

        Assert.Equal(material, PlainMaterial.Of(new GlbAsset(s_mesh, material)));
    }

    private static void AssertNear(float[] expected, Vector4 actual)
    {
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-6f);
        }
    }
}
