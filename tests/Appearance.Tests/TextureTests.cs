using System.Numerics;
using Grpc.Core;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;

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
        AssertPreviews(messages[..^1].Select(message => message.Progress), expected: [1, 2, 3]);
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
        Assert.Equal(result.UnseenArtifactId, asset.Extras!["appearance"]!["unseenMask"]!.GetValue<string>());
    }

    [Fact]
    public async Task Texture_MasksWhatNoViewSaw()
    {
        await using var host = await AppearanceHost.StartAsync();
        var (mesh, _) = await host.PutSphereAsync(Vector3.One);
        var sphere = new PaintedSphere(0.4f, _ => Vector3.One / 2, n => StudioLight.Irradiance(n.X, n.Y, n.Z));
        var front = await host.Artifacts.PutAsync(sphere.Views([CameraRig.At(0, 0)], 64).ToBytes());

        var result = (await TextureAsync(host, new TextureRequest { MeshArtifactId = mesh, ViewsArtifactId = front, TextureSize = 128 }))[^1].Result;

        var mask = Png.Read(await host.Artifacts.ReadAsync(result.UnseenArtifactId), "mask");
        Assert.Equal((128, 128, 1), (mask.Width, mask.Height, mask.Channels));
        var asset = Glb.Read(await host.Artifacts.ReadAsync(result.AssetArtifactId), "asset").Mesh;
        var bytes = mask.ToBytes();
        for (var face = 0; face < asset.FaceCount; face++)
        {
            var corners = asset.Indices.AsSpan(3 * face, 3);
            var middle = (asset.Position(corners[0]) + asset.Position(corners[1]) + asset.Position(corners[2])) / 3;
            var (u, v) = (0f, 0f);
            foreach (var corner in corners)
            {
                (u, v) = (u + (asset.Uvs![2 * corner] / 3), v + (asset.Uvs[(2 * corner) + 1] / 3));
            }

            var eye = new Vector3(0, 0, (float)CameraRig.Radius);
            var facing = Vector3.Dot(Vector3.Normalize(middle), Vector3.Normalize(eye - middle));
            if (Math.Abs(facing - 0.1) > 0.1) // from a cosine of 0.1 on a view counts; a texel is 0.02 m wide
            {
                Assert.Equal(facing < 0 ? 255 : 0, bytes[((int)(v * 128) * 128) + (int)(u * 128)]);
            }
        }
    }

    internal static void AssertPreviews(IEnumerable<StageProgress> progress, int[] expected)
    {
        var shown = progress.Where(step => !step.PreviewPng.IsEmpty).ToArray();
        Assert.Equal(expected, shown.Select(step => step.Step));
        Assert.All(shown, step =>
        {
            Assert.InRange(step.PreviewPng.Length, 100, 65536);
            var picture = Png.Read(step.PreviewPng.Span, "preview").ToBytes();
            var covered = picture.Where((value, i) => i % 3 == 2 && value != picture[2]).Count(); // the corner shows no surface
            Assert.InRange(covered / (picture.Length / 3.0), 0.1, 0.9);
        });
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
