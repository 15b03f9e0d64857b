using System.Numerics;
using Grpc.Core;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;

namespace Realiz3D.Mesh.Texturing.Tests;

public sealed class RelightTests
{
    private const int Size = 48;
    private static readonly string s_unknown = new('a', 64);

    [Fact]
    public async Task Relight_StreamsProgressWithPreviews_ThenPicturesAndViews()
    {
        await using var host = await AppearanceHost.StartAsync();
        var request = Request(await PutBallAsync(host, roughness: 1, metallic: 0), "white");
        request.ToneMap = ToneMap.Clip;

        var messages = await RelightAsync(host, request);

        Assert.All(messages[..^1], (message, i) => Assert.Equal((i, 8), (message.Progress.Step, message.Progress.StepCount)));
        Assert.Equal(8, messages.Count - 1);
        Assert.All(messages[2..^1], message => Assert.InRange(message.Progress.PreviewPng.Length, 100, 65536));
        Assert.Equal((48, 48, 4), SizeOf(messages[2].Progress.PreviewPng.ToByteArray()));
        var result = messages[^1].Result;
        Assert.Equal(6, result.PictureArtifactIds.Count);
        Assert.Empty(result.UnreadFeatures);

        // White under white light: 1 and the little that a rough dielectric mirrors, which the picture cuts off.
        var views = ViewSet.Parse(await host.Artifacts.ReadAsync(result.ViewsArtifactId), "views");
        Assert.Equal(CameraRig.Zero123PlusV12.Select(camera => camera.ToView().AzimuthDegrees), views.Cameras.Select(camera => camera.AzimuthDegrees));
        var alpha = views.View(0)[(3 * Size * Size)..];
        Assert.All(Enumerable.Range(0, Size * Size).Where(pixel => alpha[pixel] > 0), pixel => Assert.InRange(views.View(0)[pixel], 1f, 1.12f));
        var picture = Png.Read(await host.Artifacts.ReadAsync(result.PictureArtifactIds[0]), "picture").ToRgba();
        for (var pixel = 0; pixel < Size * Size; pixel++)
        {
            Assert.Equal((byte)Math.Round(255 * alpha[pixel]), picture[(4 * pixel) + 3]);
            Assert.Equal(alpha[pixel] > 0 ? 255 : 0, picture[4 * pixel]);
        }
    }

    [Theory]
    [InlineData(LightQuality.SplitSum)]
    [InlineData(LightQuality.Paths)]
    public async Task MirrorBall_ShowsTheEnvironment_AndItsBackdrop(LightQuality quality)
    {
        await using var host = await AppearanceHost.StartAsync();
        var request = Request(await PutBallAsync(host, roughness: 0, metallic: 1), "overcast");
        request.Cameras.Add(new RelightCamera { AzimuthDegrees = 40, ElevationDegrees = 25 });
        request.Quality = quality;
        request.Backdrop = Backdrop.Environment;

        var view = (await ViewsAsync(host, request)).View(0);

        var (camera, sky) = (CameraRig.At(40, 25), StudioEnvironments.Find("overcast")!.Radiance);
        var (mirrored, error, light) = (0, 0.0, 0.0);
        for (var pixel = 0; pixel < Size * Size; pixel++)
        {
            Assert.Equal(1, view[(3 * Size * Size) + pixel]);
            var ray = Vector(camera.RayDirection((pixel % Size) + 0.5, (pixel / Size) + 0.5, Size));
            if (Normal(Vector(camera.Position()), ray, 0.4f) is not { } normal)
            {
                continue;
            }

            if (Vector3.Dot(normal, -ray) > 0.4f)
            {
                var seen = sky(Vector3.Reflect(ray, normal)).Y;
                (mirrored, error, light) = (mirrored + 1, error + Math.Abs(seen - view[(Size * Size) + pixel]), light + seen);
            }
        }

        // Roughness 0 counts as 0.08: the horizon is a little softer in the ball than on the sky.
        Assert.True(mirrored > 400);
        Assert.InRange(error / light, 0, 0.03);
        var corner = sky(Vector(camera.RayDirection(0.5, 0.5, Size)));
        Assert.Equal(corner.X, view[0], 0.01);
    }

