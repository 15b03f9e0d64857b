namespace Realiz3D.Mesh.Formats.Tests;

public sealed class ViewSetTests
{
    private static readonly ViewSet Two = new(
        [.. Enumerable.Range(0, 2 * 4 * 9).Select(i => i / 72f)],
        3,
        [new ViewCamera(30, 20, 1.5, 30), new ViewCamera(90, -10, 1.5, 30)],
        "model",
        "a vase, \"red\"",
        -7,
        "ab12");

    [Fact]
    public void Parse_ReadsWhatToBytesWrote()
    {
        var views = ViewSet.Parse(Two.ToBytes(), "views");

        Assert.Equal(Two.Rgba, views.Rgba);
        Assert.Equal(Two.Cameras, views.Cameras);
        Assert.Equal((3, "model", "a vase, \"red\"", -7L, "ab12"), (views.Size, views.Source, views.Prompt, views.Seed, views.ModelHash));
        Assert.Equal(Two.ToBytes(), views.ToBytes());
    }

    [Fact]
    public void Parse_NotFinite_IsRefused()
    {
        var broken = Two with { Rgba = [.. Two.Rgba[..^1], float.NaN] };

        Assert.Throws<MalformedFileException>(() => ViewSet.Parse(broken.ToBytes(), "views"));
    }

    [Theory]
    [InlineData(0, 0, 30)]
    [InlineData(0, 1.5, 180)]
    [InlineData(95, 1.5, 30)]
    public void Parse_UnusableCamera_IsRefused(double elevation, double radius, double fieldOfView)
    {
        var broken = Two with { Cameras = [Two.Cameras[0], new ViewCamera(0, elevation, radius, fieldOfView)] };

        var thrown = Assert.Throws<MalformedFileException>(() => ViewSet.Parse(broken.ToBytes(), "views"));

        Assert.Contains("a camera needs", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new long[] { 2, 4, 3, 3 }, new long[] { 3, 4 }, "cameras")]
    [InlineData(new long[] { 2, 3, 3, 3 }, new long[] { 2, 4 }, "rgba")]
    [InlineData(new long[] { 2, 4, 3, 2 }, new long[] { 2, 4 }, "rgba")]
    [InlineData(new long[] { 65, 4, 1, 1 }, new long[] { 65, 4 }, "rgba")]
    public void Parse_WrongShape_NamesTheTensor(long[] rgba, long[] cameras, string named)
    {
        var bytes = SafeTensorsWriter.ToBytes(new Dictionary<string, TensorData>
        {
            ["rgba"] = TensorData.From(new float[rgba.Aggregate(1L, (a, b) => a * b)], rgba),
            ["cameras"] = TensorData.From(new float[cameras[0] * cameras[1]], cameras),
        });

        var thrown = Assert.Throws<MalformedFileException>(() => ViewSet.Parse(bytes, "views"));

        Assert.Contains($"\"{named}\"", thrown.Message, StringComparison.Ordinal);
    }
}
