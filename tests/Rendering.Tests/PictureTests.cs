using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class PictureTests
{
    [Fact]
    public void PbrNeutral_KeepsColours_CompressesHighlights_AndWhitensTheBrightest()
    {
        using var scope = NewDisposeScope();
        var light = tensor(new[] { 0.5, 0.3, 0.2, 0.04, 0.02, 0.03, 1, 1, 1, 40, 20, 10 }, [4, 3]);

        var seen = ToneMapping.PbrNeutral(light).cpu().data<double>().ToArray();

        // Below 0.76 only the offset is taken off: 0.04, or x - 6.25 x^2 = 0.0175 of the darkest channel's 0.02.
        Assert.Equal([0.46, 0.26, 0.16], seen[..3].Select(value => Math.Round(value, 12)));
        Assert.Equal([0.0225, 0.0025, 0.0125], seen[3..6].Select(value => Math.Round(value, 12)));
        Assert.Equal(1 - (0.24 * 0.24 / (0.96 + 0.24 - 0.76)), seen[6], 1e-12);
        var peak = 1 - (0.24 * 0.24 / (39.96 + 0.24 - 0.76));
        var share = 1 - (1 / ((0.15 * (39.96 - peak)) + 1));
        Assert.Equal(peak, seen[9], 1e-12);
        Assert.Equal((19.96 * peak / 39.96 * (1 - share)) + (peak * share), seen[10], 1e-12);
    }

    [Fact]
    public void ToPng_ShrinksByAWholeFactor_AndWeighsColoursByAlpha()
    {
        // Red of alpha 1 beside green of alpha 0, 130 pixels wide: 65 wide each pixel is red of alpha 1/2.
        const int side = 130;
        var rgba = new float[4 * side * side];
        for (var pixel = 0; pixel < side * side; pixel++)
        {
            rgba[(((pixel % 2) == 0 ? 0 : 1) * side * side) + pixel] = 1;
            rgba[(3 * side * side) + pixel] = 1 - (pixel % 2);
        }

        var image = Png.Read(Picture.ToPng(rgba, ToneCurve.Clip, 112), "preview");

        Assert.Equal((65, 65, 4), (image.Width, image.Height, image.Channels));
        Assert.Equal([255, 0, 0, 128], image.ToRgba()[..4]);
    }

    [Fact]
    public void Over_BlendsWithTheEnvironmentBehindThePixel()
    {
        var map = EnvironmentMap.Of(d => new(d.Y + 2), 32);
        var camera = new Camera(0, 0, 2, 90);
        float[] rgba = [.. Enumerable.Repeat(1f, 48), .. Enumerable.Repeat(0.25f, 16)];

        var seen = Picture.Over(rgba, camera, map);

        // The middle of the upper left pixel of four: 3/4 of the half extent up and to the left.
        var behind = 2 + (0.75 / Math.Sqrt(1 + (2 * 0.75 * 0.75)));
        Assert.Equal(0.25 + (0.75 * behind), seen[0], 1e-3);
        Assert.All(seen[48..], alpha => Assert.Equal(1, alpha));
    }
}
