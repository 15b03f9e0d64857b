using System.IO.Compression;
using System.Text;

namespace Realiz3D.Mesh.Formats.Tests;

/// <summary>Round trips from mesh to file and back, float by float.</summary>
public sealed class MeshFileTests
{
    private static readonly TriangleMesh Mesh = Textured();

    [Theory]
    [InlineData(PlyEncoding.Ascii)]
    [InlineData(PlyEncoding.BinaryLittleEndian)]
    [InlineData(PlyEncoding.BinaryBigEndian)]
    public void Ply_ComesBackExactly(PlyEncoding encoding)
    {
        var read = Ply.Read(Ply.Write(Mesh, encoding), "memory.ply");

        Assert.Empty(read.VertexProperties);
        AssertSame(Mesh, read.Mesh);
        AssertSame(Mesh with { Uvs = null, Normals = null }, Ply.Read(Ply.Write(Mesh with { Uvs = null, Normals = null }, encoding), "bare").Mesh);
    }

    [Fact]
    public void Obj_ComesBackExactly_WithItsMaterial()
    {
        var orm = Png.Write([255, 10, 20, 255, 30, 40, 255, 50, 60, 255, 70, 80], 2, 2, 3);
        var asset = new GlbAsset(Mesh, new GlbMaterial(Png.Write([1, 2, 3], 1, 1, 3), orm, 0.5f, 0.25f));

        var files = Obj.Write(asset, "torus");

        Assert.Equal(["torus.mtl", "torus.obj", "torus_basecolor.png", "torus_metallic.png", "torus_roughness.png"], files.Keys.Order());
        var model = Obj.Read(files["torus.obj"], "torus.obj");
        AssertSame(ByCorner(Mesh), ByCorner(model.ToMesh())); // vertices come in the order of the corners
        Assert.Equal(["torus.mtl"], model.MaterialLibraries);
        var material = Assert.Single(Mtl.Read(files["torus.mtl"], "torus.mtl"));
        Assert.Equal(model.Groups[0].Material, material.Name);
        Assert.Equal((0.25f, 0.5f, "torus_basecolor.png"), (material.Roughness, material.Metallic, material.ColorMap?.File));
        Assert.Equal([10, 30, 50, 70], Png.Read(files["torus_roughness.png"], "r").ToBytes());
        Assert.Equal([20, 40, 60, 80], Png.Read(files["torus_metallic.png"], "m").ToBytes());
        Assert.Throws<ArgumentException>(() => Obj.Write(asset, "../torus"));
    }

