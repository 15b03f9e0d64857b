namespace Realiz3D.Mesh.Rendering.Tests;

public sealed class FragmentBufferTests
{
    [Fact]
    public void OfView_Sphere_MatchesTheRaySphereTest()
    {
        var camera = CameraRig.At(40, 15);
        var buffer = FragmentBuffer.OfView(TestMeshes.Sphere(0.4, 6), camera, 64);

        var eye = camera.Position();
        var differing = 0;
        for (var i = 0; i < 64 * 64; i++)
        {
            var ray = camera.RayDirection((i % 64) + 0.5, (i / 64) + 0.5, 64);
            var along = -((eye[0] * ray[0]) + (eye[1] * ray[1]) + (eye[2] * ray[2]));
            var inside = (along * along) - (camera.Radius * camera.Radius) + (0.4 * 0.4);
            differing += inside > 0 != buffer.Face[i] >= 0 ? 1 : 0;
            if (inside > 0.02)
            {
                // The distance along the view axis is the ray's length times its cosine with the axis.
                var (_, _, back) = camera.Axes();
                var cosine = -((back[0] * ray[0]) + (back[1] * ray[1]) + (back[2] * ray[2]));
                Assert.Equal((along - Math.Sqrt(inside)) * cosine, buffer.Depth[i], 2e-3);
            }
        }

        Assert.True(differing <= 4, $"{differing} pixels differ."); // the mesh is a little smaller than the sphere
    }

    [Fact]
    public void Visit_SharedEdges_BelongToExactlyOneTriangle()
    {
        // A fan round a pixel centre, with edges through many more.
        var corners = new[] { (0.5, 0.5), (15.5, 0.5), (15.5, 15.5), (0.5, 15.5) }.Select(c => new PixelVertex(c.Item1, c.Item2, 1)).ToArray();
        var middle = new PixelVertex(7.5 * 2, 7.5 * 2, 2);
        var counts = new int[16 * 16];
        for (var i = 0; i < 4; i++)
        {
            var counter = new Counter(counts);
            if (i % 2 == 0)
            {
                TriangleScan.Visit(corners[i], corners[(i + 1) % 4], middle, 16, ref counter);
            }
            else
            {
                TriangleScan.Visit(corners[(i + 1) % 4], corners[i], middle, 16, ref counter); // the other way round
            }
        }

        for (var i = 0; i < counts.Length; i++)
        {
            var (x, y) = (i % 16, i / 16);
            if (x is > 0 and < 15 && y is > 0 and < 15)
            {
                Assert.Equal(1, counts[i]);
            }
        }
    }

    [Fact]
    public void Visit_WeightsReproduceThePlaceInSpace()
    {
        // Corner i at depth W_i: any weight (u, v) must bring back X, Y and W of the pixel's centre.
        var (a, b, c) = (new PixelVertex(2, 3, 1), new PixelVertex(60, 9, 4), new PixelVertex(14, 30, 2));
        var check = new Reproduces(a, b, c);
        TriangleScan.Visit(a, b, c, 16, ref check);
        Assert.True(check.Seen > 20);
    }

    private readonly struct Counter(int[] counts) : IFragmentVisitor
    {
        public void Visit(int pixel, double u, double v, double depth) => counts[pixel]++;
    }

    private struct Reproduces(PixelVertex a, PixelVertex b, PixelVertex c) : IFragmentVisitor
    {
        public int Seen { get; private set; }

        public void Visit(int pixel, double u, double v, double depth)
        {
            var w = 1 - u - v;
            Assert.Equal((u * a.W) + (v * b.W) + (w * c.W), depth, 1e-12);
            Assert.Equal((pixel % 16) + 0.5, ((u * a.X) + (v * b.X) + (w * c.X)) / depth, 1e-9);
            Assert.Equal((pixel / 16) + 0.5, ((u * a.Y) + (v * b.Y) + (w * c.Y)) / depth, 1e-9);
            Seen++;
        }
    }
}
