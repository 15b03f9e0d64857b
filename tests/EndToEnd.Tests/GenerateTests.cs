using System.Text.Json.Nodes;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.EndToEnd.Tests;

/// <summary>The main job through real processes and a real Redis, as a user runs it.</summary>
public sealed class GenerateTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("realiz3d-end-to-end-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Mesh_MakesAnAsset_TellsFaultsInASentence_AndLeavesNoProcess()
    {
        await using var mesh = await RunningMesh.StartAsync(_directory);
        var processes = mesh.Processes();
        Assert.InRange(processes.Count, 9, 40); // app host, two Redis, five services, gateway and Studio

        // 1. A scene becomes a sealed GLB, a sheet and a report.
        var (code, output, error) = await mesh.GenerateAsync("--scene", "vase", "--seed", "7", "--out", At("vase.glb"));
        Assert.True(code == 0, error + mesh.Log());
        Assert.Equal($"{At("vase.glb")}  {At("vase.png")}  {At("vase.json")}\n", output);
        AssertAsset(JsonNode.Parse(await File.ReadAllTextAsync(At("vase.json")))!);

        // 2. Bad input gets one sentence and a non-zero exit.
        (code, output, error) = await mesh.GenerateAsync("--scene", "zorgon", "--out", At("zorgon.glb"));
        Assert.Equal((1, "", false), (code, output, File.Exists(At("zorgon.glb"))));
        Assert.StartsWith("mesh: category must be one of", LastLine(error), StringComparison.Ordinal);

        // 3. So does a Redis that is lost while a job runs.
        var silenced = false;
        (code, _, error) = await mesh.GenerateAsync(
            line =>
            {
                if (!silenced && line.StartsWith("2/4 geometry", StringComparison.Ordinal))
                {
                    silenced = true;
                    mesh.SignalQueue("STOP");
                }
            },
            "--scene", "mug", "--out", At("mug.glb"));
        mesh.SignalQueue("CONT");
        Assert.True(silenced);
        Assert.Equal(1, code);
        Assert.StartsWith("mesh: The job store does not answer", LastLine(error), StringComparison.Ordinal);

        // 4. Ctrl+C leaves no process.
        processes = mesh.Processes();
        await mesh.StopAsync();
        Assert.DoesNotContain(processes, process => RunningMesh.CommandOf(process).Length > 0);
    }

    private void AssertAsset(JsonNode report)
    {
        Assert.Equal(("scene", "vase", 7), ((string?)report["source"], (string?)report["scene"], (int?)report["seed"]));
        Assert.Equal(
            ["views", "geometry", "appearance", "metrics"], report["secondsPerStage"]!.AsObject().Select(stage => stage.Key));
        Assert.InRange((double)report["report"]!["meanSilhouetteIou"]!, 0.9, 1);
        Assert.InRange((double)report["report"]!["texelCoverage"]!, 0.5, 1);

        var asset = Glb.Read(File.ReadAllBytes(At("vase.glb")), "vase.glb");
        var inspection = MeshInspection.Of(asset.Mesh);
        Assert.True(inspection.Closed && inspection.Manifold);
        Assert.Equal((int)report["report"]!["mesh"]!["faces"]!, inspection.FaceCount);
        Assert.NotNull(asset.Mesh.Uvs);
        Assert.NotNull(asset.Material.BaseColorPng);
        Assert.True(JsonNode.DeepEquals(report["report"], asset.Extras!["report"]));
        Assert.Equal("vase", (string?)asset.Extras["provenance"]!["scene"]);

        var sheet = Png.Read(File.ReadAllBytes(At("vase.png")), "vase.png");
        Assert.InRange((double)sheet.Width / sheet.Height, 2.8, 3.2); // two rows of six square pictures, with gaps
    }

    private static string LastLine(string text) => text.TrimEnd('\n').Split('\n')[^1];

    private string At(string name) => Path.Combine(_directory, name);
}
