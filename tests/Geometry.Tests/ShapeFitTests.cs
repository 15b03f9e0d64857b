using System.Numerics;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Scenes;
using Realiz3D.Mesh.Shaping;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Geometry.Tests;

public sealed class ShapeFitTests
{
    [Theory]
    [InlineData(0.4, 0.4, 0.4)]
    [InlineData(0.25, 0.42, 0.33)]
    public void Ellipsoid_HasItsSilhouettesAndItsVolume(double x, double y, double z)
    {
        var views = EllipsoidViews.Render((x, y, z), CameraRig.Zero123PlusV12);

        var (mesh, fitted) = Fit(views, new ShapeFitConfig { Cells = 28, CoarseSteps = 16, FineSteps = 8 });

        var check = MeshInspection.Of(mesh, weld: false);
        Assert.True(check.Closed && check.Manifold && check.WindingConsistent);
        Assert.Equal((1, 2, 0), (check.ComponentCount, check.EulerCharacteristic, check.DegenerateFaceCount));
        Assert.Equal(1, check.SignedVolume / (4.0 / 3 * Math.PI * x * y * z), 0.04);
        Assert.All(fitted, iou => Assert.InRange(iou, 0.97, 1));
        Assert.All(Ious(mesh, EllipsoidViews.Render((x, y, z), SceneFidelity.HeldOut)), iou => Assert.InRange(iou, 0.95, 1));
    }

    [Theory]
    [InlineData(SceneCategory.Bottle, 7)]
    [InlineData(SceneCategory.Chair, 7)]
    [InlineData(SceneCategory.Car, 11)]     // its hull has a wing beside the window, which no mask denies but its colour does
    public void Scene_IsCoveredAtTheSixCamerasAndAtFourOthers(SceneCategory category, ulong seed)
    {
        var scene = SceneObject.FromSeed(seed, category);

        var (mesh, fitted) = Fit(SceneFidelity.Render(scene, CameraRig.Zero123PlusV12), new ShapeFitConfig());

        Assert.All(fitted, iou => Assert.InRange(iou, 0.90, 1));
        Assert.InRange(fitted.Average(), 0.97, 1);
        Assert.InRange(Ious(mesh, SceneFidelity.Render(scene, SceneFidelity.HeldOut)).Average(), 0.93, 1);
        var check = MeshInspection.Of(mesh, weld: false);
        Assert.True(check.Closed && check.Manifold && check.DegenerateFaceCount == 0);
    }

    [Fact]
    public void Fit_LowersBothErrors_AndImprovesTheSilhouettes()
    {
        var shaky = Shaky(EllipsoidViews.Render((0.3, 0.4, 0.3), CameraRig.Zero123PlusV12, 48));
        using var targets = new FitTargets(shaky, TestDevice.Here);
        using var fit = new ShapeFit(targets, new ShapeFitConfig { CoarseCells = 24, CoarseSteps = 40 });
        var before = Ious(fit.Extract(), shaky).Average();
        var first = fit.Step(0);
        for (var step = 1; step < 20; step++)
        {
            fit.Step(step);
        }

        var last = fit.Step(0);
        Assert.True(last.Mask < 0.7 * first.Mask, $"Masks: {first.Mask} to {last.Mask}.");
        Assert.True(last.Colour < 0.7 * first.Colour, $"Colours: {first.Colour} to {last.Colour}.");
        Assert.True(Ious(fit.Extract(), shaky).Average() > before + 0.01);
    }

    [Fact]
    public void PaintedViews_GetASmootherSurface_ThatKeepsTheirSilhouettes()
    {
        var shaky = Shaky(EllipsoidViews.Render((0.3, 0.4, 0.3), CameraRig.Zero123PlusV12, 48));
        var config = new ShapeFitConfig { Cells = 28, CoarseSteps = 10, FineSteps = 30 };

        var (rough, _) = Fit(shaky, config);
        var (smooth, ious) = Fit(shaky, config.ForPaintedViews());

        Assert.InRange(MeanEdgeAngle(smooth), 0, 0.7 * MeanEdgeAngle(rough));
        Assert.InRange(ious.Average(), 0.95, 1);
    }

