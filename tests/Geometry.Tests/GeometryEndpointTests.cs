using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Realiz3D.Mesh.Contracts.Shaping.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Shaping;
using Realiz3D.Mesh.Storage;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Geometry.Tests;

/// <summary>Calls over loopback to the real service with a short fit.</summary>
public sealed class GeometryEndpointTests : IAsyncLifetime
{
    // Four steps, which a hull hardly rounded needs no more than.
    private static readonly ShapeFitConfig Short = new()
    {
        CoarseCells = 12, Cells = 16, CoarseSteps = 2, FineSteps = 2, Supersampling = 1, Rounding = 0.1,
    };
    private readonly string _folder = Directory.CreateTempSubdirectory("geometry").FullName;
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;
    private ArtifactStore _store = null!;

    private GeometryService.GeometryServiceClient Client => new(_channel);

    private static DateTime Soon => DateTime.UtcNow.AddMinutes(3);

    public async Task InitializeAsync()
    {
        _store = new ArtifactStore(_folder);
        _app = GeometryProgram.Build(["--urls", "http://127.0.0.1:0", $"--Geometry:Device={TestDevice.Here}"], _store, Short);
        await _app.StartAsync();
        _channel = GrpcChannel.ForAddress(_app.Urls.Single());
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Reconstruct_StreamsProgress_ThenAClosedMesh()
    {
        var views = await _store.PutAsync(EllipsoidViews.Render((0.35, 0.35, 0.35), CameraRig.Zero123PlusV12, 32).ToBytes());

        using var call = Client.Reconstruct(new ReconstructRequest { ViewsArtifactId = views, Seed = 1 }, deadline: Soon);
        var answers = new List<ReconstructResponse>();
        await foreach (var answer in call.ResponseStream.ReadAllAsync())
        {
            answers.Add(answer);
        }

        Assert.Equal([0, 1, 2, 3, 4], answers.SkipLast(1).Select(answer => answer.Progress.Step).Distinct());
        Assert.All(answers.SkipLast(1), answer => Assert.Equal(4, answer.Progress.StepCount));
        var preview = Assert.Single(answers.SkipLast(1), answer => answer.Progress.PreviewPng.Length > 0).Progress;
        Assert.Equal(1, preview.Step);
        Assert.InRange(preview.PreviewPng.Length, 500, 64 * 1024);
        Assert.Equal(144, Png.Read(preview.PreviewPng.Span, "preview").Width);
        var result = answers[^1].Result;
        Assert.True(result.Check.Closed && result.Check.Manifold);
        Assert.Equal((1, 2), (result.Check.ComponentCount, result.Check.EulerCharacteristic));
        Assert.Equal((0, 0, 0L), (result.Check.Genus, result.Check.SelfIntersectionCount, result.Check.BoundaryEdgeCount));
        Assert.Equal(4 * Math.PI * 0.35 * 0.35, result.Check.Area, 0.05);
        Assert.Equal(6, result.SilhouetteIous.Count);
        Assert.All(result.SilhouetteIous, iou => Assert.InRange(iou, 0.9, 1));
        var mesh = Glb.Read(await _store.ReadAsync(result.MeshArtifactId), "mesh").Mesh;
        Assert.Equal(result.Check.FaceCount, mesh.FaceCount);
        Assert.Equal(4.0 / 3 * Math.PI * 0.35 * 0.35 * 0.35, MeshInspection.Of(mesh).SignedVolume, 0.02);
        Assert.Equal(MeshInspection.Of(mesh).SignedVolume, result.Check.SignedVolume, 1e-9);
    }

    [Theory]
    [InlineData("", "views_artifact_id must be 64")]
    [InlineData("../../etc/passwd", "views_artifact_id must be 64")]
    public async Task Reconstruct_BadId_IsRefused(string id, string reason)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => ReconstructAsync(id));

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.StartsWith(reason, failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reconstruct_OfWhatIsNotThere_IsNotFound() =>
        Assert.Equal(
            StatusCode.NotFound,
            (await Assert.ThrowsAsync<RpcException>(() => ReconstructAsync(new string('a', 64)))).StatusCode);

    [Fact]
    public async Task Reconstruct_OfWhatIsNoViews_IsRefused()
    {
        var failure = await Assert.ThrowsAsync<RpcException>(
            async () => await ReconstructAsync(await _store.PutAsync(new byte[] { 1, 2, 3 })));

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.StartsWith("views: ", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reconstruct_OfEmptyMasks_IsRefused()
    {
        var views = EllipsoidViews.Render((0.3, 0.3, 0.3), CameraRig.Zero123PlusV12, 16);
        var empty = views with { Rgba = new float[views.Rgba.Length] };

        var failure = await Assert.ThrowsAsync<RpcException>(
            async () => await ReconstructAsync(await _store.PutAsync(empty.ToBytes())));

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.Contains("no common shape", failure.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reconstruct_Cancelled_Stops_AndTheNextCallGetsItsPlace()
    {
        var views = await _store.PutAsync(EllipsoidViews.Render((0.35, 0.3, 0.3), CameraRig.Zero123PlusV12, 32).ToBytes());
        using var call = Client.Reconstruct(new ReconstructRequest { ViewsArtifactId = views }, deadline: Soon);
        Assert.True(await call.ResponseStream.MoveNext());

        call.Dispose();

        await ReconstructAsync(views);      // would wait for ever behind a call that holds the only place
    }

    [Fact]
    public async Task RenderScene_StoresViewsWithTheRigsCameras()
    {
        using var call = Client.RenderScene(
            new RenderSceneRequest { Caption = "a red ceramic vase", Seed = 7, ImageSize = 24 }, deadline: Soon);
        var answers = new List<RenderSceneResponse>();
        await foreach (var answer in call.ResponseStream.ReadAllAsync())
        {
            answers.Add(answer);
        }

        Assert.Equal([1, 2, 3, 4, 5, 6], answers.SkipLast(1).Select(answer => answer.Progress.Step).Where(step => step > 0).Distinct());
        Assert.Equal("vase", answers[^1].Result.Category);
        var views = ViewSet.Parse(await _store.ReadAsync(answers[^1].Result.ViewsArtifactId), "views");
        Assert.Equal((6, 24, "scene", 7L), (views.Count, views.Size, views.Source, views.Seed));
        Assert.Equal(CameraRig.Zero123PlusV12.Select(c => c.AzimuthDegrees), views.Cameras.Select(c => c.AzimuthDegrees));
        Assert.InRange(views.Rgba.AsSpan(3 * 576, 576).ToArray().Average(), 0.05, 0.9);     // some of view 0 is covered
    }

    [Theory]
    [InlineData(null, null, 64, "Either category or caption")]
    [InlineData("dragon", null, 64, "category must be one of vase")]
    [InlineData("3", null, 64, "category must be one of vase")]
    [InlineData(null, "", 64, "caption must have 1 to 2000")]
    [InlineData(null, "something red", 64, "caption must name a category")]
    [InlineData("vase", null, 15, "image_size must be 16 to 512")]
    [InlineData("vase", null, 513, "image_size must be 16 to 512")]
    public async Task RenderScene_BadInput_IsRefused(string? category, string? caption, int size, string reason)
    {
        var request = new RenderSceneRequest { ImageSize = size };
        request.Category = category ?? request.Category;
        if (caption is not null)
        {
            request.Caption = caption;
        }
        else if (category is null)
        {
            request.ClearSubject();
        }

        using var call = Client.RenderScene(request, deadline: Soon);
        var failure = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext());

        Assert.Equal(StatusCode.InvalidArgument, failure.StatusCode);
        Assert.StartsWith(reason, failure.Status.Detail, StringComparison.Ordinal);
    }

    private async Task ReconstructAsync(string id)
    {
        using var call = Client.Reconstruct(new ReconstructRequest { ViewsArtifactId = id }, deadline: Soon);
        while (await call.ResponseStream.MoveNext())
        {
            Assert.NotEqual(ReconstructResponse.PartOneofCase.None, call.ResponseStream.Current.PartCase);
        }
    }
}
