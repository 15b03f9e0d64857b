using System.Text.Json.Nodes;
using Grpc.Core;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Texturing.Tests;

public sealed class SealTests
{
    private static readonly GlbAsset Asset = new(
        new TriangleMesh([0, 0, 0, 1, 0, 0, 0, 1, 0], [0, 1, 2], [0, 0, 1, 0, 0, 1]),
        new GlbMaterial(Png.Write([1, 2, 3], 1, 1, 3), Png.Write([4, 5, 6], 1, 1, 3)),
        new JsonObject { ["appearance"] = new JsonObject { ["roughness"] = 0.25 }, ["report"] = "an older one" });

    [Fact]
    public async Task Seal_AddsReportAndProvenance_AndKeepsTheRest()
    {
        await using var host = await AppearanceHost.StartAsync();
        var id = await host.Artifacts.PutAsync(Glb.Write(Asset));

        var response = await host.Client.SealAsync(new SealRequest
        {
            AssetArtifactId = id, ProvenanceJson = """{"prompt":"a vase","seed":7}""", ReportJson = """{"iou":[0.9,1]}""",
        });

        var seal = Glb.Read(await host.Artifacts.ReadAsync(response.AssetArtifactId), "sealed");
        var expected = JsonNode.Parse(
            """{"appearance":{"roughness":0.25},"report":{"iou":[0.9,1]},"provenance":{"prompt":"a vase","seed":7}}""");
        Assert.True(JsonNode.DeepEquals(expected, seal.Extras), seal.Extras?.ToJsonString());
        Assert.Equal(Asset.Mesh.Positions, seal.Mesh.Positions);
        Assert.Equal(Asset.Mesh.Uvs, seal.Mesh.Uvs);
        Assert.Equal(Asset.Material.BaseColorPng, seal.Material.BaseColorPng);
        Assert.Equal(Asset.Material.OrmPng, seal.Material.OrmPng);
    }

    [Theory]
    [InlineData("", "{}", "provenance_json")]
    [InlineData("[1]", "{}", "provenance_json")]
    [InlineData("{}", "{\"a\":", "report_json")]
    [InlineData("{}", "{\"a\":1,\"a\":2}", "report_json")]
    [InlineData("{}", "null", "report_json")]
    public void TryParse_BadJson_NamesTheField(string provenance, string report, string named)
    {
        var request = new SealRequest { AssetArtifactId = new string('a', 64), ProvenanceJson = provenance, ReportJson = report };

        Assert.False(SealJob.TryParse(request, out _, out var problem));
        Assert.Contains(named, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryParse_MoreThanOneMebibyte_IsRefused()
    {
        string Json(int length) => "{\"a\":\"" + new string('x', length - 8) + "\"}";
        var request = new SealRequest { AssetArtifactId = new string('a', 64), ProvenanceJson = "{}", ReportJson = Json(1 << 20) };
        Assert.True(SealJob.TryParse(request, out _, out _));

        request.ReportJson = Json((1 << 20) + 1);

        Assert.False(SealJob.TryParse(request, out _, out _));
    }

    [Fact]
    public async Task Seal_NoGlb_OrUnknown_IsRefused()
    {
        await using var host = await AppearanceHost.StartAsync();
        var text = await host.Artifacts.PutAsync("text"u8.ToArray());

        Assert.Equal(StatusCode.InvalidArgument, await StatusAsync(host, text));
        Assert.Equal(StatusCode.NotFound, await StatusAsync(host, new string('0', 64)));
        Assert.Equal(StatusCode.InvalidArgument, await StatusAsync(host, "no id"));
    }

    private static async Task<StatusCode> StatusAsync(AppearanceHost host, string id) => (await Assert.ThrowsAsync<RpcException>(
        async () => await host.Client.SealAsync(new SealRequest { AssetArtifactId = id, ProvenanceJson = "{}", ReportJson = "{}" }))).StatusCode;
}
