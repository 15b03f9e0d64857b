using System.Text;

namespace Realiz3D.Mesh.Formats.Tests;

public sealed class SafeTensorsTests
{
    [Fact]
    public void ToBytes_WritesTheDocumentedLayout()
    {
        var bytes = SafeTensorsWriter.ToBytes(
            new Dictionary<string, TensorData> { ["b"] = new(ElementKind.U8, [1], [7]), ["a"] = TensorData.From([1f], [1]) },
            new Dictionary<string, string> { ["k"] = "v" });

        var header = """{"__metadata__":{"k":"v"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[1],"data_offsets":[4,5]}}""";
        header = header.PadRight((header.Length + 7) / 8 * 8);
        byte[] expected = [.. BitConverter.GetBytes((long)header.Length), .. Encoding.ASCII.GetBytes(header), 0, 0, 0x80, 0x3F, 7];
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData(ElementKind.F32)]
    [InlineData(ElementKind.F64)]
    [InlineData(ElementKind.F16)]
    [InlineData(ElementKind.BF16)]
    public void FloatKinds_KeepValuesThatTheyCanHold(ElementKind kind)
    {
        float[] values = [0, -0f, 1, -2.5f, 0.15625f, float.PositiveInfinity, float.NaN];

        using var file = RoundTrip(TensorData.From(values, [7], kind));

        Assert.Equal(values, file.ReadFloats("x"));
        Assert.Equal(7 * kind.Size(), file.Entry("x").ByteLength);
    }

    [Theory]
    [InlineData(ElementKind.F16, 1.00048828125f + 1e-5f, 0x3C01)] // just above the midpoint of 1 and its neighbour
    [InlineData(ElementKind.F16, 1.00048828125f, 0x3C00)]         // the midpoint: to even
    [InlineData(ElementKind.BF16, 1.00390625f, 0x3F80)]           // the midpoint: to even
    [InlineData(ElementKind.BF16, 1.01171875f, 0x3F82)]           // the midpoint: to even, upwards
    public void Halves_RoundToNearestEven(ElementKind kind, float value, int bits)
    {
        Assert.Equal(bits, BitConverter.ToUInt16(ElementKinds.FromFloats(kind, [value])));
    }

    [Fact]
    public void Integers_ComeBackExactly()
    {
        using var longs = RoundTrip(TensorData.From([long.MinValue, -1, 3], [3, 1]));
        using var flags = RoundTrip(new TensorData(ElementKind.BOOL, [2], [0, 1]));

        Assert.Equal([long.MinValue, -1, 3], longs.ReadLongs("x"));
        Assert.Equal([3L, 1], longs.Entry("x").Shape);
        Assert.Equal([0L, 1], flags.ReadLongs("x"));
        Assert.Equal([0f, 1], flags.ReadFloats("x"));
    }

    [Fact]
    public void Open_ReadsWhatSaveWrote()
    {
        var path = Path.GetTempFileName();
        try
        {
            SafeTensorsWriter.Save(path, new Dictionary<string, TensorData> { ["s"] = TensorData.From([4f], []) });
            using var file = SafeTensorsFile.Open(path);
            Assert.Equal([4f], file.ReadFloats("s"));
            Assert.Empty(file.Entry("s").Shape);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "truncated: tensor \"x\"")]
    [InlineData("""{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "belong to nothing")]
    [InlineData("""{"x":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "\"x\" F32 [3] needs 12 bytes")]
    [InlineData("""{"x":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "the shape [-2]")]
    [InlineData("""{"x":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", 8, "header is broken")]
    [InlineData("""{"x":{"dtype":"Q4","shape":[8],"data_offsets":[0,8]}}""", 8, "unsupported type \"Q4\"")]
    [InlineData("""{"x":{"dtype":"1","shape":[8],"data_offsets":[0,8]}}""", 8, "unsupported type \"1\"")]
    [InlineData("""{"x":{"shape":[8],"data_offsets":[0,8]}}""", 8, "header is broken")]
    [InlineData("""{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"y":{"dtype":"U8","shape":[5],"data_offsets":[3,8]}}""", 8, "\"y\" overlaps")]
    [InlineData("""{"x":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"y":{"dtype":"U8","shape":[3],"data_offsets":[5,8]}}""", 8, "\"y\" leaves a gap")]
    [InlineData("""{"x":{"dtype":"U8","shape":[8],"data_offsets":[0,8]},"x":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}}""", 8, "header is broken")]
    [InlineData("""{"x":{"dtype":"U8","shape":[8],"data_offsets":[8,0]}}""", 8, "offsets are [8, 0]")]
    [InlineData("[1]", 0, "header is broken")]
    [InlineData("{\"x\"", 0, "header is broken")]
    public void Parse_BrokenFile_NamesFileAndFault(string header, int dataBytes, string fault)
    {
        byte[] bytes = [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[dataBytes]];

        var thrown = Assert.Throws<MalformedFileException>(() => SafeTensorsFile.Parse(bytes, "w.safetensors"));

        Assert.StartsWith("w.safetensors: ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(fault, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(8)]
    public void Parse_ForgedHeaderLength_IsRefused(int length)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill(0x7F);

        Assert.Throws<MalformedFileException>(() => SafeTensorsFile.Parse(bytes, "forged"));
    }

    [Fact]
    public void ReadFloats_MissingTensor_NamesIt()
    {
        using var file = RoundTrip(TensorData.From([1f], [1]));

        var thrown = Assert.Throws<MalformedFileException>(() => file.ReadFloats("conv.weight"));

        Assert.Contains("\"conv.weight\" is missing", thrown.Message, StringComparison.Ordinal);
    }

    private static SafeTensorsFile RoundTrip(TensorData tensor) => SafeTensorsFile.Parse(
        SafeTensorsWriter.ToBytes(new Dictionary<string, TensorData> { ["x"] = tensor }), "memory");
}
