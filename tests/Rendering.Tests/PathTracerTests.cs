using System.Numerics;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Rendering.Tests;

public sealed class PathTracerTests
{
    private static readonly SurfaceMatter s_white = new(Vector3.One, Vector3.Zero, 1, Grazing: 0);
    private static readonly EnvironmentMap s_constant = EnvironmentMap.Of(_ => Vector3.One, 16);
    private static readonly EnvironmentSource s_constantSource = new(s_constant);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void WhiteFurnace_OfAWhiteDiffuseSurface_IsOneForEverySample(int samples)
    {
        var normal = Vector3.Normalize(new Vector3(1, 2, -3));
        Assert.Equal(1, PathTracer.DirectLight(s_constantSource, s_white, normal, normal, samples).X, 1e-5f);
    }

    [Theory]
    [InlineData(0.08f, 0.9f)]
    [InlineData(0.3f, 0.3f)]
    [InlineData(0.6f, 0.7f)]
    [InlineData(1f, 0.2f)]
    public void WhiteFurnace_OfAMirror_IsTheSplitSum_AndNeverAboveOne(float roughness, float cosine)
    {
        var mirror = new SurfaceMatter(Vector3.Zero, Vector3.One, roughness);
        var view = new Vector3(MathF.Sqrt(1 - (cosine * cosine)), 0, cosine);

        var seen = PathTracer.DirectLight(s_constantSource, mirror, Vector3.UnitZ, view, 20_000).X;

        var (scale, bias) = SplitSum.Terms(cosine, roughness);
        Assert.Equal(scale + bias, seen, 2e-3);
        Assert.InRange(seen, 0.2, 1.0001);
    }

    [Theory]
    [InlineData(0, 1, 0)]
    [InlineData(1, 0, 0)]
    [InlineData(0.6, -0.8, 0)]
    public void Lambert_UnderASkyThatIsBrightAbove_FollowsTheClosedForm(float x, float y, float z)
    {
        // L = 1 above the horizon, 0 below: (1 + n.y) / 2. At 256 texels a side its edge is 1/128 wide.
        var sky = EnvironmentMap.Of(d => d.Y > 0 ? Vector3.One : Vector3.Zero, 256);
        var normal = new Vector3(x, y, z);

        Assert.Equal((1 + y) / 2, PathTracer.DirectLight(new EnvironmentSource(sky), s_white, normal, normal, 20_000).X, 4e-3f);
    }

    [Fact]
    public void DirectLight_WithLampsDrawnAndNot_AgreesWithASumOverAllTexels()
    {
        // A small bright lamp, which the surface's own directions would rarely meet.
        var map = EnvironmentMap.Of(d => new Vector3(0.1f + (200 * MathF.Exp(400 * (Vector3.Dot(d, Vector3.Normalize(new(1, 2, 1))) - 1)))), 64);
        var matter = SurfaceMatter.MetallicRoughness(new Vector3(0.8f, 0.5f, 0.2f), 0.4f, 0.5f);
        var (normal, view) = (Vector3.Normalize(new(0.2f, 1, 0.1f)), Vector3.Normalize(new(-0.5f, 0.6f, 0.2f)));

        var drawn = PathTracer.DirectLight(new EnvironmentSource(map), matter, normal, view, 20_000);

        var angles = CubeMap.SolidAngles(64);
        var (scatter, sum) = (new SurfaceScatter(matter, normal, view), Vector3.Zero);
        for (var texel = 0; texel < 6 * 4096; texel++)
        {
            var (x, y, z) = CubeTexels.Direction(texel / 4096, ((2 * (texel % 64)) + 1) / 64.0 - 1, ((2 * (texel / 64 % 64)) + 1) / 64.0 - 1);
            var light = Vector3.Normalize(new((float)x, (float)y, (float)z));
            sum += scatter.Value(light) * new Vector3(map.Texels.AsSpan(3 * texel, 3)) * (float)angles[texel % 4096];
        }

        Assert.True((drawn - sum).Length() < 0.01f * sum.Length(), $"{drawn} drawn, {sum} summed");
    }

