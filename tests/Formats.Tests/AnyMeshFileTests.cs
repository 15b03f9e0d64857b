using System.Text;

namespace Realiz3D.Mesh.Formats.Tests;

/// <summary>Mesh files whose format nobody has named.</summary>
public sealed class AnyMeshFileTests
{
    private static readonly TriangleMesh Torus = TestSolids.Torus(1, 0.4, 12, 8);

    [Theory]
    [InlineData(MeshFormat.Glb, "mesh.glb")]
    [InlineData(MeshFormat.Obj, "mesh.obj")]
    [InlineData(MeshFormat.Ply, "mesh.ply")]
    [InlineData(MeshFormat.Stl, "mesh.stl")]
    public void Read_KnowsWhatWriteWrote(MeshFormat format, string first)
    {
        var (name, bytes) = MeshFile.Write(new GlbAsset(Torus, new GlbMaterial()), format, "mesh")[0];

        var read = MeshFile.Read(bytes, "mesh");

        Assert.Equal((first, format), (name, read.Format));
        Assert.Equal(format == MeshFormat.Glb ? (1, 1f) : (0, 0.8f), (read.Asset.Material.MetallicFactor, read.Asset.Material.BaseColorFactor.X)); // else plaster
        Assert.Equal(Torus.Indices.Select(Torus.Position), read.Asset.Mesh.Indices.Select(read.Asset.Mesh.Position));
    }

    [Fact]
    public void Read_KnowsStlText_AndObjBehindBlankLines()
    {
        var text = Encoding.ASCII.GetString(Stl.WriteText(Torus));
        Assert.Equal(MeshFormat.Stl, MeshFile.Read(Encoding.ASCII.GetBytes(text), "text").Format);
        Assert.Equal(Torus.FaceCount, MeshFile.Read(Encoding.ASCII.GetBytes(" \n" + text.ToUpperInvariant()), "capitals").Asset.Mesh.FaceCount);
        Assert.Equal(MeshFormat.Obj, MeshFile.Read("\n# a\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"u8.ToArray(), "text").Format);
    }

    [Fact]
    public void Write_PutsTheMeshFirst_AndWhatItNamesBesides()
    {
        var asset = new GlbAsset(Torus with { Uvs = new float[2 * Torus.VertexCount] }, new GlbMaterial(Png.Write([1, 2, 3], 1, 1, 3)));

        Assert.Equal(["a.obj", "a.mtl", "a_basecolor.png"], MeshFile.Write(asset, MeshFormat.Obj, "a").Select(file => file.Name));
        Assert.Equal(["a.usdz"], MeshFile.Write(asset, MeshFormat.Usdz, "a").Select(file => file.Name));
    }

    [Fact]
    public void Read_SaysWhatIsLost()
    {
        var parts = new GlbScene(
            [
                new GlbPart(Torus, System.Numerics.Matrix4x4.Identity, 0),
                new GlbPart(Torus with { Uvs = new float[2 * Torus.VertexCount] }, System.Numerics.Matrix4x4.Identity, 1),
            ],
            [new GlbMaterial(), new GlbMaterial()],
            null);
        var colored = "ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nproperty float z\nproperty uchar red\n"
            + "element face 1\nproperty list uchar int vertex_indices\nend_header\n0 0 0 1\n1 0 0 2\n0 1 0 3\n3 0 1 2\n";

        Assert.Equal(
            ["Of 2 materials the first one is kept, for all faces.", "Texture coordinates are lost, some parts having none."],
            MeshFile.Read(Glb.Write(parts), "mesh").LossesOfJoining);
        Assert.Equal(["Vertex properties are lost: red."], MeshFile.Read(Encoding.ASCII.GetBytes(colored), "mesh").Losses);
        Assert.Contains(
            "are not opened: a.mtl", Assert.Single(MeshFile.Read("mtllib a.mtl\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"u8.ToArray(), "mesh").Losses), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PK\u0003\u0004", "USDZ and other archives are not read")]
    [InlineData(" {\"asset\":{}}", "glTF with its buffers apart is not read")]
    [InlineData("\u0001\0\u0002", "neither GLB nor OBJ nor PLY nor STL")]
    [InlineData("v 0 0 0", "holds no face")]
    [InlineData("", "holds no face")]
    public void Read_OfSomethingElse_SaysWhatItIsNot(string text, string fault) => Assert.Contains(
        fault, Assert.Throws<MalformedFileException>(() => MeshFile.Read(Encoding.Latin1.GetBytes(text), "mesh")).Message, StringComparison.Ordinal);

    [Fact]
    public void Read_KeepsToTheLimits_InEveryFormat()
    {
        foreach (var format in new[] { MeshFormat.Glb, MeshFormat.Obj, MeshFormat.Ply, MeshFormat.Stl })
        {
            var bytes = MeshFile.Write(new GlbAsset(Torus, new GlbMaterial()), format, "mesh")[0].Content;
            Assert.Throws<MalformedFileException>(() => MeshFile.Read(bytes, "mesh", new MeshLimits(MaxFaces: Torus.FaceCount - 1)));
            Assert.Throws<MalformedFileException>(() => MeshFile.Read(bytes, "mesh", new MeshLimits(MaxVertices: Torus.VertexCount - 1)));
            Assert.Throws<MalformedFileException>(() => MeshFile.Read(bytes, "mesh", new MeshLimits(MaxBytes: bytes.Length - 1)));
        }
    }

    [Theory]
    [MemberData(nameof(Bad), "glb")]
    [MemberData(nameof(Bad), "obj")]
    [MemberData(nameof(Bad), "ply")]
    [MemberData(nameof(Bad), "stl")]
    public void Read_OfBadFiles_GivesOneClearError(string file, string outcome) =>
        BadInputs.Check(file, outcome, bytes => MeshFile.Read(bytes, file));

    public static TheoryData<string, string> Bad(string format) => BadInputs.Of(format);
}
