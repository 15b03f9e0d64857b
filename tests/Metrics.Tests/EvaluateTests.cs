using System.Numerics;
using System.Text.Json.Nodes;
using Grpc.Core;
using Realiz3D.Mesh.Contracts.Measuring.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;

namespace Realiz3D.Mesh.Measuring.Tests;

public sealed class EvaluateTests
{
    private static readonly string Unknown = new('a', 64);

    // White under the studio light, as an asset without texture is shown.
    private static PaintedSphere White(float radius) =>
        new(radius, _ => Vector3.One, n => StudioLight.Irradiance(n.X, n.Y, n.Z));

    private static byte[] Sphere(double radius, JsonObject? extras = null) =>
        Glb.Write(new GlbAsset(TestMeshes.Sphere(radius, 5), new GlbMaterial(), extras));

    [Fact]
    public async Task Evaluate_SphereAgainstALargerOne_MatchesTheClosedForm()
    {
        await using var host = await MetricsHost.StartAsync();
        var asset = await host.Artifacts.PutAsync(Sphere(0.3));
        var views = await host.Artifacts.PutAsync(White(0.4f).Views(CameraRig.Zero123PlusV12, 64).ToBytes());

        var messages = await host.EvaluateAsync(asset, views);

        // From distance d a sphere of radius r is a disc with the square of its radius in proportion to r^2 / (d^2 - r^2).
        static double Disc(double r) => r * r / ((CameraRig.Radius * CameraRig.Radius) - (r * r));
        Assert.Equal([0, 1, 2, 3, 4, 5, 6], messages[..^1].Select(message => message.Progress.Step));
        var result = messages[^1].Result;
        Assert.Equal(6, result.Views.Count);
        Assert.All(result.Views, view => Assert.Equal(Disc(0.3) / Disc(0.4), view.SilhouetteIou, 0.01)); // one pixel is 0.001
        Assert.Equal(result.Views.Average(view => view.SilhouetteIou), result.MeanSilhouetteIou, 1e-12);
        Assert.Equal(
            CameraRig.Zero123PlusV12.Select(camera => (camera.AzimuthDegrees, camera.ElevationDegrees)),
            result.Views.Select(view => (view.AzimuthDegrees, view.ElevationDegrees)));
    }

    [Fact]
    public async Task Evaluate_TheSameSphere_IsPerfect_AndItsSheetShowsBothRows()
    {
        await using var host = await MetricsHost.StartAsync();
        var extras = new JsonObject { ["appearance"] = new JsonObject { ["texelCoverage"] = 0.75 } };
        var asset = await host.Artifacts.PutAsync(Sphere(0.4, extras));
        var views = await host.Artifacts.PutAsync(White(0.4f).Views([CameraRig.At(0, 0), CameraRig.At(90, 0)], 64).ToBytes());

        var result = (await host.EvaluateAsync(asset, views))[^1].Result;

        Assert.True(result.MeanSilhouetteIou > 0.995, $"{result.MeanSilhouetteIou}");
        Assert.Equal((4098L, 8192L, true, true, 1, 2L), (
            result.Mesh.VertexCount, result.Mesh.FaceCount, result.Mesh.Closed, result.Mesh.Manifold,
            result.Mesh.ComponentCount, result.Mesh.EulerCharacteristic));
        Assert.Equal((0, true, true, 0L), (result.Mesh.Genus, result.Mesh.HasGenus, result.Mesh.WindingConsistent, result.Mesh.DegenerateFaceCount));
        Assert.Equal(4 * Math.PI * 0.4 * 0.4, result.Mesh.Area, 0.005);
        Assert.Equal(0.75, result.TexelCoverage);

        var sheet = Png.Read(await host.Artifacts.ReadAsync(result.SheetArtifactId), "sheet");
        Assert.Equal((4 + (2 * 68), 4 + (2 * 68), 3), (sheet.Width, sheet.Height, sheet.Channels));
        var center = Pixel(sheet, 4 + 32, 4 + 32);
        var front = Srgb.ToByte(StudioLight.Irradiance(0, 0, 1));
        Assert.InRange(center, front - 2, front + 2);
        Assert.InRange(Pixel(sheet, 4 + 32, 4 + 68 + 32), center - 2, center + 2); // the asset, below the view
        Assert.Equal(255, Pixel(sheet, 5, 5)); // nothing there: white
    }

    [Fact]
    public async Task Evaluate_ExtrasWithoutCoverage_LeaveItUnset()
    {
        await using var host = await MetricsHost.StartAsync();
        var views = await host.Artifacts.PutAsync(White(0.4f).Views([CameraRig.At(0, 0)], 16).ToBytes());

        var result = (await host.EvaluateAsync(await host.Artifacts.PutAsync(Sphere(0.4)), views))[^1].Result;

        Assert.False(result.HasTexelCoverage);
    }

    [Fact]
    public async Task Evaluate_WrongArtifacts_AreRefusedWithTheirReason()
    {
        await using var host = await MetricsHost.StartAsync();
        var asset = await host.Artifacts.PutAsync(Sphere(0.4));

        await RefusedAsync(host, "x", asset, StatusCode.InvalidArgument, "asset_artifact_id");
        await RefusedAsync(host, asset, "x", StatusCode.InvalidArgument, "views_artifact_id");
        await RefusedAsync(host, asset, Unknown, StatusCode.NotFound, "no artifact");
        await RefusedAsync(host, asset, asset, StatusCode.InvalidArgument, "views artifact");
    }

    [Fact]
    public void TryParse_LongPrompt_IsRefused()
    {
        var request = new EvaluateRequest { AssetArtifactId = Unknown, ViewsArtifactId = Unknown, Prompt = new string('x', 2001) };

        Assert.False(EvaluateJob.TryParse(request, out _, out var problem));
        Assert.Contains("2000", problem, StringComparison.Ordinal);
    }

    private static byte Pixel(PngImage image, int x, int y) => (byte)image.Samples[3 * ((y * image.Width) + x)];

    private static async Task RefusedAsync(MetricsHost host, string asset, string views, StatusCode status, string reason)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => host.EvaluateAsync(asset, views));

        Assert.Equal(status, refused.StatusCode);
        Assert.Contains(reason, refused.Status.Detail, StringComparison.Ordinal);
    }
}