    [Fact]
    public async Task Rotation_OfTheEnvironment_IsThatOfTheCamerasBackwards()
    {
        // A subdivided octahedron looks the same after a quarter turn. The mirror part is filtered with samples that do not turn along: 1 %.
        await using var host = await AppearanceHost.StartAsync();
        var ball = await PutBallAsync(host, roughness: 1, metallic: 0);
        var (turned, walked) = (Request(ball, "softbox"), Request(ball, "softbox"));
        (turned.RotationDegrees, turned.Exposure) = (90, 1);
        turned.Cameras.Add(new RelightCamera { AzimuthDegrees = 70, ElevationDegrees = 10, Radius = 2, FieldOfViewDegrees = 25 });
        walked.Cameras.Add(new RelightCamera { AzimuthDegrees = -20, ElevationDegrees = 10, Radius = 2, FieldOfViewDegrees = 25 });

        var (first, second) = ((await ViewsAsync(host, turned)).View(0), (await ViewsAsync(host, walked)).View(0));

        var colours = 3 * Size * Size;
        Assert.True(second[..colours].Max() - second[..colours].Where(value => value > 0).Min() > 0.5f);
        Assert.All(Enumerable.Range(0, colours), i => Assert.InRange(first[i], 1.98f * second[i], 2.02f * second[i]));     // one stop brighter
    }

    [Fact]
    public async Task HdrArtifact_LightsAsTheFunctionItWasMadeOf()
    {
        await using var host = await AppearanceHost.StartAsync();
        var ball = await PutBallAsync(host, roughness: 0.5f, metallic: 1);
        var sky = StudioEnvironments.Find("overcast")!.Radiance;
        var picture = new HdrImage(256, 128, new float[3 * 256 * 128]);
        for (var pixel = 0; pixel < 256 * 128; pixel++)
        {
            var (around, down) = ((((pixel % 256) + 0.5) / 256 - 0.5) * 2 * Math.PI, ((pixel / 256) + 0.5) / 128 * Math.PI);
            var light = sky(Vector([Math.Sin(down) * Math.Sin(around), Math.Cos(down), -Math.Sin(down) * Math.Cos(around)]));
            light.CopyTo(picture.Rgb, 3 * pixel);
        }

        var (named, given) = (Request(ball, "overcast", new RelightCamera()), Request(ball, "overcast", new RelightCamera()));
        given.EnvironmentArtifactId = await host.Artifacts.PutAsync(Hdr.Write(picture));

        var (expected, seen) = ((await ViewsAsync(host, named)).View(0), (await ViewsAsync(host, given)).View(0));
        Assert.All(expected.Zip(seen), pair => Assert.Equal(pair.First, pair.Second, 0.01f));
    }

    [Fact]
    public async Task Paths_OfARoughBall_AreNearTheSplitSum_AndReportEachPass()
    {
        await using var host = await AppearanceHost.StartAsync();
        var ball = await PutBallAsync(host, roughness: 1, metallic: 0);
        var (fast, slow) = (Request(ball, "overcast", new RelightCamera()), Request(ball, "overcast", new RelightCamera()));
        (slow.Quality, slow.SampleCount, slow.BounceCount) = (LightQuality.Paths, 300, 1);

        var messages = await RelightAsync(host, slow);

        Assert.Equal([0, 1, 2, 3], messages[..^1].Select(message => message.Progress.Step));    // 227 samples are a pass of half a million paths
        var (one, other) = ((await ViewsAsync(host, fast)).View(0), ViewSet.Parse(await host.Artifacts.ReadAsync(messages[^1].Result.ViewsArtifactId), "views").View(0));
        Assert.Equal(one[..(Size * Size)].Average(), other[..(Size * Size)].Average(), 0.02f);
        Assert.Equal(one[(3 * Size * Size)..].Average(), other[(3 * Size * Size)..].Average(), 5e-3f);
    }

    [Fact]
    public async Task Relight_WrongArtifacts_AreRefusedWithTheirReason()
    {
        await using var host = await AppearanceHost.StartAsync();
        var ball = await PutBallAsync(host, 1, 0);
        var far = await host.Artifacts.PutAsync(Glb.Write(new GlbAsset(TestMeshes.Sphere(3, 1), new GlbMaterial())));

        await RefusedAsync(host, Request(s_unknown, "white"), StatusCode.NotFound, "no artifact");
        await RefusedAsync(host, Request(await host.Artifacts.PutAsync("text"u8.ToArray()), "white"), StatusCode.InvalidArgument, "the asset artifact: not a GLB");
        await RefusedAsync(host, Request(far, "white"), StatusCode.InvalidArgument, "reaches 3 m");
        var request = Request(ball, "white");
        request.EnvironmentArtifactId = ball;
        await RefusedAsync(host, request, StatusCode.InvalidArgument, "the environment artifact: not a Radiance picture");
    }

