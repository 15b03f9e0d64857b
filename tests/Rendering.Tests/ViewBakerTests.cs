using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering.Tests;

public sealed class ViewBakerTests
{
    private static readonly ViewBakeConfig Small = new(256, DilationTexels: 4);

    private static double Studio(Vector3 n) => StudioLight.Irradiance(n.X, n.Y, n.Z);

    private static TriangleMesh Unwrapped { get; } = UvUnwrap.Unwrap(WithNormals(TestMeshes.Sphere(0.4, 5)), new UnwrapConfig(256, 4)).Mesh;

    [Fact]
    public void Bake_OneColour_DividesTheLightOutExactly()
    {
        var color = new Vector3(0.7f, 0.3f, 0.1f);
        var sphere = new PaintedSphere(0.4f, _ => color, Studio);

        var texture = ViewBaker.Bake(Unwrapped, sphere.Views(CameraRig.Zero123PlusV12, 64), Small);

        // Light changes by at most 0.36 / 0.4 per metre of surface; a pixel is 0.016 m, and 0.28 the darkest light.
        Assert.All(texture.Linear, found => Assert.True(Vector3.Distance(found, color) < 0.03, $"{found}"));
        Assert.True(texture.Coverage > 0.9, $"{texture.Coverage}");
    }

    [Fact]
    public void Bake_ColourField_ComesBackWhereItWasSeen()
    {
        var sphere = new PaintedSphere(0.4f, Waves, Studio);

        var texture = ViewBaker.Bake(Unwrapped, sphere.Views(CameraRig.Zero123PlusV12, 64), Small);

        AssertWaves(texture);
    }

    [Fact]
    public void Bake_ViewsWithoutLight_GiveTheirValuesBack()
    {
        var sphere = new PaintedSphere(0.4f, Waves, _ => 1);

        var texture = ViewBaker.Bake(Unwrapped, sphere.Views(CameraRig.Zero123PlusV12, 64), Small with { Lit = false });

        AssertWaves(texture);
    }

    [Fact]
    public void Bake_ThenRender_MatchesHeldOutViews()
    {
        var sphere = new PaintedSphere(0.4f, Waves, Studio);
        var renderer = new AssetRenderer(Unwrapped, ViewBaker.Bake(Unwrapped, sphere.Views(CameraRig.Zero123PlusV12, 64), Small));

        foreach (var camera in new[] { CameraRig.At(0, 0), CameraRig.At(75, 10), CameraRig.At(200, 30) })
        {
            var psnr = PsnrInside(renderer.Render(camera, 64), sphere.View(camera, 64));
            Assert.True(psnr > 32, $"{psnr:F1} dB at {camera}");
        }
    }

    [Fact]
    public void Bake_Corrections_UndoTheBlurOfEdges()
    {
        // Stripes of two and a half pixels, at the views' own cameras and at others.
        var sphere = new PaintedSphere(0.4f, p => (int)MathF.Floor(25 * (p.Y + 1)) % 2 == 0 ? new Vector3(0.9f) : new Vector3(0.1f), Studio);
        var views = sphere.Views(CameraRig.Zero123PlusV12, 64);
        Camera[] others = [CameraRig.At(0, 0), CameraRig.At(75, 10), CameraRig.At(200, 30)];

        double Worst(int corrections, IEnumerable<Camera> cameras)
        {
            var texture = ViewBaker.Bake(Unwrapped, views, Small with { Corrections = corrections });
            var renderer = new AssetRenderer(Unwrapped, texture);
            return cameras.Min(camera => PsnrInside(renderer.Render(camera, 64), sphere.View(camera, 64)));
        }

        var (before, after) = (Worst(0, CameraRig.Zero123PlusV12), Worst(3, CameraRig.Zero123PlusV12));
        Assert.True(after > before + 3, $"at the views' cameras {before:F1} dB to {after:F1} dB");
        (before, after) = (Worst(0, others), Worst(3, others));
        Assert.True(after > before + 1.5, $"at others {before:F1} dB to {after:F1} dB");
    }

    [Fact]
    public void Bake_UnseenSide_IsHarmonic()
    {
        // Only the front is seen: its upper half red, its lower half blue.
        var sphere = new PaintedSphere(0.4f, p => p.Y > 0 ? new Vector3(0.8f, 0.1f, 0.1f) : new Vector3(0.1f, 0.1f, 0.8f), Studio);

        var texture = ViewBaker.Bake(Unwrapped, sphere.Views([CameraRig.At(0, 0)], 64), Small);

        // Harmonic behind the rim that is seen: in stereographic coordinates from the far pole a disc, half of whose border is red
        // and half blue. Poisson's integral of that: 1/2 + atan(2 y / (1 - x^2 - y^2)) / pi.
        var rim = Math.Acos(0.4 / CameraRig.Radius) - 0.2; // where n . v is 0.2: flatter looks hardly count
        var texels = new SurfaceTexels(Unwrapped, Unwrapped.Normals!, 256);
        var worst = 0.0;
        for (var i = 0; i < texels.Pixels.Length; i++)
        {
            var (place, color) = (Vector3.Normalize(texels.Positions[i]), texture.Linear[texels.Pixels[i]]);
            if (place.Z < -0.2)
            {
                var disc = new Vector2(place.X, place.Y) / ((1 - place.Z) * (float)Math.Tan((Math.PI - rim) / 2));
                var red = 0.5 + (Math.Atan2(2 * disc.Y, 1 - disc.LengthSquared()) / Math.PI);
                worst = Math.Max(worst, Math.Abs(color.X - (0.1 + (0.7 * red))));
                Assert.Equal(0.9, color.X + color.Z, 0.01);
            }
        }

        Assert.True(worst < 0.05, $"{worst}");
        Assert.InRange(texture.Coverage, 0.25, 0.45); // a camera at 1.87 m sees 39 % of the sphere, its rim too flat
    }

