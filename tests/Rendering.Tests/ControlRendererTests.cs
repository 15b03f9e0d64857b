using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering.Tests;

/// <summary>Controls of a ball and a box against closed forms.</summary>
public sealed class ControlRendererTests
{
    private const double Radius = 0.4;

    // 8192 faces with their corners and normals on the ball.
    private static readonly TriangleMesh s_ball = TestMeshes.Sphere(Radius, 5) is var ball
        ? ball with { Normals = Array.ConvertAll(ball.Positions, x => (float)(x / Radius)) } : ball;

    // How far inside the ball the middles of faces lie.
    private static readonly double s_sagitta = Radius - s_ball.Indices.Chunk(3).Min(face =>
    {
        var (a, b, c) = (s_ball.Position(face[0]), s_ball.Position(face[1]), s_ball.Position(face[2]));
        return Vector3.Dot(a, Vector3.Normalize(Vector3.Cross(b - a, c - a)));
    });

    [Fact]
    public void Ball_AtTheCentrePixel_HasItsDepthAndItsNormal()
    {
        var camera = new Camera(40, 25, 2, 35);

        var set = Draw(s_ball, [camera], 65);

        const int centre = (32 * 65) + 32;
        Assert.InRange(set.Depth[centre], 2 - Radius - 1e-6, 2 - Radius + s_sagitta + 1e-6);
        var back = camera.Axes().Back;
        Assert.All(Enumerable.Range(0, 3), c => Assert.Equal(back[c], set.Normals[(c * 65 * 65) + centre], 1e-3));
        Assert.All(Enumerable.Range(0, 3), c => Assert.Equal(back[c], set.Positions[(c * 65 * 65) + centre], 2e-3)); // the box is the ball's
    }

    [Fact]
    public void Ball_CoversTheDiscOfItsTangentCone()
    {
        const int size = 255;
        var camera = CameraRig.At(10, 80);

        var set = Draw(s_ball, [camera], size);

        var rim = Math.Tan(Math.Asin(Radius / camera.Radius)) / camera.HalfExtent * size / 2; // pixels
        Assert.Equal(1, set.Mask.Sum(m => m) / (Math.PI * rim * rim), 0.004);
    }

