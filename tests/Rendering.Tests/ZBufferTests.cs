using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class ZBufferTests
{
    [Fact]
    public void Draw_MatchesBruteForceRayTests()
    {
        // A hundred random triangles; each pixel's ray meets each triangle's plane in camera space, in doubles.
        var random = new Random(5);
        const int size = 24;
        var camera = CameraRig.At(40, 15);
        var points = Enumerable.Range(0, 900).Select(_ => random.NextDouble() * 0.9 - 0.45).ToArray();
        var faces = Enumerable.Range(0, 300).ToArray();
        var clip = Clip(camera, points);

        var buffer = ZBuffer.Draw(clip, 1, faces, size, size);

        var differing = 0;
        for (var pixel = 0; pixel < size * size; pixel++)
        {
            var nearest = NearestTriangle(camera, points, pixel % size + 0.5, pixel / size + 0.5, size);
            differing += nearest == buffer.Triangles[pixel] ? 0 : 1;
        }

        // Clip coordinates are rounded to float; a pixel may change hands only where an edge or a tie is that close.
        Assert.True(differing <= 1, $"{differing} of {size * size} pixels differ.");
        Assert.True(buffer.Triangles.Count(t => t >= 0) > size * size / 2);
    }

    [Fact]
    public void Draw_FourPixelsAtATimeAndInTensors_IsTheSameBitForBit()
    {
        // Large and small triangles, some behind the eye, some through pixel centres; widths that are no multiple of four.
        var random = new Random(7);
        var clip = Enumerable.Range(0, 400).SelectMany(_ => new[] { Coordinate(), Coordinate(), Coordinate(), (float)random.NextDouble() * 2 - 0.3f }).ToArray();
        var faces = Enumerable.Range(0, 900).Select(_ => random.Next(400)).ToArray();

        foreach (var (height, width) in new[] { (33, 61), (16, 16), (5, 3), (1, 130) })
        {
            var (wide, narrow) = (ZBuffer.Draw(clip, 1, faces, height, width), ZBuffer.Draw(clip, 1, faces, height, width, wide: false));
            Assert.Equal(narrow.Triangles, wide.Triangles);
            Assert.Equal(narrow.Depths, wide.Depths);
            Assert.True(wide.Triangles.Distinct().Count() > 2);

            using var scope = NewDisposeScope();
            var tensors = TensorZBuffer.Draw(tensor(clip, [1, 400, 4]), tensor(faces, [300, 3]).to(ScalarType.Int64), height, width);
            Assert.Equal(narrow.Triangles, tensors.Triangles.cpu().data<long>().ToArray().Select(triangle => (int)triangle));
            Assert.Equal(narrow.Depths, tensors.Depths.cpu().data<float>().ToArray());
        }

        float Coordinate() => random.Next(4) == 0 ? random.Next(-4, 5) / 4f : (float)random.NextDouble() * 2 - 1;
    }

    [Fact]
    public void Draw_OnAnEdge_OwnsThePixelToItsRight_OrElseBelow()
    {
        // A square from centre to centre of 8 x 8 pixels, columns and rows 2 to 5: its right and lower edges belong to the neighbours.
        float[] clip = [Place(2), -Place(2), 0, 1, Place(5), -Place(2), 0, 1, Place(5), -Place(5), 0, 1, Place(2), -Place(5), 0, 1];

        foreach (var wide in new[] { true, false })
        {
            var buffer = ZBuffer.Draw(clip, 1, [0, 1, 2, 0, 2, 3], 8, 8, wide);
            var covered = Enumerable.Range(0, 64).Where(pixel => buffer.Triangles[pixel] >= 0);
            Assert.Equal([18, 19, 20, 26, 27, 28, 34, 35, 36], covered);
        }
    }

    [Fact]
    public void Draw_WithManyEdgesThroughCentres_IsTheSameInTensors()
    {
        var random = new Random(8);
        var clip = Enumerable.Range(0, 200).SelectMany(_ => new[] { Place(random.Next(8)), Place(random.Next(8)), random.Next(5) / 5f, 1 }).ToArray();
        var faces = Enumerable.Range(0, 450).Select(_ => random.Next(200)).ToArray();
        using var scope = NewDisposeScope();

        var tensors = TensorZBuffer.Draw(tensor(clip, [1, 200, 4]), tensor(faces, [150, 3]).to(ScalarType.Int64), 8, 8);

        Assert.Equal(ZBuffer.Draw(clip, 1, faces, 8, 8).Triangles, tensors.Triangles.cpu().data<long>().ToArray().Select(triangle => (int)triangle));
    }

    // The clip coordinate of the centre of one of 8 columns; exact.
    private static float Place(int column) => (((2 * column) + 1) / 8f) - 1;

    [Fact]
    public void Draw_DrawsEachViewOnItsOwn()
    {
        var random = new Random(6);
        var points = Enumerable.Range(0, 90).Select(_ => random.NextDouble() * 0.9 - 0.45).ToArray();
        var faces = Enumerable.Range(0, 30).ToArray();
        float[][] clips = [Clip(CameraRig.At(0, 0), points), Clip(CameraRig.At(100, 40), points)];

        var both = ZBuffer.Draw([.. clips[0], .. clips[1]], 2, faces, 16, 20);

        Assert.Equal(ZBuffer.Draw(clips[0], 1, faces, 16, 20).Triangles, both.Triangles[..320]);
        Assert.Equal(ZBuffer.Draw(clips[1], 1, faces, 16, 20).Triangles, both.Triangles[320..]);
    }

    [Fact]
    public void Draw_TiesGoToTheLowerTriangle_AndEmptyPixelsAreMarked()
    {
        float[] clip = [-1, -1, 0, 1, 0, -1, 0, 1, -1, 0, 0, 1];

        var buffer = ZBuffer.Draw(clip, 1, [0, 1, 2, 0, 1, 2], 4, 4);

        Assert.Equal(0, buffer.Triangles[12]);      // bottom left
        Assert.Equal(-1, buffer.Triangles[3]);      // top right
        Assert.Equal(float.PositiveInfinity, buffer.Depths[3]);
        Assert.DoesNotContain(1, buffer.Triangles);
    }

    [Fact]
    public void Centre_OfTheFirstPixel_LiesHalfAPixelFromTheCorner() =>
        Assert.Equal((1.0 / 8 - 1, 1 - 1.0 / 12), ZBuffer.Draw(new float[12], 1, [0, 1, 2], 12, 8).Centre(0, 0));

    internal static float[] Clip(Camera camera, double[] points)
    {
        var m = camera.WorldToClip();
        var clip = new float[points.Length / 3 * 4];
        for (var i = 0; i < clip.Length; i++)
        {
            var (p, row) = (i / 4 * 3, i % 4 * 4);
            clip[i] = (float)(m[row] * points[p] + m[row + 1] * points[p + 1] + m[row + 2] * points[p + 2] + m[row + 3]);
        }

        return clip;
    }

    // Moeller and Trumbore's test for every triangle.
    private static int NearestTriangle(Camera camera, double[] points, double column, double row, int size)
    {
        var (eye, ray) = (camera.Position(), camera.RayDirection(column, row, size));
        var (nearest, best) = (-1, double.PositiveInfinity);
        for (var t = 0; t < points.Length / 9; t++)
        {
            double[] a = points[(9 * t)..(9 * t + 3)], b = points[(9 * t + 3)..(9 * t + 6)], c = points[(9 * t + 6)..(9 * t + 9)];
            var (e1, e2, s) = (Minus(b, a), Minus(c, a), Minus(eye, a));
            var p = Cross(ray, e2);
            var q = Cross(s, e1);
            var det = Dot(e1, p);
            var (u, v, distance) = (Dot(s, p) / det, Dot(ray, q) / det, Dot(e2, q) / det);
            if (u >= 0 && v >= 0 && u + v <= 1 && distance > 0 && distance < best)
            {
                (nearest, best) = (t, distance);
            }
        }

        return nearest;
    }

    private static double[] Minus(double[] a, double[] b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

    private static double[] Cross(double[] a, double[] b) =>
        [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

    private static double Dot(double[] a, double[] b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