    [Fact]
    public void Bake_HiddenSurface_TakesNoColourFromWhatHidesIt()
    {
        // A small sphere before a large one; the view paints everything green where the small one is.
        var mesh = WithNormals(Join(TestMeshes.Sphere(0.35, 5), TestMeshes.Sphere(0.08, 4), new Vector3(0, 0, 0.44f)));
        var unwrapped = UvUnwrap.Unwrap(mesh, new UnwrapConfig(256, 4)).Mesh;
        Camera[] cameras = [CameraRig.At(0, 0), CameraRig.At(60, 0), CameraRig.At(-60, 0)];
        var views = cameras.Select(camera => TwoTone(unwrapped, camera)).ToArray();
        var set = new ViewSet(
            [.. views.SelectMany(view => view)], 64,
            [.. cameras.Select(c => c.ToView())], "scene", "", 0, "");

        var texture = ViewBaker.Bake(unwrapped, set, Small);

        var texels = new SurfaceTexels(unwrapped, unwrapped.Normals!, 256);
        var wrong = Enumerable.Range(0, texels.Pixels.Length).Count(i =>
            IsSmall(texels.Positions[i]) != texture.Linear[texels.Pixels[i]].Y > texture.Linear[texels.Pixels[i]].X);
        Assert.Equal(0, wrong);
    }

    [Fact]
    public void MaskBorder_CountsStepsFromTheOutside()
    {
        var alpha = new float[49];
        for (var i = 0; i < 49; i++)
        {
            alpha[i] = i % 7 is > 0 && i / 7 > 1 ? 1 : 0; // a block that touches the right and lower sides of the image
        }

        var distances = MaskBorder.Distances(alpha, 7);

        Assert.Equal([0f, 0, 0], [distances[0], distances[8], distances[21]]);
        Assert.Equal([1f, 1, 1, 2, 3], [distances[15], distances[20], distances[48], distances[(4 * 7) + 5], distances[(4 * 7) + 3]]);
    }

    [Fact]
    public void Fill_RingsThenPushPull_ColourEveryTexel()
    {
        var (colors, used) = (new Vector3[64], new bool[64]);
        (colors[9], used[9]) = (new Vector3(1, 0, 0), true);
        (colors[63], used[63]) = (new Vector3(0, 1, 0), true);

        TextureDilation.Fill(colors, used, 8, 1);

        Assert.Equal(new Vector3(1, 0, 0), colors[0]);
        Assert.Equal(new Vector3(0, 1, 0), colors[54]);
        Assert.Equal(new Vector3(1, 0, 0), colors[3]);  // its block of two by two holds a grown texel only further up
        Assert.All(colors, color => Assert.Equal(1, color.X + color.Y, 1e-6));
    }

    private static void AssertWaves(AlbedoTexture texture)
    {
        var texels = new SurfaceTexels(Unwrapped, Unwrapped.Normals!, 256);
        var errors = texels.Pixels
            .Select((pixel, i) => (Error: Vector3.Distance(texture.Linear[pixel], Waves(texels.Positions[i])), texels.Positions[i].Y))
            .Where(texel => texel.Y is > -0.25f and < 0.3f) // all of it is seen at less than 60 degrees by some camera
            .Select(texel => texel.Error)
            .ToArray();
        Assert.True(errors.Average() < 0.01, $"mean {errors.Average()}");
        Assert.True(errors.Max() < 0.06, $"max {errors.Max()}");
    }

    private static Vector3 Waves(Vector3 p) => new(
        0.5f + (0.3f * MathF.Sin(9 * p.X)), 0.5f + (0.3f * MathF.Sin(9 * p.Y)), 0.5f + (0.3f * MathF.Cos(9 * p.Z)));

    private static bool IsSmall(Vector3 point) => Vector3.Distance(point, new Vector3(0, 0, 0.44f)) < 0.085f;

    private static TriangleMesh WithNormals(TriangleMesh mesh) => mesh with { Normals = mesh.AreaWeightedNormals() };

    private static TriangleMesh Join(TriangleMesh a, TriangleMesh b, Vector3 move) => new(
        [.. a.Positions, .. b.Positions.Select((x, i) => x + move[i % 3])], [.. a.Indices, .. b.Indices.Select(i => i + a.VertexCount)]);

    private static float[] TwoTone(TriangleMesh mesh, Camera camera)
    {
        var buffer = FragmentBuffer.OfView(mesh, camera, 256);
        var rgba = new float[4 * 64 * 64];
        for (var i = 0; i < buffer.Face.Length; i++)
        {
            if (buffer.Face[i] >= 0)
            {
                var pixel = (i / 256 / 4 * 64) + (i % 256 / 4);
                rgba[(IsSmall(mesh.Position(mesh.Indices[3 * buffer.Face[i]])) ? 64 * 64 : 0) + pixel] += 0.5f / 16;
                rgba[(3 * 64 * 64) + pixel] += 1f / 16;
            }
        }

        return rgba;
    }

    private static double PsnrInside(float[] found, float[] expected)
    {
        var plane = found.Length / 4;
        var inside = Enumerable.Range(0, plane).Where(i => expected[(3 * plane) + i] > 0.99 && found[(3 * plane) + i] > 0.99).ToArray();
        var error = inside.Average(i => Enumerable.Range(0, 3).Average(c => Math.Pow(found[(c * plane) + i] - expected[(c * plane) + i], 2)));
        return -10 * Math.Log10(error);
    }
}