    [Fact]
    public void Ball_EveryPixel_LiesOnItsRay_AndOnTheBall()
    {
        const int size = 48;
        Camera[] cameras = [CameraRig.At(75, -10), new Camera(200, 60, 1.2, 60)];

        var set = Draw(s_ball, cameras, size);

        for (var i = 0; i < set.Mask.Length; i++)
        {
            if (set.Mask[i] == 0)
            {
                continue;
            }

            var (view, pixel) = (i / (size * size), i % (size * size));
            var p = Enumerable.Range(0, 3).Select(c => set.Positions[(((3 * view) + c) * size * size) + pixel] / set.Frame.Scale).ToArray();
            var n = Enumerable.Range(0, 3).Select(c => (double)set.Normals[(((3 * view) + c) * size * size) + pixel]).ToArray();
            var (column, row, depth) = cameras[view].Project(p[0], p[1], p[2], size);
            Assert.Equal((pixel % size) + 0.5, column, 1e-3);
            Assert.Equal((pixel / size) + 0.5, row, 1e-3);
            Assert.Equal(depth, set.Depth[i], 1e-5);
            var length = Math.Sqrt(p.Sum(x => x * x));
            Assert.InRange(length, Radius - s_sagitta - 1e-6, Radius + 1e-6);
            Assert.True(p.Zip(n, (a, b) => a * b).Sum() / length > 0.999999, $"normal of pixel {i}");
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0f)]
    [InlineData(float.NaN)]
    public void Box_FromTheFront_IsExact_WhateverNormalsTheFileHas(float? component)
    {
        const int size = 33;
        var box = Box() with { Normals = component is { } number ? [.. Enumerable.Repeat(number, 24)] : null };
        var set = Draw(box, [new Camera(0, 0, 2, 40)], size);

        // The front lies 1.75 away and is 0.5 wide: a pixel centre sees it where |x| 1.75 tan(20) <= 0.25.
        for (var i = 0; i < size * size; i++)
        {
            var (x, y) = ((2 * ((i % size) + 0.5) / size) - 1, (2 * ((i / size) + 0.5) / size) - 1);
            var seen = Math.Max(Math.Abs(x), Math.Abs(y)) * 1.75 * Math.Tan(Math.PI / 9) <= 0.25;
            Assert.Equal(seen ? 1 : 0, set.Mask[i]);
            Assert.Equal(seen ? 1.75 : 0, set.Depth[i], 1e-6);
            Assert.Equal(seen ? [0, 0, 1] : [0, 0, 0], At(set.Normals, i, size));
            Assert.Equal(seen ? 1 : 0, set.Positions[(2 * size * size) + i], 1e-6);
            Assert.Equal(seen ? 1 : 0, set.InverseDepth[i]);    // all of it is nearest
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Box_OnItsEdge_HasTwoNormals_InTheAxesAskedFor(bool ofCamera)
    {
        const int size = 32;
        foreach (var box in new[] { Box(), Box() with { Indices = [.. Box().Indices.Reverse()] } }) // inside out looks the same
        {
            var set = Draw(box, [new Camera(45, 0, 2, 40)], size, ofCamera);

            var half = (float)Math.Sqrt(0.5);
            var middle = size * size / 2;
            float[] left = ofCamera ? [-half, 0, half] : [0, 0, 1];
            float[] right = ofCamera ? [half, 0, half] : [1, 0, 0];
            Assert.All(left.Zip(At(set.Normals, middle + (size / 2) - 3, size)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
            Assert.All(right.Zip(At(set.Normals, middle + (size / 2) + 2, size)), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void InverseDepth_RunsFromFarthestToNearest_OfAllViewsOrEach(bool separate)
    {
        const int size = 24;
        var (mesh, cameras) = (TestMeshes.Torus(0.3, 0.1, 32, 16), new[] { CameraRig.At(0, 20), new Camera(0, 20, 3, 30) });
        var renderer = new ControlRenderer(mesh, cameras, size, cameraNormals: false, separate);
        renderer.Draw(0);
        renderer.Draw(1);

        var set = renderer.Finish();

        for (var view = 0; view < 2; view++)
        {
            var pixels = separate ? (view * size * size)..((view + 1) * size * size) : ..(2 * size * size);
            var seen = set.Depth[pixels].Where(depth => depth > 0).ToArray();
            var (near, far) = ((double)seen.Min(), (double)seen.Max());
            for (var i = view * size * size; i < (view + 1) * size * size; i++)
            {
                var expected = set.Mask[i] == 0 ? 0 : ((1 / (double)set.Depth[i]) - (1 / far)) / ((1 / near) - (1 / far));
                Assert.Equal(expected, set.InverseDepth[i], 1e-6);
            }
        }
    }

    [Fact]
    public void MeshFarFromTheOrigin_OrBehindTheEye_IsNotSeen()
    {
        var moved = Box() with { Positions = Array.ConvertAll(Box().Positions, x => x + 50) };
        var renderer = new ControlRenderer(moved, [new Camera(225, -35.264, 2, 1), new Camera(45, 35.264, 2, 170)], 33, false, false);

        Assert.Equal(0, renderer.Draw(1)); // it stands behind this one
        Assert.InRange(renderer.Draw(0), 0.05, 0.5);
        Assert.All(renderer.Finish().Positions, x => Assert.InRange(x, -1, 1));
    }

    private static TriangleMesh Box()
    {
        float[] positions = [.. Enumerable.Range(0, 24).Select(i => ((i / 3) >> (i % 3) & 1) == 0 ? -0.25f : 0.25f)];
        return new TriangleMesh(
            positions,
            [0, 2, 3, 0, 3, 1, 4, 5, 7, 4, 7, 6, 0, 1, 5, 0, 5, 4, 2, 6, 7, 2, 7, 3, 0, 4, 6, 0, 6, 2, 1, 3, 7, 1, 7, 5]);
    }

    private static ControlSet Draw(TriangleMesh mesh, Camera[] cameras, int size, bool cameraNormals = false)
    {
        var renderer = new ControlRenderer(mesh, cameras, size, cameraNormals, separateRanges: false);
        for (var view = 0; view < cameras.Length; view++)
        {
            renderer.Draw(view);
        }

        return renderer.Finish();
    }

    private static float[] At(float[] values, int pixel, int size) => [values[pixel], values[(size * size) + pixel], values[(2 * size * size) + pixel]];
}
