using System.Numerics;
using System.Text;

namespace Realiz3D.Mesh.Formats.Tests;

public sealed class ObjSceneTests
{
    // Two triangles in red, one in blue between them, one without a name before all.
    private const string Faces = """
        v 0 0 0
        v 1 0 0
        v 1 1 0
        v 0 1 0
        v 9 9 9
        vt 0 0
        vt 2 0
        vt 0 2
        f 1 2 3
        usemtl red
        f 1/1 2/2 3/3
        usemtl blue
        f 2 3 4
        usemtl red
        f 1/1 3/2 4/3
        """;

    private const string One = "usemtl m\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3";

    private static readonly Dictionary<string, byte[]> s_pictures = new()
    {
        ["color.png"] = Png.Write([10, 20, 30, 40, 50, 60], 2, 1, 3),
        ["color.jpg"] = Jpeg.Write(new PixelImage(8, 8, 3, [.. Enumerable.Repeat((byte)100, 192)])),
        ["rough.png"] = Png.Write([40, 80], 2, 1, 1),
        ["metal.png"] = Png.Write([1, 2, 3, 4, 5, 6, 7, 8], 2, 4, 1),
        ["a normal.png"] = Png.Write([130, 120, 250], 1, 1, 3),
        ["height.png"] = Png.Write([7, 7, 7], 1, 1, 3),
        ["broken.png"] = [.. "not a picture"u8],
    };

    [Fact]
    public void Parts_AreTheFacesOfEachMaterial()
    {
        var (scene, losses) = Of(Faces, "newmtl red\nKd 1 0 0\nnewmtl red\nKd 0 1 0\nnewmtl blue\nKd 0 0 1\nd 0.25");

        Assert.Empty(losses);
        Assert.Equal([1, 2, 1], scene.Parts.Select(part => part.Mesh.FaceCount));
        Assert.Equal([0, 1, 2], scene.Parts.Select(part => part.Material!.Value));
        Assert.Equal(
            [new Vector4(0.8f, 0.8f, 0.8f, 1), new Vector4(1, 0, 0, 1), new Vector4(0, 0, 1, 0.25f)], scene.Materials.Select(material => material.BaseColorFactor));
        Assert.Equal([GlbAlphaMode.Opaque, GlbAlphaMode.Opaque, GlbAlphaMode.Blend], scene.Materials.Select(material => material.AlphaMode));
        Assert.Equal([3, 5, 3], scene.Parts.Select(part => part.Mesh.VertexCount));     // none that they do not touch
        var red = scene.Parts[1].Mesh;
        Assert.Equal([0f, 0, 0, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0], red.Indices.SelectMany(i => red.Positions[(3 * i)..(3 * (i + 1))]));
        Assert.Equal([0f, 1, 2, 1, 0, -1, 0, 1, 2, 1, 0, -1], red.Indices.SelectMany(i => red.Uvs![(2 * i)..(2 * (i + 1))]));
        Assert.Null(scene.Parts[0].Mesh.Uvs);
        Assert.Equal(4, Glb.Read(Glb.Write(scene), "memory").Mesh.FaceCount);
    }

    [Fact]
    public void Pbr_StatementsAndPictures_BecomeTheMaterial()
    {
        var (scene, losses) = Of(One, """
            newmtl m
            map_Kd -clamp on color.png
            map_Pr rough.png
            Pm 0.5
            map_Pm metal.png
            norm -bm 0.75 a normal.png
            Ke 2 1 0
            """);

        Assert.Empty(losses);
        var material = scene.Materials[0];
        Assert.Same(s_pictures["color.png"], material.BaseColorPng);
        Assert.Equal((Vector4.One, 1, 0.5f), (material.BaseColorFactor, material.RoughnessFactor, material.MetallicFactor));
        Assert.False(material.OrmHasOcclusion);
        var orm = Png.Read(material.OrmPng, "orm");
        Assert.Equal((2, 4), (orm.Width, orm.Height));
        Assert.Equal([.. Enumerable.Range(0, 8).SelectMany(i => new byte[] { 255, (byte)(40 + (40 * (i % 2))), (byte)(i + 1) })], orm.ToBytes());
        Assert.Equal((s_pictures["a normal.png"], 0.75f), (material.NormalPng, material.NormalScale));
        Assert.Equal((new Vector3(1, 0.5f, 0), 2f), (material.EmissiveFactor, material.EmissiveStrength));
        Assert.Equal((GlbSampler.Atlas, new GlbSampler()), (material.Samplers.BaseColor, material.Samplers.Orm));
    }

    [Theory]
    [InlineData("", 1, 0)]
    [InlineData("Ns 0", 1, 0)]
    [InlineData("Ns 30", 0.5, 0)]                           // (2 / 32)^(1/4)
    [InlineData("Ns 30\nPr 0.25\nPm 1", 0.25, 1)]
    [InlineData("Ns 30\nmap_Pr rough.png\nmap_Pm metal.png", 1, 1)]
    [InlineData("Pr 7\nPm -1", 1, 0)]
    public void Roughness_IsTheStatedOne_OrThatOfTheHighlight(string statements, float roughness, float metallic)
    {
        var material = Of(One, "newmtl m\n" + statements).Scene.Materials[0];

        Assert.Equal(roughness, material.RoughnessFactor, 1e-6f);
        Assert.Equal(metallic, material.MetallicFactor);
    }