    public static TheoryData<Action<RelightRequest>, string> BadRequests => new()
    {
        { request => request.AssetArtifactId = "x", "asset_artifact_id" },
        { request => request.ClearEnvironment(), "environment_name or environment_artifact_id" },
        { request => request.EnvironmentName = "cave", "environment_name must be one of white, softbox, overcast, sunset" },
        { request => request.EnvironmentArtifactId = "", "environment_artifact_id" },
        { request => request.RotationDegrees = float.NaN, "rotation_degrees" },
        { request => request.Exposure = 17, "exposure" },
        { request => request.ImageSize = 15, "image_size must be 16 to 1024" },
        { request => request.ImageSize = 1025, "image_size" },
        { request => request.ToneMap = ToneMap.Unspecified, "tone_map" },
        { request => request.Backdrop = (Backdrop)9, "backdrop" },
        { request => request.Quality = LightQuality.Unspecified, "quality" },
        { request => request.SampleCount = 4, "for quality PATHS only" },
        { request => (request.Quality, request.SampleCount) = (LightQuality.Paths, 0), "sample_count must be 1 to 4096" },
        { request => (request.Quality, request.BounceCount) = (LightQuality.Paths, 9), "bounce_count must be 0 to 8" },
        { request => (request.Quality, request.ImageSize, request.SampleCount) = (LightQuality.Paths, 1024, 43), "at most 268435456 are traced" },
        { request => request.Cameras.Add(Enumerable.Repeat(new RelightCamera(), 17)), "cameras may be at most 16" },
        { request => request.Cameras.Add(new RelightCamera { AzimuthDegrees = 361 }), "cameras[0].azimuth_degrees" },
        { request => request.Cameras.Add(new RelightCamera { ElevationDegrees = -91 }), "cameras[0].elevation_degrees" },
        { request => request.Cameras.Add(new RelightCamera { Radius = 0 }), "cameras[0].radius" },
        { request => request.Cameras.Add(new RelightCamera { FieldOfViewDegrees = 121 }), "cameras[0].field_of_view_degrees" },
    };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public void TryParse_BadRequest_NamesTheField(Action<RelightRequest> spoil, string named)
    {
        var request = new RelightRequest { AssetArtifactId = s_unknown, EnvironmentName = "white" };
        Assert.True(RelightJob.TryParse(request, out var job, out _));
        Assert.Equal((512, ToneCurve.PbrNeutral, false, (int?)null, 6), (job.Size, job.Curve, job.ShowsEnvironment, job.Samples, job.Cameras.Count));

        spoil(request);

        Assert.False(RelightJob.TryParse(request, out _, out var problem));
        Assert.Contains(named, problem, StringComparison.Ordinal);
    }

    private static RelightRequest Request(string asset, string environment, params RelightCamera[] cameras) =>
        new() { AssetArtifactId = asset, EnvironmentName = environment, ImageSize = Size, Cameras = { cameras } };

    private static Task<string> PutBallAsync(AppearanceHost host, float roughness, float metallic) => host.Artifacts.PutAsync(
        Glb.Write(new GlbAsset(TestMeshes.Sphere(0.4, 5), new GlbMaterial(null, null, metallic, roughness))));

    private static async Task<ViewSet> ViewsAsync(AppearanceHost host, RelightRequest request) => ViewSet.Parse(
        await host.Artifacts.ReadAsync((await RelightAsync(host, request))[^1].Result.ViewsArtifactId), "views");

    private static async Task<List<RelightResponse>> RelightAsync(AppearanceHost host, RelightRequest request)
    {
        using var call = host.Client.Relight(request, deadline: DateTime.UtcNow + AppearanceHost.Timeout);
        return await call.ResponseStream.ReadAllAsync().ToListAsync();
    }

    private static async Task RefusedAsync(AppearanceHost host, RelightRequest request, StatusCode status, string reason)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => RelightAsync(host, request));
        Assert.Equal(status, refused.StatusCode);
        Assert.Contains(reason, refused.Status.Detail, StringComparison.Ordinal);
    }

    // The unit normal where a ray meets a ball round the origin.
    private static Vector3? Normal(Vector3 eye, Vector3 ray, float radius)
    {
        var middle = -Vector3.Dot(eye, ray);
        var rest = (radius * radius) - (eye + (ray * middle)).LengthSquared();
        return rest < 0 ? null : Vector3.Normalize(eye + (ray * (middle - MathF.Sqrt(rest))));
    }

    private static Vector3 Vector(double[] components) => new((float)components[0], (float)components[1], (float)components[2]);

    private static (int Width, int Height, int Channels) SizeOf(byte[] png)
    {
        var image = Png.Read(png, "preview");
        return (image.Width, image.Height, image.Channels);
    }
}
