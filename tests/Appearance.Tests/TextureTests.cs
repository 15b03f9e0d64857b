using System.Numerics;
using Grpc.Core;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Texturing.Tests;

public sealed class TextureTests
{
    private static readonly string Unknown = new('a', 64);

    [Fact]
    public async Task Texture_StreamsProgressThenTheAsset()
    {
        await using var host = await AppearanceHost.StartAsync();
        var color = new Vector3(0.6f, 0.2f, 0.05f);
        var (mesh, views) = await host.PutSphereAsync(color);

        var messages = await TextureAsync(host, new TextureRequest
        {
            MeshArtifactId = mesh, ViewsArtifactId = views, Prompt = "a ceramic ball", TextureSize = 128,
        });

        Assert.All(messages[..^1], message => Assert.Equal(5, message.Progress.StepCount));
        Assert.Equal([0, 1, 2, 3, 4], messages[..^1].Select(message => message.Progress.Step));
        var result = messages[^1].Result;
        Assert.Equal((128, MaterialSource.Prompt, "ceramic", 0.25f, 0f), (
            result.TextureSize, result.MaterialSource, result.MaterialWord, result.Roughness, result.Metallic));
        Assert.InRange(result.TexelCoverage, 0.85, 1);

        var asset = Glb.Read(await host.Artifacts.ReadAsync(result.AssetArtifactId), "asset");
        var found = MeshInspection.Of(asset.Mesh);
        Assert.True(found.Closed && found.Manifold);
        Assert.Equal((2048, 2), (found.FaceCount, found.EulerCharacteristic));
        var texture = Png.Read(asset.Material.BaseColorPng, "base colour");
        Assert.Equal((128, 128, 3), (texture.Width, texture.Height, texture.Channels));
        var expected = new[] { Srgb.ToByte(color.X), Srgb.ToByte(color.Y), Srgb.ToByte(color.Z) };
        var bytes = texture.ToBytes();
        Assert.All(Enumerable.Range(0, bytes.Length), i => Assert.InRange(bytes[i], expected[i % 3] - 6, expected[i % 3] + 6));
        Assert.Equal([255, 64, 0], Png.Read(asset.Material.OrmPng, "orm").ToBytes()[..3]);
        Assert.Equal(result.TexelCoverage, asset.Extras!["appearance"]!["texelCoverage"]!.GetValue<double>());
        Assert.Equal("prompt", asset.Extras!["appearance"]!["materialSource"]!.GetValue<string>());
    }

    [Fact]
    public async Task Texture_SameRequest_GivesTheSameAsset()
    {
        await using var host = await AppearanceHost.StartAsync("--Appearance:TextureSize=64");
        var (mesh, views) = await host.PutSphereAsync(Vector3.One / 2);
        var request = new TextureRequest { MeshArtifactId = mesh, ViewsArtifactId = views };

        var (first, second) = (await TextureAsync(host, request), await TextureAsync(host, request));

        Assert.Equal(first[^1].Result, second[^1].Result);
        Assert.Equal(64, first[^1].Result.TextureSize);
    }

    [Theory]
    [InlineData("a red vase", null, null, 0.6f, 0f, MaterialSource.Default, "")]
    [InlineData("a golden vase", null, null, 0.25f, 1f, MaterialSource.Prompt, "gold")]
    [InlineData("a golden vase", 0.5f, null, 0.5f, 1f, MaterialSource.Request, "")]
    [InlineData("", 0f, 0.75f, 0f, 0.75f, MaterialSource.Request, "")]
    public void MaterialChoice_RequestBeforePromptBeforeDefault(
        string prompt, float? askedRoughness, float? askedMetallic, float roughness, float metallic, MaterialSource source, string word)
    {
        var choice = MaterialChoice.For(new TextureJob(Unknown, Unknown, prompt, askedRoughness, askedMetallic));

        Assert.Equal(new MaterialChoice(roughness, metallic, source, word), choice);
    }

    public static TheoryData<Action<TextureRequest>, string> BadRequests => new()
    {
        { request => request.MeshArtifactId = "../etc/passwd", "mesh_artifact_id" },
        { request => request.ViewsArtifactId = "", "views_artifact_id" },
        { request => request.Prompt = new string('x', 2001), "prompt may have at most 2000" },
        { request => request.Roughness = 1.01f, "roughness must be 0 to 1" },
        { request => request.Roughness = float.NaN, "roughness must be 0 to 1" },
        { request => request.Metallic = -0.1f, "metallic must be 0 to 1" },
        { request => request.TextureSize = 100, "texture_size must be a power of two" },
        { request => request.TextureSize = 32, "texture_size" },
        { request => request.TextureSize = 8192, "texture_size" },
        { request => request.TextureSize = 0, "texture_size" },
    };

    [Theory]
    [MemberData(nameof(BadRequests))]
    public void TryParse_BadRequest_NamesTheField(Action<TextureRequest> spoil, string named)
    {
        var request = new TextureRequest { MeshArtifactId = Unknown, ViewsArtifactId = Unknown };
        Assert.True(TextureJob.TryParse(request, out _, out _));

        spoil(request);

        Assert.False(TextureJob.TryParse(request, out _, out var problem));
        Assert.Contains(named, problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Texture_WrongArtifacts_AreRefusedWithTheirReason()
    {
        await using var host = await AppearanceHost.StartAsync();
        var (mesh, views) = await host.PutSphereAsync(Vector3.One);

        await RefusedAsync(host, mesh, "nonsense", StatusCode.InvalidArgument, "views_artifact_id");
        await RefusedAsync(host, Unknown, views, StatusCode.NotFound, "no artifact");
        await RefusedAsync(host, views, views, StatusCode.InvalidArgument, "mesh artifact: not a GLB");
        await RefusedAsync(host, mesh, mesh, StatusCode.InvalidArgument, "views artifact");
    }

    [Fact]
    public async Task Texture_TooManyFaces_SaysWhatToDo()
    {
        await using var host = await AppearanceHost.StartAsync("--Appearance:MaxFaces=100");
        var (mesh, views) = await host.PutSphereAsync(Vector3.One);

        await RefusedAsync(host, mesh, views, StatusCode.InvalidArgument, "Decimate the mesh");
    }

    private static async Task<List<TextureResponse>> TextureAsync(AppearanceHost host, TextureRequest request)
    {
        using var call = host.Client.Texture(request, deadline: DateTime.UtcNow + AppearanceHost.Timeout);
        return await call.ResponseStream.ReadAllAsync().ToListAsync();
    }

    private static async Task RefusedAsync(AppearanceHost host, string mesh, string views, StatusCode status, string reason)
    {
        var request = new TextureRequest { MeshArtifactId = mesh, ViewsArtifactId = views };

        var refused = await Assert.ThrowsAsync<RpcException>(() => TextureAsync(host, request));

        Assert.Equal(status, refused.StatusCode);
        Assert.Contains(reason, refused.Status.Detail, StringComparison.Ordinal);
    }
}
