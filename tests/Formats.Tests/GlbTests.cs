using System.Numerics;
using System.Text.Json.Nodes;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Formats.Tests;

public sealed class GlbTests
{
    private static readonly TriangleMesh Triangle = new(
        [0, 0, 0, 1, 0, 0, 0, 2, -3], [0, 1, 2], [0, 0, 1, 0, 0, 1], [0, 0, 1, 0, 0, 1, 0, 0, 1]);

    [Theory]
    [InlineData("glb_valid_basic_u8")]
    [InlineData("glb_valid_basic_u16")]
    [InlineData("glb_valid_basic_u32")]
    [InlineData("glb_valid_interleaved")]
    [InlineData("glb_valid_no_indices")]
    public void Read_MatchesTheGolden(string name)
    {
        using var golden = Goldens.Tensors("geometry", name);

        var mesh = ReadGolden(name).Mesh;

        Assert.Equal(golden.ReadFloats("out/positions"), mesh.Positions);
        Assert.Equal(golden.ReadFloats("out/uv"), mesh.Uvs!);
        Assert.Equal(golden.ReadLongs("out/faces"), mesh.Indices.Select(index => (long)index));
    }

    [Fact]
    public void Read_NodesAndTexture_MatchesTheGolden()
    {
        using var golden = Goldens.Tensors("geometry", "glb_valid_nodes_texture");

        var asset = ReadGolden("glb_valid_nodes_texture");

        var expected = golden.ReadFloats("out/positions_world");
        Assert.All(asset.Mesh.Positions.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-5));
        Assert.Equal(golden.ReadFloats("out/uv"), asset.Mesh.Uvs!);
        var texture = Png.Read(asset.Material.BaseColorPng, "texture");
        Assert.Equal(golden.ReadLongs("out/texture_rgba_u8"), texture.ToRgba().Select(value => (long)value));
        float[] factors = [asset.Material.MetallicFactor, asset.Material.RoughnessFactor];
        Assert.Equal(golden.ReadFloats("out/metallic_roughness"), factors);
    }

    [Fact]
    public void Write_ComesBackExactly()
    {
        var material = new GlbMaterial(Png.Write([255, 0, 0], 1, 1, 3), Png.Write([255, 153, 0], 1, 1, 3), 0.5f, 0.25f);
        var extras = new JsonObject { ["provenance"] = new JsonObject { ["prompt"] = "a vase, \"red\" ä" } };

        var asset = Glb.Read(Glb.Write(new GlbAsset(Triangle, material, extras)), "memory");

        Assert.Equal(Triangle.Positions, asset.Mesh.Positions);
        Assert.Equal(Triangle.Indices, asset.Mesh.Indices);
        Assert.Equal(Triangle.Uvs, asset.Mesh.Uvs);
        Assert.Equal(Triangle.Normals, asset.Mesh.Normals);
        Assert.Equal(material.BaseColorPng, asset.Material.BaseColorPng);
        Assert.Equal(material.OrmPng, asset.Material.OrmPng);
        Assert.Equal((0.5f, 0.25f), (asset.Material.MetallicFactor, asset.Material.RoughnessFactor));
        Assert.True(JsonNode.DeepEquals(extras, asset.Extras));
    }

    [Fact]
    public void Tangents_ComeBack_AndTurnWithTheirNode()
    {
        var mesh = Triangle with { Normals = [0, 1, 0, 0, 1, 0, 0, 1, 0], Tangents = [1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 1, -1] };
        var mirror = Matrix4x4.CreateScale(-2, 3, 1);

        var part = Assert.Single(Glb.ReadScene(Glb.Write(new GlbScene([new GlbPart(mesh, mirror, null)], [], null)), "memory").Parts);

        Assert.Equal(mesh.Tangents, part.Mesh.Tangents);
        Assert.Equal([-1f, 0, 0, -1, -1, 0, 0, -1, 0, 0, 1, 1], part.InWorld().Tangents!); // the bitangent, cross(n, t) w, is mirrored like all else
        Assert.Null(Glb.Read(Glb.Write(new GlbAsset(mesh with { Normals = null }, new GlbMaterial())), "memory").Mesh.Tangents);
        Assert.Contains("3 tangent coordinates", (mesh with { Tangents = [1, 0, 0] }).Fault(), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_ManyVertices_UsesWideIndices()
    {
        var mesh = new TriangleMesh(new float[3 * 70_000], [0, 69_999, 1]);

        Assert.Equal([0, 69_999, 1], Glb.Read(Glb.Write(new GlbAsset(mesh, new GlbMaterial())), "memory").Mesh.Indices);
    }

    [Fact]
    public void Write_UnsoundMesh_SaysWhatIsWrong()
    {
        var broken = new GlbAsset(Triangle with { Indices = [0, 1, 3] }, new GlbMaterial());

        var thrown = Assert.Throws<ArgumentException>(() => Glb.Write(broken));

        Assert.Contains("outside 0 to 2", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MoreThanTheLimit_IsRefused()
    {
        var bytes = Glb.Write(new GlbAsset(Triangle, new GlbMaterial()));

        Assert.Throws<MalformedFileException>(() => Glb.Read(bytes, "large", new GlbLimits(MaxVertices: 2)));
        Assert.Throws<MalformedFileException>(() => Glb.Read(bytes, "large", new GlbLimits(MaxBytes: 100)));
    }

    [Theory]
    [MemberData(nameof(BadInputs.Of), "glb", MemberType = typeof(BadInputs))]
    public void Read_BadInput_FailsTypedAndCheaply(string file, string outcome)
    {
        BadInputs.Check(file, outcome, bytes => Glb.Read(bytes, file));
    }

    private static GlbAsset ReadGolden(string name) =>
        Glb.Read(File.ReadAllBytes(Goldens.Path("geometry", name, "model.glb")), name);
}
