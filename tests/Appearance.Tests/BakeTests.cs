using System.Numerics;
using Grpc.Core;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;

namespace Realiz3D.Mesh.Texturing.Tests;

public sealed class BakeTests
{
    private static readonly string Unknown = new('a', 64);

    // A square of one metre before the camera, with upright texture coordinates.
    private static TriangleMesh Square => new(
        [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0], [0, 1, 2, 0, 2, 3], [0, 1, 1, 1, 1, 0, 0, 0], [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1]);

    [Fact]
    public async Task Bake_DetailedMesh_GivesColourNormalsAndOcclusion()
    {
        await using var host = await AppearanceHost.StartAsync();
        var lean = Vector3.Normalize(new Vector3(0.3f, 0.2f, 1));
        var detail = Square with { Normals = [.. Enumerable.Range(0, 12).Select(i => lean[i % 3])] };
        var color = new Vector3(0.2f, 0.5f, 0.8f);
        var request = new BakeRequest
        {
            MeshArtifactId = await PutAsync(host, Square, new GlbMaterial()),
            DetailArtifactId = await PutAsync(host, detail, new GlbMaterial { BaseColorFactor = new Vector4(color, 1) }),
            Roughness = 0.25f,
            TextureSize = 64,
        };

        var messages = await BakeAsync(host, request);

        Assert.Equal([0, 1, 2, 3, 4, 5], messages[..^1].Select(message => message.Progress.Step));
        Assert.All(messages[..^1], message => Assert.Equal(6, message.Progress.StepCount));
        TextureTests.AssertPreviews(messages[..^1].Select(message => message.Progress), expected: [1, 2, 3, 4]);
        var result = messages[^1].Result;
        Assert.Equal((64, false, 1.0, 1.0, ""), (
            result.TextureSize, result.Unwrapped, result.TexelCoverage, result.MeanOcclusion, result.UnseenArtifactId));

        var asset = Glb.Read(await host.Artifacts.ReadAsync(result.AssetArtifactId), "asset");
        Assert.Equal(Square.Uvs, asset.Mesh.Uvs);
        AssertAll([Srgb.ToByte(color.X), Srgb.ToByte(color.Y), Srgb.ToByte(color.Z)], asset.Material.BaseColorPng);
        AssertAll([255, 64, 0], asset.Material.OrmPng);     // open sky, the asked roughness, not metallic
        AssertAll([.. Enumerable.Range(0, 3).Select(axis => (byte)Math.Round(127.5 * (lean[axis] + 1)))], asset.Material.NormalPng);
        Assert.True(asset.Material.OrmHasOcclusion);
        Assert.Equal(Enumerable.Repeat(new[] { 1f, 0, 0, 1 }, 4).SelectMany(tangent => tangent), asset.Mesh.Tangents);
    }

    [Fact]
    public async Task Bake_OwnTextures_ComeBackTexelForTexel()
    {
        await using var host = await AppearanceHost.StartAsync();
        var random = new Random(3);
        var (color, orm) = (new byte[3 * 64 * 64], new byte[3 * 64 * 64]);
        random.NextBytes(color);
        random.NextBytes(orm);
        var material = new GlbMaterial(Png.Write(color, 64, 64, 3), Png.Write(orm, 64, 64, 3));

        var result = (await BakeAsync(host, new BakeRequest
        {
            MeshArtifactId = await PutAsync(host, Square, material), TextureSize = 64,
        }))[^1].Result;

        var asset = Glb.Read(await host.Artifacts.ReadAsync(result.AssetArtifactId), "asset").Material;
        Assert.Equal(color, Png.Read(asset.BaseColorPng, "base colour").ToBytes());
        Assert.Equal(orm.Select((value, i) => i % 3 == 0 ? (byte)255 : value), Png.Read(asset.OrmPng, "ORM").ToBytes());
        Assert.Null(asset.NormalPng);
    }

