namespace Realiz3D.Mesh.Formats.Tests;

public sealed class ControlSetTests
{
    // Two views of 2 x 2 pixels; the first pixel of each sees something.
    private static ControlSet Two => new(
        2,
        [new ViewCamera(30, 20, 1.5, 30), new ViewCamera(90, -10, 1.5, 30)],
        new ControlFrame(true, 0.125, -2, 1 / 3.0, 0.7, false),
        [0.6f, 0, 0, 0, 0, 0, 0, 0, -0.8f, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0],
        [1, 0, 0, 0, -1, 0, 0, 0, 0.5f, 0, 0, 0, 0.25f, 0, 0, 0, 0, 0, 0, 0, 0.1f, 0, 0, 0],
        [1.25f, 0, 0, 0, 2, 0, 0, 0],
        [1, 0, 0, 0, 0, 0, 0, 0],
        [1, 0, 0, 0, 1, 0, 0, 0]);

    [Fact]
    public void Parse_ReadsWhatWriteWrote()
    {
        var bytes = Bytes(Two);

        var read = ControlSet.Parse(bytes, "controls");

        Assert.Equal((2, 2), (read.Size, read.Count));
        Assert.Equal(Two.Cameras, read.Cameras);
        Assert.Equal(Two.Frame, read.Frame);
        Assert.Equal(Two.Normals, read.Normals);
        Assert.Equal(Two.Positions, read.Positions);
        Assert.Equal(Two.Depth, read.Depth);
        Assert.Equal(Two.InverseDepth, read.InverseDepth);
        Assert.Equal(Two.Mask, read.Mask);
        Assert.Equal(bytes, Bytes(read));
        using var file = SafeTensorsFile.Parse(bytes, "controls");
        Assert.Equal(["cameras", "depth", "inverse_depth", "mask", "normals", "positions"], file.Tensors.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([2, 3, 2, 2], file.Entry("normals").Shape);
        Assert.Equal(
            "all|controls|camera|0.125 -2 0.3333333333333333|0.7|1",
            string.Join('|', file.Metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value)));
    }

    public static TheoryData<string, int, float, string> Breaks => new()
    {
        { "normals", 0, 0.7f, "\"normals\" must be unit" },
        { "normals", 1, 0.1f, "\"normals\" must be unit" },
        { "normals", 0, float.NaN, "\"normals\" must be unit" },
        { "positions", 0, 1.1f, "\"positions\" must be in [-1, 1]" },
        { "positions", 3, 0.1f, "\"positions\" must be in [-1, 1]" },
        { "positions", 4, float.NaN, "\"positions\" must be in [-1, 1]" },
        { "depth", 0, 0, "\"depth\" must be above 0" },
        { "depth", 0, float.PositiveInfinity, "\"depth\" must be above 0" },
        { "depth", 1, 1, "\"depth\" must be above 0" },
        { "inverse_depth", 4, 1.5f, "\"inverse_depth\" must be in [0, 1]" },
        { "inverse_depth", 4, float.NaN, "\"inverse_depth\" must be in [0, 1]" },
        { "mask", 0, 2, "\"mask\" must be 0 or 1" },
        { "mask", 1, 1, "must be" },
    };

    [Theory]
    [MemberData(nameof(Breaks))]
    public void Parse_OneNumberOutOfRange_NamesTheTensor(string tensor, int at, float value, string fault)
    {
        var set = Two;
        if (tensor == "mask")
        {
            set.Mask[at] = (byte)value;
        }
        else
        {
            (tensor switch { "normals" => set.Normals, "positions" => set.Positions, "depth" => set.Depth, _ => set.InverseDepth })[at] = value;
        }

        var thrown = Assert.Throws<MalformedFileException>(() => ControlSet.Parse(Bytes(set), "controls"));

        Assert.Contains(fault, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("version", "2", "no controls of version 1")]
    [InlineData("format", "views", "no controls of version 1")]
    [InlineData("position_scale", "0", "position_scale")]
    [InlineData("position_scale", "1e999", "position_scale")]
    [InlineData("position_center", "1 2", "position_center")]
    [InlineData("normal_frame", "eye", "normal_frame")]
    [InlineData("depth_range", "", "depth_range")]
    public void Parse_OtherMetadata_AreRefused(string key, string value, string fault)
    {
        var thrown = Assert.Throws<MalformedFileException>(() => ControlSet.Parse(Changed((_, metadata) => metadata[key] = value), "controls"));

        Assert.Contains(fault, thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("positions", new long[] { 2, 3, 2, 1 })]
    [InlineData("depth", new long[] { 1, 1, 2, 2 })]
    [InlineData("cameras", new long[] { 2, 3 })]
    [InlineData("mask", new long[] { 65, 1, 1, 1 })]
    [InlineData("mask", new long[] { 1, 1, 4096, 1 })]
    [InlineData("inverse_depth", null)]
    public void Parse_WrongOrMissingTensor_IsNamed(string tensor, long[]? shape)
    {
        var bytes = Changed((tensors, _) =>
        {
            tensors.Remove(tensor);
            if (shape is not null)
            {
                var count = shape.Aggregate(1L, (a, b) => a * b);
                tensors[tensor] = tensor == "mask" ? new TensorData(ElementKind.U8, shape, new byte[count]) : TensorData.From(new float[count], shape);
            }
        });

        Assert.Contains($"\"{tensor}\"", Assert.Throws<MalformedFileException>(() => ControlSet.Parse(bytes, "controls")).Message, StringComparison.Ordinal);
    }

    private static byte[] Changed(Action<Dictionary<string, TensorData>, Dictionary<string, string>> change)
    {
        using var file = SafeTensorsFile.Parse(Bytes(Two), "controls");
        var tensors = file.Tensors.ToDictionary(pair => pair.Key, pair => new TensorData(pair.Value.Kind, [.. pair.Value.Shape], file.ReadBytes(pair.Key)));
        var metadata = file.Metadata.ToDictionary();
        change(tensors, metadata);
        return SafeTensorsWriter.ToBytes(tensors, metadata);
    }

    private static byte[] Bytes(ControlSet set)
    {
        using var stream = new MemoryStream();
        set.Write(stream);
        return stream.ToArray();
    }
}
