using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Scenes.Objects;
using Realiz3D.Mesh.Scenes.Solids;
using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Scenes.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public class SceneRendererTests
{
    private static readonly SceneAttributes RedPlastic = new(SceneCategory.Bowl, SceneColour.Red, SceneMaterial.Plastic);

    [Fact]
    public void Render_OfASphere_MatchesTheClosedForm()
    {
        const int size = 48;
        const double radius = SceneObject.FittedRadius;
        var ball = new SceneObject(1, RedPlastic, "a ball", [Form.Main(new Ball(2))]);
        var camera = CameraRig.At(75, -10);
        using var scope = NewDisposeScope();
        using var render = SceneRenderer.Render(ball, [camera], size, TestDevice.Here);
        var (rgba, normals, positions, depth, mask) =
            (Values(render.Rgba), Values(render.Normals), Values(render.Positions), Values(render.Depth), Values(render.Mask));
        var (eye, albedo) = (camera.Position(), ColourTable.Albedo(SceneColour.Red));

        for (var i = 0; i < size * size; i++)
        {
            var (row, column) = (i / size, i % size);
            var hit = Sphere(camera, column + 0.5, row + 0.5, size, radius);
            var nearMiss = hit is null && Sphere(camera, column + 0.5, row + 0.5, size, radius + 2e-3) is not null;
            Assert.True(nearMiss || mask[i] == (hit is null ? 0 : 1), $"mask of pixel {i}");

            // A ray that passes within a tenth of a pixel may count as a hit, never one that passes inside.
            double[] samples = [0.25, 0.75];
            int Covered(double r) => samples.Sum(y => samples.Count(x => Sphere(camera, column + x, row + y, size, r) is not null));
            var covered = Covered(radius);
            Assert.InRange(rgba[3 * size * size + i], covered / 4f, Covered(radius + 2e-3) / 4f);

            if (hit is not { } t)
            {
                Assert.True(nearMiss || depth[i] == 0, $"depth of pixel {i}");
                continue;
            }

            // Grazing rays: an error of e in distance moves the hit by e / cos along the surface.
            var direction = camera.RayDirection(column + 0.5, row + 0.5, size);
            var point = Enumerable.Range(0, 3).Select(k => eye[k] + t * direction[k]).ToArray();
            var facing = -Enumerable.Range(0, 3).Sum(k => point[k] * direction[k]) / radius;
            if (facing < 0.15)
            {
                continue;
            }

            var tolerance = 2e-4 / facing;
            for (var k = 0; k < 3; k++)
            {
                Assert.Equal(point[k], positions[k * size * size + i], tolerance);
                Assert.Equal(point[k] / radius, normals[k * size * size + i], 3 * tolerance + 2e-3);
            }

            var (_, _, expectedDepth) = camera.Project(point[0], point[1], point[2], size);
            Assert.Equal(expectedDepth, depth[i], tolerance);
            if (covered == 4 && facing > 0.5)
            {
                var light = StudioLight.Irradiance(point[0] / radius, point[1] / radius, point[2] / radius);
                Assert.Equal(albedo.Red * light, rgba[i], 3e-3);
                Assert.Equal(albedo.Green * light, rgba[size * size + i], 3e-3);
                Assert.Equal(albedo.Blue * light, rgba[2 * size * size + i], 3e-3);
                Assert.Equal(1, rgba[3 * size * size + i]);
            }
        }
    }

    [Theory]
    [InlineData(SceneCategory.Chair, 3, 20)]
    [InlineData(SceneCategory.Mug, 8, -10)]
    [InlineData(SceneCategory.Airplane, 1, 20)]
    [InlineData(SceneCategory.Snowman, 2, 0)]
    [InlineData(SceneCategory.Bowl, 4, 80)]
    [InlineData(SceneCategory.Vase, 5, 60)]
    public void Render_MatchesABruteForceMarchInDouble(SceneCategory category, ulong seed, double elevation)
    {
        const int size = 24;
        var scene = SceneObject.FromSeed(seed, category);
        var camera = CameraRig.At(30, elevation);
        using var scope = NewDisposeScope();
        using var render = SceneRenderer.Render(scene, [camera], size, TestDevice.Here);
        var (depth, mask, normals) = (Values(render.Depth), Values(render.Mask), Values(render.Normals));
        var (hits, smooth) = (0, 0);

        for (var i = 0; i < size * size; i += 7)
        {
            var direction = camera.RayDirection(i % size + 0.5, i / size + 0.5, size);
            var (found, closest) = March(scene, camera, direction);
            if (found is not { } t)
            {
                Assert.True(mask[i] == 0 || closest < 2e-3, $"pixel {i} misses by {closest}");
                continue;
            }

            hits++;
            Assert.Equal(1, mask[i]);
            var eye = camera.Position();
            var point = new Vector3(eye[0] + t * direction[0], eye[1] + t * direction[1], eye[2] + t * direction[2]);
            var normal = Gradient(scene, point);
            var facing = -(normal.X * direction[0] + normal.Y * direction[1] + normal.Z * direction[2]);
            var (_, _, expected) = camera.Project(point.X, point.Y, point.Z, size);
            Assert.Equal(expected, depth[i], 3e-4 / Math.Max(0.1, facing));

            // The renderer's differences reach 5e-4 to all sides: where a crease is as near, normals are mixed.
            if (Field.Sphere(12, 1.5e-3).All(offset => (Gradient(scene, point + offset) - normal).Length < 0.02))
            {
                Assert.Equal(normal.X, normals[i], 0.03);
                Assert.Equal(normal.Y, normals[size * size + i], 0.03);
                Assert.Equal(normal.Z, normals[2 * size * size + i], 0.03);
                smooth++;
            }
        }

        Assert.True(hits > 5 && smooth > hits / 2, $"{hits} hits, {smooth} away from creases");
    }

    [Fact]
    public void Render_StaysInRange_AndBlankPixelsAreZero()
    {
        using var scope = NewDisposeScope();
        var scene = SceneObject.FromCaption("a white marble house", 3);
        using var render = SceneRenderer.Render(scene, CameraRig.Zero123PlusV12, 32, TestDevice.Here);
        var colour = render.Rgba.narrow(1, 0, 3);
        var alpha = render.Rgba.narrow(1, 3, 1);

        Assert.Equal([6L, 4, 32, 32], render.Rgba.shape);
        Assert.InRange(colour.max().item<float>(), 0.5f, 1f);
        Assert.Equal(0, colour.min().item<float>());
        Assert.Equal(0, (colour * alpha.eq(0).to(float32)).abs().sum().item<float>());
        Assert.All(Values(alpha), a => Assert.Contains(a, new[] { 0f, 0.25f, 0.5f, 0.75f, 1f }));
    }

    [Fact]
    public void Render_IsTheSameEveryTime_AndOneViewIsAsGoodAsSix()
    {
        using var scope = NewDisposeScope();
        var scene = SceneObject.FromSeed(21, SceneCategory.Rocket);
        using var a = SceneRenderer.Render(scene, CameraRig.Zero123PlusV12, 24, TestDevice.Here);
        using var b = SceneRenderer.Render(SceneObject.FromSeed(21, SceneCategory.Rocket), CameraRig.Zero123PlusV12, 24, TestDevice.Here);
        using var third = SceneRenderer.Render(scene, [CameraRig.Zero123PlusV12[2]], 24, TestDevice.Here);

        Assert.Equal(Values(a.Rgba), Values(b.Rgba));
        var expected = Values(a.Rgba).Skip(2 * 4 * 24 * 24).Take(4 * 24 * 24).ToArray();
        var actual = Values(third.Rgba);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Render_LeavesNoTemporariesAlive()
    {
        var scene = SceneObject.FromSeed(2);
        SceneRenderer.Render(scene, CameraRig.Zero123PlusV12, 16, TestDevice.Here).Dispose();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        var render = SceneRenderer.Render(scene, CameraRig.Zero123PlusV12, 16, TestDevice.Here);
        Assert.Equal(before + 6, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        render.Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Irradiance_OfTensors_MatchesTheFormula()
    {
        using var scope = NewDisposeScope();
        var normals = Field.Sphere(50, 1);
        var values = stack([
            tensor(normals.Select(n => n.X).ToArray()), tensor(normals.Select(n => n.Y).ToArray()), tensor(normals.Select(n => n.Z).ToArray())]);

        var light = StudioLight.Irradiance(values, 0);

        Assert.Equal([1L, 50], light.shape);
        Assert.All(normals.Zip(light.cpu().data<double>().ToArray()), pair =>
            Assert.Equal(StudioLight.Irradiance(pair.First.X, pair.First.Y, pair.First.Z), pair.Second, 1e-12));
    }

    private static float[] Values(Tensor t) => t.contiguous().cpu().data<float>().ToArray();

    private static double? Sphere(Camera camera, double column, double row, int size, double radius)
    {
        var (o, d) = (camera.Position(), camera.RayDirection(column, row, size));
        var middle = -(o[0] * d[0] + o[1] * d[1] + o[2] * d[2]);
        var chord = middle * middle - (o[0] * o[0] + o[1] * o[1] + o[2] * o[2]) + radius * radius;
        return chord < 0 ? null : middle - Math.Sqrt(chord);
    }

    // Steps of half a thousandth until the field turns negative, then bisection; and how near the ray came.
    private static (double? Distance, double Closest) March(SceneObject scene, Camera camera, double[] d)
    {
        var eye = camera.Position();
        Vector3 At(double t) => new(eye[0] + t * d[0], eye[1] + t * d[1], eye[2] + t * d[2]);
        var ts = Enumerable.Range(0, 2001).Select(i => camera.Radius - 0.5 + i * 5e-4).ToArray();
        var along = Field.At(scene, [.. ts.Select(At)]);
        var first = Array.FindIndex(along, value => value < 0);
        if (first < 0)
        {
            return (null, along.Min());
        }

        var (low, high) = (ts[first] - 5e-4, ts[first]);
        for (var i = 0; i < 40; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Field.At(scene, [At(middle)])[0] < 0 ? (low, middle) : (middle, high);
        }

        return (high, 0);
    }

    private static Vector3 Gradient(SceneObject scene, Vector3 p)
    {
        const double h = 1e-6;
        var d = Field.At(scene, [
            p + new Vector3(h, 0, 0), p - new Vector3(h, 0, 0), p + new Vector3(0, h, 0), p - new Vector3(0, h, 0),
            p + new Vector3(0, 0, h), p - new Vector3(0, 0, h)]);
        return new Vector3(d[0] - d[1], d[2] - d[3], d[4] - d[5]).Unit();
    }
}