    [Theory]
    [InlineData("Tr 0.75", 0.25f)]
    [InlineData("d 0.5", 0.5f)]
    [InlineData("d 1", 1f)]
    public void Opacity_IsAlpha(string statement, float alpha) =>
        Assert.Equal(alpha, Of(One, "newmtl m\n" + statement).Scene.Materials[0].BaseColorFactor.W);

    [Theory]
    [InlineData("map_Kd gone.png\nKd 0.5 0.5 0.5", "The picture gone.png is not there; its material goes without.")]
    [InlineData("map_Bump height.png", "height.png holds heights, which are not read; a normal map (norm) is.")]
    [InlineData("map_Ks color.png\ndisp height.png\nmap_Ks color.png", "map_Ks is not read.|disp is not read.")]
    [InlineData("map_Kd -s 2 2 1 -o 0.5 color.png", "the place of map_Kd is not read.")]
    [InlineData("map_Kd color.jpg\nmap_bump a normal.png\nKa 1 1 1\nKs 1 1 1\nillum 2\nNi 1.5", "")]
    public void Losses_SayWhatIsNotTaken(string statements, string losses)
    {
        var (scene, told) = Of(One, "newmtl m\n" + statements);

        Assert.Equal(losses, string.Join('|', told));
        Assert.Equal(losses.Length == 0, scene.Materials[0].NormalPng is not null);
    }

    [Fact]
    public void MissingPictures_LeaveAMaterialAsIfTheyWereNotNamed()
    {
        var (scene, losses) = Of(One, "newmtl m\nmap_Kd gone.png\nmap_Pr gone.png\nmap_Pm gone.png\nmap_Ke gone.png\nnorm gone.png");

        Assert.Equal("The picture gone.png is not there; its material goes without.", Assert.Single(losses));
        Assert.Equal(Of(One, "newmtl m").Scene.Materials[0] with { Samplers = new() }, scene.Materials[0] with { Samplers = new() });
    }

    [Fact]
    public void UnknownMaterials_AreTold_AndBrokenPicturesRefused()
    {
        var (scene, losses) = Of(Faces, "newmtl red\nKd 1 0 0");

        Assert.Equal(["The material blue stands in no material file; it is shown as plaster."], losses);
        Assert.Equal(new Vector4(0.8f, 0.8f, 0.8f, 1), scene.Materials[2].BaseColorFactor);
        var refused = Assert.Throws<MalformedFileException>(() => Of(Faces, "newmtl red\nmap_Kd broken.png"));
        Assert.Contains("broken.png: the image is neither PNG nor JPEG nor WebP", refused.Message, StringComparison.Ordinal);
        Assert.Throws<MalformedFileException>(() => ObjScene.Of(
            Obj.Read(Encoding.UTF8.GetBytes(Faces), "a.obj"), Mtl.Read("newmtl red\nmap_Kd color.png\nmap_Ke rough.png"u8, "a.mtl"),
            s_pictures.GetValueOrDefault, "a.obj", new GlbLimits(MaxTexels: 3)));
    }

    [Fact]
    public void WhatObjWrites_ComesBack()
    {
        var material = new GlbMaterial(s_pictures["color.png"], Png.Write([255, 10, 20, 255, 30, 40], 2, 1, 3), 0.5f, 0.25f)
        {
            BaseColorFactor = new Vector4(0.5f, 0.25f, 1, 0.75f), AlphaMode = GlbAlphaMode.Blend, NormalPng = s_pictures["a normal.png"],
            EmissivePng = s_pictures["color.png"], EmissiveFactor = new Vector3(0.5f, 1, 0.25f), EmissiveStrength = 3, OrmHasOcclusion = false,
        };
        var mesh = new TriangleMesh([0, 0, 0, 1, 0, 0, 0, 1, 0], [0, 1, 2], [0, 0, 1, 0, 0, 1], [0, 0, 1, 0, 0, 1, 0, 0, 1]);

        var files = Obj.Write(new GlbAsset(mesh, material), "a");
        var (scene, losses) = ObjScene.Of(Obj.Read(files["a.obj"], "a.obj"), Mtl.Read(files["a.mtl"], "a.mtl"), files.GetValueOrDefault, "a.obj");

        Assert.Empty(losses);
        var read = scene.Materials.Single();
        Assert.Equal(Png.Read(material.OrmPng, "orm").ToBytes(), Png.Read(read.OrmPng, "orm").ToBytes());
        Assert.Equal(
            material with { OrmPng = null, BaseColorPng = null, EmissivePng = null, NormalPng = null },
            read with { OrmPng = null, BaseColorPng = null, EmissivePng = null, NormalPng = null, Samplers = new() });
        Assert.Equal((material.BaseColorPng, material.NormalPng, material.EmissivePng), (read.BaseColorPng, read.NormalPng, read.EmissivePng));
        var part = scene.Parts.Single().Mesh;
        Assert.Equal<float>([.. mesh.Positions, .. mesh.Uvs!, .. mesh.Normals!], [.. part.Positions, .. part.Uvs!, .. part.Normals!]);
    }

    private static (GlbScene Scene, IReadOnlyList<string> Losses) Of(string obj, string mtl) => ObjScene.Of(
        Obj.Read(Encoding.UTF8.GetBytes(obj), "a.obj"), Mtl.Read(Encoding.UTF8.GetBytes(mtl), "a.mtl"), s_pictures.GetValueOrDefault, "a.obj");
}