    [Theory]
    [InlineData("Kd 1 1 1", "line 1 has Kd out of place")]
    [InlineData("newmtl a\nPr rough", "line 2 has \"rough\" where a number is expected")]
    public void Mtl_Faults_SayWhereAndWhat(string text, string fault) => Assert.Contains(
        fault, Assert.Throws<MalformedFileException>(() => Mtl.Read(Encoding.ASCII.GetBytes(text), "a.mtl")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Stl_ComesBack_WithVerticesJoinedAgain(bool text)
    {
        var read = Stl.Read(text ? Stl.WriteText(Mesh) : Stl.Write(Mesh), "memory.stl");

        Assert.Equal(Mesh.VertexCount, read.VertexCount);
        Assert.Equal(Mesh.Indices.Select(Mesh.Position), read.Indices.Select(read.Position));
        Assert.True(MeshInspection.Of(read, weld: false).Closed);
    }

    [Theory]
    [InlineData("solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 0 0\nvertex 1 0 0\nendloop\nendfacet\n", "line 7 ends a facet of 2 corners")]
    [InlineData("solid a\nfacet\nvertex 0 0 inf\n", "line 3 has a vertex that is not three finite numbers")]
    [InlineData("solid a\nfacet\nvertex 0 0 0\n", "a facet does not end")]
    [InlineData("solid a\nendsolid a\n", "it holds no face")]
    [InlineData("hollow", "not an STL file")]
    public void Stl_Faults_SayWhatIsWrong(string text, string fault) => Assert.Contains(
        fault, Assert.Throws<MalformedFileException>(() => Stl.Read(Encoding.ASCII.GetBytes(text), "a.stl")).Message, StringComparison.Ordinal);

    [Fact]
    public void Stl_TruncatedOrTooLarge_IsRefused()
    {
        var bytes = Stl.Write(TestSolids.Cube());
        Assert.Throws<MalformedFileException>(() => Stl.Read(bytes.AsSpan(..^1), "cut"));
        Assert.Throws<MalformedFileException>(() => Stl.Read(bytes, "large", new MeshLimits(MaxFaces: 11)));
        BitConverter.GetBytes(float.NaN).CopyTo(bytes, 84 + 12);
        Assert.Contains("face 0", Assert.Throws<MalformedFileException>(() => Stl.Read(bytes, "nan")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Usdz_IsAStoredZip_AlignedTo64Bytes()
    {
        var (color, orm) = (Png.Write([1, 2, 3], 1, 1, 3), Png.Write([4, 5, 6], 1, 1, 3));

        var bytes = Usdz.Write(new GlbAsset(Mesh, new GlbMaterial(color, orm)));

        using var zip = new ZipArchive(new MemoryStream(bytes));
        Assert.Equal(["model.usda", "basecolor.png", "orm.png"], zip.Entries.Select(entry => entry.FullName));
        foreach (var (entry, expected) in zip.Entries.Skip(1).Zip([color, orm]))
        {
            using var stream = entry.Open(); // checks the checksum
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            Assert.Equal(expected, copy.ToArray());
            Assert.Equal(0, bytes.AsSpan().IndexOf(expected) % 64);
        }

        for (var faces = 1; faces < 10; faces++) // layers of other lengths
        {
            var other = Usdz.Write(new GlbAsset(Mesh with { Indices = Mesh.Indices[..(3 * faces)] }, new GlbMaterial(color, orm)));
            Assert.Equal((0, 0), (other.AsSpan().IndexOf(color) % 64, other.AsSpan().IndexOf(orm) % 64));
        }

        using var reader = new StreamReader(zip.Entries[0].Open());
        var layer = reader.ReadToEnd();
        Assert.Equal(0, bytes.AsSpan().IndexOf("#usda 1.0"u8) % 64);
        Assert.Equal(layer.Count(c => c == '{'), layer.Count(c => c == '}'));
        Assert.Contains($"faceVertexIndices = [{string.Join(", ", Mesh.Indices)}]", layer, StringComparison.Ordinal);
        Assert.Contains("inputs:roughness.connect = </Asset/Look/Orm.outputs:g>", layer, StringComparison.Ordinal);
        Assert.Equal(bytes, Usdz.Write(new GlbAsset(Mesh, new GlbMaterial(color, orm))));
    }

    private static void AssertSame(TriangleMesh expected, TriangleMesh actual)
    {
        Assert.Equal(expected.Positions, actual.Positions);
        Assert.Equal(expected.Indices, actual.Indices);
        Assert.Equal(expected.Normals, actual.Normals);
        Assert.Equal(expected.Uvs is null, actual.Uvs is null);
        for (var i = 0; i < expected.Uvs?.Length; i++)
        {
            Assert.Equal(expected.Uvs[i], actual.Uvs![i], 6e-8f); // v is turned twice
        }
    }

    private static TriangleMesh ByCorner(TriangleMesh mesh) => new(
        [.. mesh.Indices.SelectMany(v => mesh.Positions[(3 * v)..(3 * v + 3)])],
        [.. Enumerable.Range(0, mesh.Indices.Length)],
        [.. mesh.Indices.SelectMany(v => mesh.Uvs![(2 * v)..(2 * v + 2)])],
        [.. mesh.Indices.SelectMany(v => mesh.Normals![(3 * v)..(3 * v + 3)])]);

    private static TriangleMesh Textured()
    {
        var torus = TestSolids.Torus(1, 0.3, 9, 7);
        var random = new Random(2);
        return torus with
        {
            Uvs = [.. Enumerable.Range(0, 2 * torus.VertexCount).Select(_ => random.NextSingle())],
            Normals = torus.AreaWeightedNormals(),
        };
    }
}
