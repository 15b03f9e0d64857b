using Realiz3D.Mesh.Fields;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Shaping;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Geometry.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class MaskNormalFitTests
{
    private const double RingRadius = 0.31;
    private const double TubeRadius = 0.14;

    private static readonly Camera[] s_cameras = [.. Enumerable.Range(0, 8).Select(k => CameraRig.At(45 * k, k % 2 == 0 ? 20 : 50))];

    [Theory]
    [InlineData("MarchingTetrahedra")]
    [InlineData("FlexiCubes")]
    public void Sphere_BecomesATorus(string surface)
    {
        var config = new MaskNormalFitConfig { Surface = Enum.Parse<SurfaceKind>(surface), Cells = 20, Steps = 60, CarveShare = 0.35, RedistanceEvery = 5 };
        using var targets = new MaskNormalTargets(MaskNormalViews.Of(Torus(), s_cameras, 64), TestDevice.Here);
        using var fit = new MaskNormalFit(targets, config);
        var before = Inspect(fit.Extract());

        for (var step = 0; step < config.Steps; step++)
        {
            fit.Step(step);
        }

        var mesh = fit.Extract();
        var after = Inspect(mesh);
        Assert.Equal((0, 1), (before.Genus, before.ComponentCount));
        Assert.Equal((1, 1), (after.Genus, after.ComponentCount));
        Assert.True(after.Closed && after.Manifold && after.DegenerateFaceCount == 0);
        Assert.Equal(1, after.SignedVolume / (2 * Math.PI * Math.PI * RingRadius * TubeRadius * TubeRadius), 0.05);

        // Distances to the torus, closed form: a tenth of a cell on average, a fifth of a pixel.
        Assert.InRange(mesh.Positions.Chunk(3).Average(OffTorus), 0, 0.1 * config.Cell);
    }

    [Fact]
    public void Redistance_RestoresTheSlope_AndLeavesTheSurface()
    {
        var config = new MaskNormalFitConfig { Cells = 24, Radius = 0.35 };
        using var extractor = new TetrahedralExtractor(BccGrid.Create(config.Cells, config.Half));
        using var coarse = new MultiScaleVolume(1, config.Resolutions, config.Half, TestDevice.Here);
        using var field = new LevelSetField(extractor, coarse, config);
        using var scope = NewDisposeScope();
        using (no_grad())
        {
            field.Detail.add_(field.Values() * 4);      // five times too steep
        }

        field.Redistance();

        var values = field.Values().cpu().data<float>().ToArray();
        var band = config.Band * config.Cell;
        for (var i = 0; i < values.Length; i++)
        {
            var truth = Length(extractor.Positions.AsSpan(3 * i, 3)) - config.Radius;
            if (Math.Abs(truth) < config.Cell)
            {
                // The surface's own facets cut h^2 / 8 r off the sphere.
                Assert.Equal(truth, values[i], 0.05 * config.Cell);
            }
            else if (Math.Abs(truth) > 1.1 * band)
            {
                Assert.Equal(Math.CopySign(band, truth), values[i], 1e-5);
            }
        }
    }

    [Fact]
    public void Views_OfABall_AreItsDiscAndItsNormals()
    {
        const double R = 0.3;
        const int Size = 48;
        using var scope = NewDisposeScope();
        var grid = BccGrid.Create(40, 0.5);
        float[] values = [.. grid.Positions.Chunk(3).Select(p => (float)(Length(p) - R))];
        var topology = MarchingTopology.Of(grid, values);
        var vertices = MarchingTetrahedra.Vertices(topology, tensor(values), tensor(grid.Positions, [grid.VertexCount, 3]));
        var ball = new TriangleMesh(vertices.cpu().data<float>().ToArray(), topology.Faces);

        var views = MaskNormalViews.Of(ball, s_cameras[..2], Size);

        // Seen from d, a ball of radius r covers a disc of radius r / sqrt(d^2 - r^2) at distance 1.
        var disc = R / Math.Sqrt((CameraRig.Radius * CameraRig.Radius) - (R * R)) * Size / 2 / s_cameras[0].HalfExtent;
        for (var view = 0; view < 2; view++)
        {
            var pixels = Size * Size;
            Assert.Equal(1, views.Coverage.AsSpan(view * pixels, pixels).ToArray().Sum() / (Math.PI * disc * disc), 0.01);

            // The four pixels round the middle: their mean normal looks at the eye.
            var eye = s_cameras[view].Position();
            for (var axis = 0; axis < 3; axis++)
            {
                var at = (((3 * view) + axis) * pixels) + (Size / 2 * Size) + (Size / 2);
                int[] middle = [at, at - 1, at - Size, at - Size - 1];
                Assert.Equal(eye[axis] / CameraRig.Radius, middle.Average(pixel => views.Normals[pixel]), 0.01);
            }
        }
    }

    [Fact]
    public void Fit_OfEmptyMasks_SaysSo()
    {
        using var targets = new MaskNormalTargets(new MaskNormalViews(s_cameras, 16, new float[8 * 256], new float[24 * 256]), TestDevice.Here);
        using var fit = new MaskNormalFit(targets, new MaskNormalFitConfig { Cells = 8 });

        Assert.Contains("no common shape", Assert.Throws<EmptyShapeException>(() => fit.Step(0)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fit_LeavesNoTensorsAlive()
    {
        var views = MaskNormalViews.Of(Torus(), s_cameras, 16);
        void Fit(SurfaceKind surface)
        {
            using var targets = new MaskNormalTargets(views, TestDevice.Here);
            using var fit = new MaskNormalFit(targets, new MaskNormalFitConfig { Surface = surface, Cells = 8, Steps = 3, RedistanceEvery = 1 });
            fit.Step(0);
            fit.Step(1);
            fit.Extract();
        }

        foreach (var surface in Enum.GetValues<SurfaceKind>())
        {
            using var scope = NewDisposeScope();
            var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            Fit(surface);
            Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
    }

    private static TriangleMesh Torus()
    {
        const int N = 64;
        var (positions, indices) = (new List<float>(), new List<int>());
        for (var i = 0; i < N * N; i++)
        {
            var (u, v) = (2 * Math.PI * (i / N) / N, 2 * Math.PI * (i % N) / N);
            var across = RingRadius + (TubeRadius * Math.Cos(v));
            positions.AddRange([(float)(across * Math.Cos(u)), (float)(TubeRadius * Math.Sin(v)), (float)(-across * Math.Sin(u))]);
            var (row, nextRow, nextColumn) = (i / N * N, ((i / N) + 1) % N * N, ((i % N) + 1) % N);
            indices.AddRange([i, nextRow + (i % N), nextRow + nextColumn, i, nextRow + nextColumn, row + nextColumn]);
        }

        return new TriangleMesh([.. positions], [.. indices]);
    }

    private static double OffTorus(float[] p)
    {
        var ring = Math.Sqrt((p[0] * p[0]) + (p[2] * p[2])) - RingRadius;
        return Math.Abs(Math.Sqrt((ring * ring) + (p[1] * p[1])) - TubeRadius);
    }

    private static double Length(ReadOnlySpan<float> p) => Math.Sqrt((p[0] * p[0]) + (p[1] * p[1]) + (p[2] * p[2]));

    private static MeshInspection Inspect(TriangleMesh mesh) => MeshInspection.Of(mesh, weld: false);
}