    [Fact]
    public async Task Bake_ViewsOfAnUncutMesh_UnwrapsAndMasksWhatWasNotSeen()
    {
        await using var host = await AppearanceHost.StartAsync();
        var color = new Vector3(0.6f, 0.2f, 0.05f);
        var (mesh, views) = await host.PutSphereAsync(color);

        var result = (await BakeAsync(host, new BakeRequest
        {
            MeshArtifactId = mesh, ViewsArtifactId = views, TextureSize = 128, OcclusionRayCount = 8,
        }))[^1].Result;

        Assert.True(result.Unwrapped);
        Assert.InRange(result.TexelCoverage, 0.85, 0.999);
        Assert.Equal(1, result.MeanOcclusion);
        var asset = Glb.Read(await host.Artifacts.ReadAsync(result.AssetArtifactId), "asset");
        var expected = new[] { Srgb.ToByte(color.X), Srgb.ToByte(color.Y), Srgb.ToByte(color.Z) };
        var bytes = Png.Read(asset.Material.BaseColorPng, "base colour").ToBytes();
        Assert.All(Enumerable.Range(0, bytes.Length), i => Assert.InRange(bytes[i], expected[i % 3] - 6, expected[i % 3] + 6));
        AssertAll([255, 153, 0], asset.Material.OrmPng);
        var mask = Png.Read(await host.Artifacts.ReadAsync(result.UnseenArtifactId), "mask").ToBytes();
        Assert.Equal(128 * 128, mask.Length);
        Assert.InRange(mask.Count(value => value == 255), 10, mask.Length / 3);
        Assert.Equal(0, mask.Count(value => value is > 0 and < 255));
        var extras = asset.Extras!["appearance"]!;
        Assert.Equal((result.TexelCoverage, result.UnseenArtifactId, true), (
            extras["texelCoverage"]!.GetValue<double>(), extras["unseenMask"]!.GetValue<string>(), extras["unwrapped"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task Bake_ViewsOfEachTexture_TakesThemAsTheyAre()
    {
        await using var host = await AppearanceHost.StartAsync();
        var (color, orm) = (new Vector3(0.6f, 0.2f, 0.05f), new Vector3(0.8f, 0.3f, 1));
        var (lean, camera) = (Vector3.Normalize(new Vector3(0.3f, 0.2f, 1)), CameraRig.At(0, 0));
        var square = Square with { Positions = [.. Square.Positions.Select((x, i) => i % 3 == 2 ? x : (x - 0.5f) / 2)] };

        // One view covers the square, and shows one value everywhere.
        Task<string> PutViewAsync(Vector3 value) => host.Artifacts.PutAsync(new ViewSet(
            [.. Enumerable.Range(0, 4).SelectMany(channel => Enumerable.Repeat(channel < 3 ? value[channel] : 1, 32 * 32))],
            32, [camera.ToView()], "scene", "", 0, "").ToBytes());
        var controls = new ControlRenderer(
            square with { Normals = [.. Enumerable.Range(0, 12).Select(i => lean[i % 3])] }, [camera], 32, cameraNormals: false, separateRanges: false);
        controls.Draw(0);
        using var stream = new MemoryStream();
        controls.Finish().Write(stream);

        var result = (await BakeAsync(host, new BakeRequest
        {
            MeshArtifactId = await PutAsync(host, square, new GlbMaterial { DoubleSided = true, Ior = 1.3f, EmissiveFactor = new Vector3(0.5f) }),
            ViewsArtifactId = await PutViewAsync(color),
            ViewContent = ViewContent.BaseColor,
            OrmViewsArtifactId = await PutViewAsync(orm),
            ControlsArtifactId = await host.Artifacts.PutAsync(stream.ToArray()),
            Roughness = 0.5f,
            TextureSize = 64,
        }))[^1].Result;

        Assert.Equal((1.0, false), (result.TexelCoverage, result.Unwrapped));
        Assert.Equal(orm.X, result.MeanOcclusion, 1e-5);
        var asset = Glb.Read(await host.Artifacts.ReadAsync(result.AssetArtifactId), "asset");
        AssertAll([Srgb.ToByte(color.X), Srgb.ToByte(color.Y), Srgb.ToByte(color.Z)], asset.Material.BaseColorPng);
        AssertAll([204, 128, 255], asset.Material.OrmPng);      // the asked roughness counts before the views'
        AssertAll([.. Enumerable.Range(0, 3).Select(axis => (byte)Math.Round(127.5 * (lean[axis] + 1)))], asset.Material.NormalPng);
        Assert.Equal((true, 1.3f, new Vector3(0.5f)), (asset.Material.DoubleSided, asset.Material.Ior, asset.Material.EmissiveFactor));
    }

    [Fact]
    public async Task Bake_MeshWithANormalMap_KeepsItWithItsTangents()
    {
        await using var host = await AppearanceHost.StartAsync();
        var map = Png.Write([.. Enumerable.Range(0, 3 * 16).Select(i => (byte)(100 + i))], 4, 4, 3);
        float[] tangents = [.. Enumerable.Repeat(new[] { 0f, 1, 0, -1 }, 4).SelectMany(tangent => tangent)];

        var result = (await BakeAsync(host, new BakeRequest
        {
            MeshArtifactId = await PutAsync(host, Square with { Tangents = tangents }, new GlbMaterial { NormalPng = map, NormalScale = 0.5f }),
            TextureSize = 64,
        }))[^1].Result;

        var asset = Glb.Read(await host.Artifacts.ReadAsync(result.AssetArtifactId), "asset");
        Assert.Equal(map, asset.Material.NormalPng);
        Assert.Equal(0.5f, asset.Material.NormalScale);
        Assert.Equal(tangents, asset.Mesh.Tangents);
    }

    public static TheoryData<Action<BakeRequest>, string> BadRequests => new()
    {
        { request => request.MeshArtifactId = "", "mesh_artifact_id" },
        { request => request.DetailArtifactId = "../etc/passwd", "detail_artifact_id" },
        { request => request.ViewsArtifactId = "x", "views_artifact_id" },
        { request => request.OrmViewsArtifactId = "x", "orm_views_artifact_id" },
        { request => request.ControlsArtifactId = "x", "controls_artifact_id" },
        { request => request.ViewContent = (ViewContent)3, "view_content 3" },
        { request => request.Roughness = float.NaN, "roughness must be 0 to 1" },
        { request => request.Metallic = 1.5f, "metallic must be 0 to 1" },
        { request => request.TextureSize = 96, "texture_size must be a power of two" },
        { request => request.OcclusionRayCount = 3, "occlusion_ray_count must be 4 to 256" },
        { request => request.OcclusionRayCount = 257, "occlusion_ray_count" },
    };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public void TryParse_BadRequest_NamesTheField(Action<BakeRequest> spoil, string named)
    {
        var request = new BakeRequest { MeshArtifactId = Unknown };
        Assert.True(BakeJob.TryParse(request, out var job, out _));
        Assert.Equal((null, null, 32), (job.DetailId, job.ViewsId, job.RayCount));

        spoil(request);

        Assert.False(BakeJob.TryParse(request, out _, out var problem));
        Assert.Contains(named, problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bake_WrongArtifacts_AreRefusedWithTheirReason()
    {
        await using var host = await AppearanceHost.StartAsync("--Appearance:MaxDetailFaces=1");
        var mesh = await PutAsync(host, Square, new GlbMaterial());
        var text = await host.Artifacts.PutAsync("text"u8.ToArray());

        await RefusedAsync(host, new BakeRequest { MeshArtifactId = text }, StatusCode.InvalidArgument, "mesh artifact: not a GLB");
        await RefusedAsync(host, new BakeRequest { MeshArtifactId = mesh, ViewsArtifactId = text }, StatusCode.InvalidArgument, "views artifact");
        await RefusedAsync(host, new BakeRequest { MeshArtifactId = mesh, OrmViewsArtifactId = text }, StatusCode.InvalidArgument, "ORM views artifact");
        await RefusedAsync(host, new BakeRequest { MeshArtifactId = mesh, ControlsArtifactId = text }, StatusCode.InvalidArgument, "controls artifact");
        await RefusedAsync(host, new BakeRequest { MeshArtifactId = mesh, DetailArtifactId = Unknown }, StatusCode.NotFound, "no artifact");
        await RefusedAsync(
            host, new BakeRequest { MeshArtifactId = mesh, DetailArtifactId = mesh }, StatusCode.InvalidArgument, "detail artifact: 2 triangles; 1 to 1");
    }

    private static Task<string> PutAsync(AppearanceHost host, TriangleMesh mesh, GlbMaterial material) =>
        host.Artifacts.PutAsync(Glb.Write(new GlbAsset(mesh, material)));

    private static async Task<List<BakeResponse>> BakeAsync(AppearanceHost host, BakeRequest request)
    {
        using var call = host.Client.Bake(request, deadline: DateTime.UtcNow + AppearanceHost.Timeout);
        return await call.ResponseStream.ReadAllAsync().ToListAsync();
    }

    private static async Task RefusedAsync(AppearanceHost host, BakeRequest request, StatusCode status, string reason)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => BakeAsync(host, request));

        Assert.Equal(status, refused.StatusCode);
        Assert.Contains(reason, refused.Status.Detail, StringComparison.Ordinal);
    }

    private static void AssertAll(byte[] expected, byte[]? png)
    {
        var bytes = Png.Read(png, "texture").ToBytes();
        Assert.All(Enumerable.Range(0, bytes.Length), i => Assert.Equal(expected[i % expected.Length], bytes[i]));
    }
}
