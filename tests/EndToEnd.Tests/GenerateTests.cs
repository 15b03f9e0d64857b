using System.Text.Json.Nodes;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Scenes;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.EndToEnd.Tests;

/// <summary>The main job through real processes and a real Redis, as a user runs it.</summary>
[Collection("mesh")] // one mesh at a time
public sealed class GenerateTests : IDisposable
{
    private readonly List<double> _fitted = [];
    private readonly List<double> _heldOut = [];
    private readonly List<double> _psnr = [];
    private readonly string _directory = Directory.CreateTempSubdirectory("realiz3d-end-to-end-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Mesh_MakesAnAsset_TellsFaultsInASentence_AndLeavesNoProcess()
    {
        await using var mesh = await RunningMesh.StartAsync(_directory);
        var processes = mesh.Processes();
        Assert.InRange(processes.Count, 9, 40); // app host, two Redis, five services, gateway and Studio

        await AssertAllHealthyAsync(mesh.Resources);

        // 1. Scenes become sealed GLBs, sheets and reports, and the assets are what the scenes are.
        foreach (var category in new[] { SceneCategory.Vase, SceneCategory.Chair })
        {
            var name = category.ToString().ToLowerInvariant();
            var made = await mesh.GenerateAsync("--scene", name, "--seed", "7", "--out", At(name + ".glb"));
            Assert.True(made.ExitCode == 0, made.Error + mesh.Log());
            Assert.Equal($"{At(name)}.glb  {At(name)}.png  {At(name)}.json\n", made.Output);
            var report = JsonNode.Parse(await File.ReadAllTextAsync(At(name + ".json")))!;
            var asset = Glb.Read(await File.ReadAllBytesAsync(At(name + ".glb")), name);
            AssertReport(report, name);
            AssertAsset(asset, report, name);
            Compare(asset, report, SceneObject.FromSeed(7, category));
        }

        AssertBounds();

        // 2. Bad input gets one sentence and a non-zero exit.
        var (code, output, error) = await mesh.GenerateAsync("--scene", "zorgon", "--out", At("zorgon.glb"));
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

    private static async Task AssertAllHealthyAsync(string resources)
    {
        using var client = new HttpClient();
        var list = JsonNode.Parse(await client.GetStringAsync(resources))!.AsArray();
        Assert.Equal(
            ["appearance", "cache", "denoiser-0", "gateway", "geometry", "jobs", "metrics", "queue", "studio"],
            list.Select(resource => (string)resource!["name"]!));
        Assert.All(list, resource => Assert.Equal(("Running", "Healthy"), ((string?)resource!["state"], (string?)resource["health"])));
        var said = JsonNode.Parse(await client.GetStringAsync($"{resources}/queue/logs"))!.AsArray();
        Assert.Contains(said, line => ((string)line!["text"]!).Contains("Ready to accept connections", StringComparison.Ordinal));
    }

    private void AssertReport(JsonNode report, string scene)
    {
        Assert.Equal(("scene", scene, 7), ((string?)report["source"], (string?)report["scene"], (int?)report["seed"]));
        Assert.Equal(
            ["views", "geometry", "appearance", "metrics"], report["secondsPerStage"]!.AsObject().Select(stage => stage.Key));
        Assert.InRange((double)report["report"]!["texelCoverage"]!, 0.5, 1);

        var sheet = Png.Read(File.ReadAllBytes(At(scene + ".png")), "the sheet");
        Assert.InRange((double)sheet.Width / sheet.Height, 2.8, 3.2); // two rows of six square pictures, with gaps
    }

    private static void AssertAsset(GlbAsset asset, JsonNode report, string scene)
    {
        var inspection = MeshInspection.Of(asset.Mesh);
        Assert.True(inspection.Closed && inspection.Manifold);
        Assert.Equal((int)report["report"]!["mesh"]!["faces"]!, inspection.FaceCount);
        Assert.NotNull(asset.Mesh.Uvs);
        Assert.NotNull(asset.Material.BaseColorPng);
        Assert.True(JsonNode.DeepEquals(report["report"], asset.Extras!["report"]));
        Assert.Equal(scene, (string?)asset.Extras["provenance"]!["scene"]);
    }

    private void Compare(GlbAsset asset, JsonNode report, SceneObject scene)
    {
        var fitted = report["report"]!["views"]!.AsArray().Select(view => (double)view!["silhouetteIou"]!).ToArray();
        Assert.Equal(6, fitted.Length);
        Assert.Equal(fitted.Average(), (double)report["report"]!["meanSilhouetteIou"]!, 1e-6);

        var (renderer, truth) = (AssetRenderer.Of(asset, "the asset"), SceneFidelity.Render(scene, SceneFidelity.HeldOut));
        _fitted.AddRange(fitted);
        _heldOut.AddRange(Silhouettes.Ious(renderer, truth));
        _psnr.Add(SceneFidelity.Psnr(renderer, truth));
    }

    // Those of `mesh bench reconstruct`, which takes an object of every category; here it is the files that users get.
    private void AssertBounds()
    {
        Assert.InRange(_fitted.Min(), 0.90, 1);
        Assert.InRange(Statistics.Median(_fitted), 0.97, 1);
        Assert.InRange(Statistics.Median(_heldOut), 0.93, 1);
        Assert.All(_psnr, decibels => Assert.InRange(decibels, 26, 100));
    }

    private static string LastLine(string text) => text.TrimEnd('\n').Split('\n')[^1];

    private string At(string name) => Path.Combine(_directory, name);
}