    [Fact]
    public void Ious_OfASmallerBall_AreTheRatioOfTheDiscs()
    {
        // Seen from 1.866, a ball of radius r covers a disc of radius r / sqrt(d^2 - r^2) at distance 1.
        var (mesh, _) = Fit(EllipsoidViews.Render((0.3, 0.3, 0.3), CameraRig.Zero123PlusV12), new ShapeFitConfig { Cells = 28, CoarseSteps = 10, FineSteps = 4 });
        double Disc(double r) => r * r / (CameraRig.Radius * CameraRig.Radius - r * r);

        var ious = Ious(mesh, EllipsoidViews.Render((0.4, 0.4, 0.4), SceneFidelity.HeldOut));

        Assert.All(ious, iou => Assert.Equal(Disc(0.3) / Disc(0.4), iou, 0.03));
    }

    [Fact]
    public void Fit_OfEmptyMasks_SaysSo()
    {
        var views = EllipsoidViews.Render((0.3, 0.3, 0.3), CameraRig.Zero123PlusV12, 16);
        using var targets = new FitTargets(views with { Rgba = new float[views.Rgba.Length] }, TestDevice.Here);
        using var fit = new ShapeFit(targets, new ShapeFitConfig { CoarseCells = 8 });

        Assert.Contains("no common shape", Assert.Throws<EmptyShapeException>(() => fit.Step(0)).Message);
    }

    [Fact]
    public void Fit_LeavesNoTensorsAlive()
    {
        var views = EllipsoidViews.Render((0.3, 0.3, 0.3), CameraRig.Zero123PlusV12, 16);
        var config = new ShapeFitConfig { CoarseCells = 8, Cells = 12, CoarseSteps = 1, FineSteps = 2 };
        Fit(views, config);
        using var scope = NewDisposeScope();
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        Fit(views, config);

        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>Masks whose outlines are off by a pixel, each view its own way, as painted ones are.</summary>
    private static ViewSet Shaky(ViewSet views)
    {
        var (side, shifted) = (views.Size, (float[])views.Rgba.Clone());
        for (var v = 0; v < views.Count; v++)
        {
            for (var i = 0; i < side * (side - 1); i++)
            {
                var (from, to) = (v % 2 == 0 ? i : i + side, v % 2 == 0 ? i + side : i);
                shifted[(4 * v + 3) * side * side + to] = views.Rgba[(4 * v + 3) * side * side + from];
            }
        }

        return views with { Rgba = shifted };
    }

    /// <summary>Mean angle between the normals of faces that share an edge, degrees: 0 for a plane.</summary>
    private static double MeanEdgeAngle(TriangleMesh mesh)
    {
        Vector3 At(int vertex) => new(mesh.Positions.AsSpan(3 * vertex, 3));
        var first = new Dictionary<(int, int), Vector3>();
        var angles = new List<double>();
        foreach (var face in mesh.Indices.Chunk(3))
        {
            var normal = Vector3.Normalize(Vector3.Cross(At(face[1]) - At(face[0]), At(face[2]) - At(face[0])));
            for (var k = 0; k < 3; k++)
            {
                var (a, b) = (face[k], face[(k + 1) % 3]);
                if (first.Remove((b, a), out var other))
                {
                    angles.Add(double.RadiansToDegrees(Math.Acos(Math.Clamp(Vector3.Dot(normal, other), -1, 1))));
                }
                else
                {
                    first[(a, b)] = normal;
                }
            }
        }

        return angles.Average();
    }

    internal static (TriangleMesh Mesh, double[] Ious) Fit(ViewSet views, ShapeFitConfig config)
    {
        using var targets = new FitTargets(views, TestDevice.Here);
        using var fit = new ShapeFit(targets, config);
        for (var step = 0; step < config.Steps; step++)
        {
            fit.Step(step);
        }

        var mesh = fit.Extract();
        return (mesh, Ious(mesh, views));
    }

    internal static double[] Ious(TriangleMesh mesh, ViewSet views) => Silhouettes.Ious(new AssetRenderer(mesh, null), views);
}