    [Theory]
    [InlineData(0.5f, 0.5f)]
    [InlineData(0.4f, 0.1f)]
    public void Densities_OfScatteredDirections_IntegrateToOne(float roughness, float metallic)
    {
        var scatter = new SurfaceScatter(
            SurfaceMatter.MetallicRoughness(new Vector3(0.7f), roughness, metallic), Vector3.UnitZ, Vector3.Normalize(new(0.6f, 0, 0.8f)));
        var below = 0;
        for (var i = 0; i < 20_000; i++)
        {
            var draws = new SampleDraws(1, i);
            below += scatter.Draw(draws[0], draws[1], draws[2]).Z <= 0 ? 1 : 0;
        }

        // Mirrors below the horizon are drawn and count for nothing: what is above integrates to their complement.
        var total = 0.0;
        const int side = 800;
        for (var i = 0; i < side * side; i++)
        {
            var (z, angle) = (((i / side) + 0.5) / side, ((i % side) + 0.5) / side * 2 * Math.PI);
            var ring = Math.Sqrt(1 - (z * z));
            total += scatter.Density(new Vector3((float)(ring * Math.Cos(angle)), (float)(ring * Math.Sin(angle)), (float)z)) * 2 * Math.PI / (side * side);
        }

        Assert.Equal(1 - (below / 20_000.0), total, 3e-3);
    }

    [Fact]
    public void Shadow_OfADisc_IsItsViewFactor()
    {
        // A disc of radius r at height h over a white floor hides r^2 / (r^2 + h^2) of the sky from the point below its middle.
        const float radius = 0.3f, height = 0.2f;
        var floor = Quad(0.5f, 0);
        var positions = new List<float>(floor.Positions) { 0, height, 0 };
        var indices = new List<int>(floor.Indices);
        for (var i = 0; i < 256; i++)
        {
            var angle = 2 * Math.PI * i / 256;
            positions.AddRange([(float)(radius * Math.Cos(angle)), height, (float)(radius * Math.Sin(angle))]);
            indices.AddRange([4, 5 + i, 5 + ((i + 1) % 256)]);
        }

        var rays = new SurfaceRays(new TriangleMesh([.. positions], [.. indices]));

        var scatter = new SurfaceScatter(s_white, Vector3.UnitY, Vector3.UnitY);
        var open = 0;
        for (var sample = 0; sample < 20_000; sample++)
        {
            var draws = new SampleDraws(3, sample);
            open += rays.IsBlocked(new Vector3(1e-4f, 1e-4f, 2e-4f), scatter.Draw(draws[0], draws[1], draws[2])) ? 0 : 1;
        }

        Assert.Equal(1 - (radius * radius / ((radius * radius) + (height * height))), open / 20_000.0, 4e-3);
    }

    [Theory]
    [InlineData(0, 0.25)]
    [InlineData(1, 0.25 * 1.5)]
    [InlineData(3, 0.25 * 1.875)]
    public void Bounces_InsideAGlowingBall_AddUpToTheGeometricSeries(int bounces, double expected)
    {
        // Inside a closed ball of albedo 1/2 that glows with 1/4: 1/4 (1 + 1/2 + 1/4 + ...), to the last bounce.
        var material = new GlbMaterial(RoughnessFactor: 1, MetallicFactor: 0)
        {
            BaseColorFactor = new Vector4(0.5f, 0.5f, 0.5f, 1), EmissiveFactor = new Vector3(0.25f),
        };
        var asset = PbrAsset.Of(new GlbScene([new GlbPart(TestMeshes.Sphere(4, 5), Matrix4x4.Identity, 0)], [material], null), "ball");
        var picture = new SampledPicture(8);

        new PathTracer(asset, s_constant, bounces).AddSamples(picture, new Camera(20, 10, 1, 60), 256);

        // The mirror part of the dielectric, F0 = 0.04, adds to the albedo: about 4.5 % at the views met here.
        var seen = picture.ToRgba()[..64].Average();
        Assert.InRange(seen, expected * 0.999, 0.25 * Enumerable.Range(0, bounces + 1).Sum(k => Math.Pow(0.57, k)) + 1e-6);
        Assert.All(picture.ToRgba()[^64..], alpha => Assert.Equal(1, alpha));
    }

    [Fact]
    public void AddSamples_InTwoGoesOrOne_GivesTheSamePicture()
    {
        var asset = PbrAsset.Of(new GlbScene([new GlbPart(TestMeshes.Sphere(0.4, 3), Matrix4x4.Identity, null)], [], null), "ball");
        var tracer = new PathTracer(asset, EnvironmentMap.Of(StudioEnvironments.Find("sunset")!.Radiance, 16));
        var (one, two) = (new SampledPicture(12), new SampledPicture(12));

        tracer.AddSamples(one, CameraRig.At(0, 0), 8);
        tracer.AddSamples(two, CameraRig.At(0, 0), 3);
        tracer.AddSamples(two, CameraRig.At(0, 0), 5);

        Assert.Equal(one.ToRgba(), two.ToRgba());
        Assert.Equal(8, two.SampleCount);
    }

    private static TriangleMesh Quad(float half, float height) =>
        new([-half, height, -half, half, height, -half, half, height, half, -half, height, half], [0, 2, 1, 0, 3, 2]);
}
