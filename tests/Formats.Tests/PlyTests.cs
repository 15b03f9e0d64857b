using System.Buffers.Binary;
using System.Text;

namespace Realiz3D.Mesh.Formats.Tests;

public sealed class PlyTests
{
    private const string Text = """
        ply
        format ascii 1.0
        comment made by hand
        element vertex 4
        property float x
        property double y
        property float z
        property uchar red
        property float s
        property float t
        element extra 1
        property list uchar short things
        element face 2
        property uchar flags
        property list uchar int vertex_index
        end_header
        0 0 0 10 0 0
        1 0 0 20 1 0
        1 1 0 30 1 0.75
        0 1 -2.5e0 40 0 1
        3 7 8 9
        1 4 0 1 2 3
        0 3 0 2 1
        """;

    [Fact]
    public void Read_Ascii_TakesPolygonsApartAndKeepsOtherProperties()
    {
        var model = Read(Text);

        Assert.Equal([0f, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, -2.5f], model.Mesh.Positions);
        Assert.Equal([0, 1, 2, 0, 2, 3, 0, 2, 1], model.Mesh.Indices);
        Assert.Equal([0f, 1, 1, 1, 1, 0.25f, 0, 0], model.Mesh.Uvs!);
        Assert.Null(model.Mesh.Normals);
        Assert.Equal([10.0, 20, 30, 40], model.VertexProperties["red"]);
        Assert.Equal(["red"], model.VertexProperties.Keys);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_Binary_HonoursTheByteOrder(bool little)
    {
        var body = new List<byte>();
        void Put(Action<Span<byte>> write, int size)
        {
            var bytes = new byte[size];
            write(bytes);
            body.AddRange(bytes);
        }

        void Float(float value) => Put(little
            ? at => BinaryPrimitives.WriteSingleLittleEndian(at, value) : at => BinaryPrimitives.WriteSingleBigEndian(at, value), 4);
        void Whole(short value) => Put(little
            ? at => BinaryPrimitives.WriteInt16LittleEndian(at, value) : at => BinaryPrimitives.WriteInt16BigEndian(at, value), 2);
        foreach (var value in new float[] { 0, 0, 0, 1, 0, 0, 0, 2.5f, 0 })
        {
            Float(value);
        }

        body.Add(3);
        Whole(0);
        Whole(1);
        Whole(2);
        var header = $"ply\nformat binary_{(little ? "little" : "big")}_endian 1.0\nelement vertex 3\nproperty float32 x\nproperty float32 y\n"
            + "property float32 z\nelement face 1\nproperty list uint8 int16 vertex_indices\nend_header\n";

        var mesh = Ply.Read([.. Encoding.ASCII.GetBytes(header), .. body], "memory.ply").Mesh;

        Assert.Equal([0f, 0, 0, 1, 0, 0, 0, 2.5f, 0], mesh.Positions);
        Assert.Equal([0, 1, 2], mesh.Indices);
    }

    [Theory]
    [InlineData("element face 2", "element face 200", "it claims 200 of \"face\", but only")]
    [InlineData("element face 2", "element vertex 2", "line 13 of the header repeats the element \"vertex\".")]
    [InlineData("element extra 1", "element empty 999999999999\nelement extra 1", "the element \"empty\" has no property.")]
    [InlineData("property double y", "property double yy", "its vertices have no x, y and z.")]
    [InlineData("property uchar red", "property half red", "names the type \"half\", which PLY does not have.")]
    [InlineData("list uchar int", "list float int", "a property out of place")]
    [InlineData("1 4 0 1 2 3", "1 4 0 1 2 4", "a face names vertex 4 of 4.")]
    [InlineData("1 4 0 1 2 3", "1 4 0 1 2 1.5", "1.5 stands where a whole number is expected.")]
    [InlineData("1 4 0 1 2 3", "1 2 0 1", "a face has 2 corners; 3 are the fewest.")]
    [InlineData("0 3 0 2 1", "0 3 0 2", "it is truncated")]
    [InlineData("-2.5e0", "nan", "vertex 3 has a z that is not finite.")]
    public void Faults_SayWhatIsWrong(string right, string wrong, string fault)
    {
        var thrown = Assert.Throws<MalformedFileException>(() => Read(Text.Replace(right, wrong, StringComparison.Ordinal)));
        Assert.Contains(fault, thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_MoreThanTheLimit_IsRefused()
    {
        var bytes = Encoding.ASCII.GetBytes(Text);
        Assert.Throws<MalformedFileException>(() => Ply.Read(bytes, "large", new MeshLimits(MaxVertices: 3)));
        Assert.Throws<MalformedFileException>(() => Ply.Read(bytes, "large", new MeshLimits(MaxFaces: 2)));
        Assert.Throws<MalformedFileException>(() => Ply.Read(bytes, "large", new MeshLimits(MaxBytes: 100)));
    }

    [Theory]
    [MemberData(nameof(BadInputs.Of), "ply", MemberType = typeof(BadInputs))]
    public void Read_BadInput_FailsTypedAndCheaply(string file, string outcome) =>
        BadInputs.Check(file, outcome, bytes => Ply.Read(bytes, file));

    private static PlyModel Read(string text) => Ply.Read(Encoding.ASCII.GetBytes(text), "memory.ply");
}
