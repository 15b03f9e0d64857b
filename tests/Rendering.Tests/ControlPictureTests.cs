using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering.Tests;

public sealed class ControlPictureTests
{
    // Three views of one pixel each; the second sees nothing.
    private static readonly ControlSet Three = new(
        1,
        [.. Enumerable.Range(0, 3).Select(_ => CameraRig.At(0, 0).ToView())],
        new ControlFrame(false, 0, 0, 0, 1, SeparateRanges: false),
        [0, 0, 1, 0, 0, 0, -0.28f, 0.96f, 0],
        [1, -1, 0, 0, 0, 0, 0.5f, 0, 0],
        [1, 0, 3],
        [1, 0, 0],
        [1, 0, 1]);

    [Theory]
    [InlineData(ControlPictureKind.Normals, 3, new byte[] { 128, 128, 255, 128, 128, 128, 92, 250, 128, 128, 128, 128 })]
    [InlineData(ControlPictureKind.Positions, 3, new byte[] { 255, 0, 128, 128, 128, 128, 191, 128, 128, 128, 128, 128 })]
    [InlineData(ControlPictureKind.Depth, 4, new byte[] { 0, 0, 0, 255, 0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0 })]
    [InlineData(ControlPictureKind.InverseDepth, 1, new byte[] { 255, 0, 0, 0 })]
    [InlineData(ControlPictureKind.Mask, 1, new byte[] { 255, 0, 255, 0 })]
    public void Sheet_HasTheNumbersOfItsKind_AndBackgroundElsewhere(ControlPictureKind kind, int channels, byte[] expected)
    {
        var sheet = ControlPicture.Sheet(Three, kind, columns: 2);

        Assert.Equal((2, 2, channels), (sheet.Width, sheet.Height, sheet.Channels));
        Assert.Equal(expected, sheet.Bytes);
    }

    [Fact]
    public void Sheet_OfSixViews_HasTheGridOfZero123Plus()
    {
        // View k is gray k everywhere; 2 x 2 pixels each.
        float[] depths = [.. Enumerable.Range(0, 6).SelectMany(k => Enumerable.Repeat(k / 5f, 4))];
        var six = new ControlSet(
            2,
            [.. Enumerable.Range(0, 6).Select(_ => CameraRig.At(0, 0).ToView())],
            new ControlFrame(false, 0, 0, 0, 1, false),
            new float[72],
            new float[72],
            new float[24],
            depths,
            [.. Enumerable.Repeat((byte)1, 24)]);

        var sheet = ControlPicture.Sheet(six, ControlPictureKind.InverseDepth, columns: 2);

        Assert.Equal((4, 6), (sheet.Width, sheet.Height));
        Assert.Equal([0, 0, 51, 51, 0, 0, 51, 51, 102, 102, 153, 153, 102, 102, 153, 153, 204, 204, 255, 255, 204, 204, 255, 255], sheet.Bytes);
    }

    [Fact]
    public void Depth_OfSeparateRanges_FillsEachView()
    {
        var separate = Three with { Frame = Three.Frame with { SeparateRanges = true } };

        Assert.Equal(0, ControlPicture.Tile(separate, ControlPictureKind.Depth, 2).Bytes[0]); // alone, it is the nearest
        Assert.Equal(255, ControlPicture.Tile(Three, ControlPictureKind.Depth, 2).Bytes[0]);
    }
}
