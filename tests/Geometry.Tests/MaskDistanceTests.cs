using Realiz3D.Mesh.Shaping;

namespace Realiz3D.Mesh.Geometry.Tests;

public sealed class MaskDistanceTests
{
    [Fact]
    public void At_MatchesTheDistanceToADisc()
    {
        const int size = 32;
        var mask = new MaskDistance(Coverage(size, (x, y) => Distance(x, y, 15.3, 17.1) < 9), size);

        for (var i = 0; i < 400; i++)
        {
            var (x, y) = (1 + 1.5 * (i % 20), 1 + 1.5 * (i / 20));
            var exact = Distance(x, y, 15.3, 17.1) - 9;

            // Near the centre the nearest of many outline points is taken; a quarter pixel is the sampling of the outline.
            Assert.Equal(exact, mask.At(x, y), 0.35);
        }
    }

    [Fact]
    public void At_MatchesBruteForceOnAnIrregularMask()
    {
        const int size = 16;
        var random = new Random(3);
        var alpha = new float[size * size];
        for (var i = 0; i < 12; i++)
        {
            alpha[random.Next(alpha.Length)] = 1;
        }

        var mask = new MaskDistance(alpha, size);

        // Single full pixels: the enlarged alpha passes 1/2 half a pixel from the pixel's centre along its axes, so the
        // distance to the outline is at most, and nearly, that to the nearest full pixel's centre less a half.
        for (var pixel = 0; pixel < alpha.Length; pixel++)
        {
            var (x, y) = (pixel % size + 0.5, pixel / size + 0.5);
            var nearest = Enumerable.Range(0, alpha.Length).Where(p => alpha[p] == 1)
                .Min(p => Distance(x, y, p % size + 0.5, p / size + 0.5));
            Assert.InRange(mask.At(x, y), nearest - 0.9, nearest + 0.1);
        }
    }

    [Fact]
    public void At_GrowsBeyondTheImage()
    {
        var mask = new MaskDistance(Coverage(16, (x, y) => x < 4), 16);

        Assert.Equal(mask.At(16, 8) + 10, mask.At(26, 8), 1e-9);
    }

    [Fact]
    public void HalfWidthAt_IsTheInscribedRadius()
    {
        // A band 6 pixels wide beside a disc of radius 10.
        var mask = new MaskDistance(Coverage(64, (x, y) => (x > 4 && x < 10) || Distance(x, y, 40, 32) < 10), 64);

        Assert.Equal(3, mask.HalfWidthAt(7, 30), 0.6);
        Assert.Equal(10, mask.HalfWidthAt(40, 32), 1.0);      // the middle of the disc is no pixel's centre
        Assert.Equal(10, mask.HalfWidthAt(47, 32), 1.0);
        Assert.Equal(0, mask.HalfWidthAt(60, 60));
    }

    internal static float[] Coverage(int size, Func<double, double, bool> inside)
    {
        var alpha = new float[size * size];
        for (var i = 0; i < 64 * alpha.Length; i++)
        {
            var (pixel, sample) = (i / 64, i % 64);
            var (x, y) = (pixel % size + (sample % 8 + 0.5) / 8, pixel / size + (sample / 8 + 0.5) / 8);
            alpha[pixel] += inside(x, y) ? 1 / 64f : 0;
        }

        return alpha;
    }

    private static double Distance(double x, double y, double cx, double cy) =>
        Math.Sqrt((x - cx) * (x - cx) + (y - cy) * (y - cy));
}
