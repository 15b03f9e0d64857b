using System.Text;

namespace Realiz3D.Mesh.Formats.Tests;

public sealed class ObjTests
{
    private const string Square = """
        mtllib paint.mtl
        v 0 0 0 # a corner
        v 1 0 0 1.0
        v 1 1 0 0.5 0.5 0.5
        v 0 1 0
        vt 0 0
        vt 1 0
        vt 1 0.25
        vn 0 0 1
        usemtl red
        f 1/1/1 2/2/1 3/3/1
        usemtl blue
        f -4/-3/-1 -2/-1/-1 -1/-3/-1
        o unknown statements are passed over
        """;

    [Fact]
    public void Read_KeepsIndicesApartAndMaterialsByFace()
    {
        var model = Read(Square);

        Assert.Equal([0, 1, 2, 0, 2, 3], model.PositionIndices);
        Assert.Equal([0, 1, 2, 0, 2, 0], model.UvIndices);
        Assert.Equal([0, 0, 0, 0, 0, 0], model.NormalIndices);
        Assert.Equal([new ObjGroup("red", 0, 1), new ObjGroup("blue", 1, 1)], model.Groups);
        Assert.Equal(["paint.mtl"], model.MaterialLibraries);
    }

    [Fact]
    public void ToMesh_DoublesVerticesAtSeams_AndTurnsVDown()
    {
        var mesh = Read(Square).ToMesh();

        Assert.Equal([0, 1, 2, 0, 2, 3], mesh.Indices);
        Assert.Equal([0f, 1, 1, 1, 1, 0.75f, 0, 1], mesh.Uvs!);
        Assert.Equal([0f, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1], mesh.Normals!);

        var split = Read("v 0 0 0\nv 1 0 0\nv 0 1 0\nv 1 1 0\nvt 0 0\nvt 1 1\nf 1/1 2/1 3/1\nf 2/2 4/1 3/1").ToMesh();
        Assert.Equal(5, split.VertexCount);
        Assert.Equal([0, 1, 2, 3, 4, 2], split.Indices);
        Assert.Equal([1f, 0, 0], split.Positions[9..12]);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void Polygons_AreTakenApartRoundTheirFirstCorner(string lineEnd)
    {
        var model = Read(string.Join(lineEnd, "v 0 0 0", "v 1 0 0", "v 2 1 0", "v 1 2 0", "v 0 1 0", "f 2 3 4 5 1"));

        Assert.Equal([1, 2, 3, 1, 3, 4, 1, 4, 0], model.PositionIndices);
    }

    [Theory]
    [InlineData("v 0 0 0\nf 1 1 2", "line 2 has the corner \"2\", but only 1 vertices stand before it.")]
    [InlineData("v 0 0 x\n", "line 1 has \"x\" in a vertex; finite numbers are expected.")]
    [InlineData("v 0 0 1e99\n", "line 1 has \"1e99\" in a vertex; finite numbers are expected.")]
    [InlineData("v 0 0\n", "line 1 has a vertex of 2 numbers; 3 are expected.")]
    [InlineData("v 0 0 0\nf 1/1/1/1 1 1", "line 2 has the corner \"1/1/1/1\"")]
    [InlineData("v 0 0 0\nf 1 1", "line 2 has a face of 2 corners; 3 are the fewest.")]
    [InlineData("v 0 0 0\nvt\n", "line 2 has a texture coordinate of 0 numbers; 1 are expected.")]
    [InlineData("v 0 0 0\nf 1 1 \\", "line 2 has a face of 2 corners; 3 are the fewest.")]
    [InlineData("v 0 0 0", "it holds no face.")]
    public void Faults_SayWhereAndWhat(string text, string fault) =>
        Assert.Contains(fault, Assert.Throws<MalformedFileException>(() => Read(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Statements_MayGoOnOverSeveralLines(string lineEnd)
    {
        var model = Read(string.Join(lineEnd, "# ends in a backslash\\", "v 0 0 0", "v 1 \\", "\\", "0 0", "v 0 1 0", "vt 0.25", "f 1/1 2/1\\", "3/1"));

        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 1, 0], model.Positions);
        Assert.Equal([0.25f, 0], model.Uvs); // v has the default 0
        Assert.Equal([0, 1, 2], model.PositionIndices);
    }

    [Fact]
    public void Read_MoreThanTheLimit_IsRefused()
    {
        var bytes = Encoding.UTF8.GetBytes(Square);
        Assert.Throws<MalformedFileException>(() => Obj.Read(bytes, "large", new MeshLimits(MaxVertices: 3)));
        Assert.Throws<MalformedFileException>(() => Obj.Read(bytes, "large", new MeshLimits(MaxFaces: 1)));
        Assert.Throws<MalformedFileException>(() => Obj.Read(bytes, "large", new MeshLimits(MaxBytes: 100)));
    }

    [Theory]
    [MemberData(nameof(BadInputs.Of), "obj", MemberType = typeof(BadInputs))]
    public void Read_BadInput_FailsTypedAndCheaply(string file, string outcome) =>
        BadInputs.Check(file, outcome, bytes => Obj.Read(bytes, file));

    private static ObjModel Read(string text) => Obj.Read(Encoding.UTF8.GetBytes(text), "memory.obj");
}
