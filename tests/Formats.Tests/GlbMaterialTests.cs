using System.Numerics;
using System.Text;
using System.Text.Json.Nodes;

namespace Realiz3D.Mesh.Formats.Tests;

public sealed class GlbMaterialTests
{
    private static readonly TriangleMesh Triangle = new([0, 0, 0, 1, 0, 0, 0, 2, -3], [0, 1, 2], [0, 0, 1, 0, 0, 1]);

    [Fact]
    public void Materials_ComeBackExactly_ExtensionsIncluded()
    {
        var material = new GlbMaterial(Picture(1), Picture(2), 0.5f, 0.25f)
        {
            BaseColorFactor = new Vector4(0.1f, 0.2f, 0.3f, 0.4f),
            OrmHasOcclusion = false,
            OcclusionPng = Picture(3),
            OcclusionStrength = 0.7f,
            NormalPng = Picture(4),
            NormalScale = 0.9f,
            EmissivePng = Picture(5),
            EmissiveFactor = new Vector3(1, 0.5f, 0),
            EmissiveStrength = 7.5f,
            AlphaMode = GlbAlphaMode.Mask,
            AlphaCutoff = 0.33f,
            DoubleSided = true,
            Ior = 1.33f,
            Transmission = new GlbTransmission(0.6f, Picture(6)),
            Clearcoat = new GlbClearcoat(0.8f, 0.15f, Picture(7), Picture(8), Picture(9)),
            Unlit = true,
            Samplers = new GlbSamplers
            {
                BaseColor = new GlbSampler(),
                Orm = new GlbSampler(GlbWrap.MirroredRepeat, GlbWrap.ClampToEdge, GlbFilter.Nearest, GlbFilter.NearestMipmapNearest),
                Occlusion = new GlbSampler(GlbWrap.ClampToEdge, GlbWrap.MirroredRepeat, MinFilter: GlbFilter.Nearest),
                Normal = new GlbSampler(MagFilter: GlbFilter.Linear, MinFilter: GlbFilter.Linear),
                Emissive = new GlbSampler(MinFilter: GlbFilter.LinearMipmapNearest),
                Transmission = new GlbSampler(MinFilter: GlbFilter.NearestMipmapLinear),
                ClearcoatRoughness = new GlbSampler(GlbWrap.MirroredRepeat),
                ClearcoatNormal = new GlbSampler(WrapT: GlbWrap.MirroredRepeat),
            },
        };

        var read = Glb.Read(Glb.Write(new GlbAsset(Triangle, material)), "memory").Material;

        // Images are compared as text, the rest as values.
        Assert.Equal(Flat(material), Flat(read));
        GlbMaterial Bare(GlbMaterial m) => m with
        {
            BaseColorPng = null,
            OrmPng = null,
            OcclusionPng = null,
            NormalPng = null,
            EmissivePng = null,
            Transmission = m.Transmission! with { Png = null },
            Clearcoat = m.Clearcoat! with { Png = null, RoughnessPng = null, NormalPng = null },
        };
        Assert.Equal(Bare(material), Bare(read));
    }

    [Fact]
    public void PlainMaterial_UsesNoExtension_AndOneImageForOcclusionAndRoughness()
    {
        var json = Json(Glb.Write(new GlbAsset(Triangle, new GlbMaterial(OrmPng: Picture(1)))));

        Assert.Null(json["extensionsUsed"]);
        Assert.Single(json["images"]!.AsArray());
        Assert.Equal(0, (int)json["materials"]![0]!["occlusionTexture"]!["index"]!);
    }

    [Fact]
    public void OneImage_WithTwoSamplers_IsWrittenOnce()
    {
        var picture = Picture(1);
        var material = new GlbMaterial(picture, picture) { EmissivePng = picture, Samplers = new GlbSamplers { Orm = new GlbSampler(), Occlusion = new GlbSampler() } };

        var json = Json(Glb.Write(new GlbAsset(Triangle, material)));

        Assert.Equal((1, 2, 2), (json["images"]!.AsArray().Count, json["textures"]!.AsArray().Count, json["samplers"]!.AsArray().Count));
        Assert.Equal("""{"magFilter":9729,"minFilter":9987,"wrapS":33071,"wrapT":33071}""", json["samplers"]![0]!.ToJsonString());
        Assert.Equal("""{"wrapS":10497,"wrapT":10497}""", json["samplers"]![1]!.ToJsonString());
        Assert.Equal(0, (int)json["materials"]![0]!["emissiveTexture"]!["index"]!);
    }

    [Fact]
    public void Scene_ComesBackPartByPart()
    {
        var turned = Matrix4x4.CreateFromYawPitchRoll(0.3f, 0.2f, 0.1f) * Matrix4x4.CreateTranslation(1, 2, 3);
        var scene = new GlbScene(
            [new GlbPart(Triangle, Matrix4x4.Identity, 1), new GlbPart(TestSolids.Cube(), turned, null)],
            [new GlbMaterial(MetallicFactor: 0.1f), new GlbMaterial(MetallicFactor: 0.2f)],
            Extras: null);

        var read = Glb.ReadScene(Glb.Write(scene), "memory");

        Assert.Equal([1, null], read.Parts.Select(part => part.Material));
        Assert.Equal(turned, read.Parts[1].World);
        Assert.Equal(scene.Parts[1].Mesh.Positions, read.Parts[1].Mesh.Positions);
        Assert.Equal([0.1f, 0.2f], read.Materials.Select(material => material.MetallicFactor));
        Assert.Equal(0.2f, read.Join().Material.MetallicFactor);
        Assert.Equal(11, read.Join().Mesh.VertexCount);
    }

    [Fact]
    public void Extras_StandInBothPlaces_WithTheSameContent()
    {
        var extras = JsonNode.Parse("""{"prompt": "a vase", "seed": 7, "views": [0.5, {"deep": null}], "ok": true}""")!.AsObject();

        var json = Json(Glb.Write(new GlbAsset(Triangle, new GlbMaterial(), extras)));

        Assert.True(JsonNode.DeepEquals(extras, json["asset"]!["extras"]));
        Assert.Equal(0, (int)json["asset"]!["extensions"]!["KHR_xmp_json_ld"]!["packet"]!);
        Assert.Equal("KHR_xmp_json_ld", (string)json["extensionsUsed"]![0]!);
        var packet = json["extensions"]!["KHR_xmp_json_ld"]!["packets"]![0]!.AsObject();
        Assert.NotNull(packet["@context"]!["realiz3d"]);
        var expected = JsonNode.Parse(
            """{"realiz3d:prompt": "a vase", "realiz3d:seed": 7, "realiz3d:views": {"@list": [0.5, {"realiz3d:deep": null}]}, "realiz3d:ok": true}""");
        packet.Remove("@context");
        packet.Remove("@id");
        Assert.True(JsonNode.DeepEquals(expected, packet), packet.ToJsonString());
    }

    [Fact]
    public void OtherExtensions_AreReported_AndRefusedWhereRequired()
    {
        byte[] With(string list) => Changed(json => json[list] = new JsonArray("KHR_materials_unlit", "KHR_materials_sheen"));

        Assert.Equal(["KHR_materials_sheen"], Glb.ReadScene(With("extensionsUsed"), "memory").Unread);
        var thrown = Assert.Throws<MalformedFileException>(() => Glb.ReadScene(With("extensionsRequired"), "memory"));
        Assert.Contains("KHR_materials_sheen", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, new[] { 0, 1, 2, 1, 3, 2 })]
    [InlineData(6, new[] { 0, 1, 2, 0, 2, 3 })]
    public void StripsAndFans_AreTakenApart(int mode, int[] indices)
    {
        var square = new TriangleMesh([0, 0, 0, 1, 0, 0, 0, 1, 0, 1, 1, 0], [0, 1, 2, 0, 1, 3]);
        var bytes = Changed(
            json =>
            {
                var primitive = json["meshes"]![0]!["primitives"]![0]!.AsObject();
                primitive["mode"] = mode;
                primitive.Remove("indices");
            },
            square);

        Assert.Equal(indices, Glb.Read(bytes, "memory").Mesh.Indices);
    }

    [Fact]
    public void JpegTextures_ComeAsPng()
    {
        var jpeg = Jpeg.Write(new PixelImage(8, 8, 3, [.. Enumerable.Repeat((byte)100, 192)]));

        var read = Glb.Read(Glb.Write(new GlbAsset(Triangle, new GlbMaterial(jpeg))), "memory");

        var image = Png.Read(read.Material.BaseColorPng, "base colour");
        Assert.Equal((8, 8), (image.Width, image.Height));
        Assert.All(image.Samples, sample => Assert.InRange(sample, 98, 102));
    }

    [Fact]
    public void Images_AreCountedTogether()
    {
        var bytes = Glb.Write(new GlbAsset(Triangle, new GlbMaterial(Picture(1), Picture(2))));

        Assert.Equal(2, Png.Read(Glb.Read(bytes, "fits", new GlbLimits(MaxTexels: 8)).Material.OrmPng, "orm").Width);
        Assert.Throws<MalformedFileException>(() => Glb.Read(bytes, "large", new GlbLimits(MaxTexels: 7)));
    }

    private static byte[] Picture(byte value) => Png.Write([value, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 2, 2, 3);

    private static string[] Flat(GlbMaterial m) => [.. new[]
    {
        m.BaseColorPng, m.OrmPng, m.OcclusionPng, m.NormalPng, m.EmissivePng, m.Transmission!.Png, m.Clearcoat!.Png, m.Clearcoat.RoughnessPng, m.Clearcoat.NormalPng,
    }.Select(png => Convert.ToBase64String(png!))];

    private static JsonObject Json(byte[] glb) =>
        JsonNode.Parse(Encoding.UTF8.GetString(glb, 20, BitConverter.ToInt32(glb, 12)))!.AsObject();

    /// <summary>A GLB with its JSON changed.</summary>
    private static byte[] Changed(Action<JsonObject> change, TriangleMesh? mesh = null)
    {
        var glb = Glb.Write(new GlbAsset(mesh ?? Triangle, new GlbMaterial()));
        var json = Json(glb);
        change(json);
        var text = Encoding.UTF8.GetBytes(json.ToJsonString());
        byte[] padded = [.. text, .. Enumerable.Repeat((byte)' ', (4 - (text.Length % 4)) % 4)];
        var rest = glb[(20 + BitConverter.ToInt32(glb, 12))..];
        return [.. glb[..8], .. BitConverter.GetBytes(20 + padded.Length + rest.Length), .. BitConverter.GetBytes(padded.Length), .. glb[16..20], .. padded, .. rest];
    }
}
