using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Grpc.Net.Client;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.Benchmarks.Generation;

/// <summary>Sixteen prompts times three seeds through the whole mesh: silhouettes, categories, colours, time and memory.</summary>
/// <remarks>
/// 1. Each job that has no record in the output folder runs, one at a time on the warm mesh. 2. Its files are kept and
/// judged. 3. All records are summed up, and the sheets of the first seed are joined to one picture.
/// </remarks>
internal sealed class GenerateBench(JobRunner runner, AssetJudge judge, int meshProcess, string folder)
{
    private const int Seeds = 3;

    /// <summary>Runs what is missing and prints the summary.</summary>
    /// <param name="gateway">Address of the mesh.</param>
    /// <param name="meshProcess">Process id of its app host.</param>
    /// <param name="classifier">Folder of the classifier's weights.</param>
    /// <param name="folder">Where records and files go, in a folder of their own for each model and build.</param>
    /// <param name="cancel">Stops after the current job.</param>
    /// <returns>Whether all bounds hold.</returns>
    public static async Task<bool> RunAsync(Uri gateway, int meshProcess, string classifier, string folder, CancellationToken cancel)
    {
        using var channel = GrpcChannel.ForAddress(gateway);
        var denoiser = new DenoiserService.DenoiserServiceClient(channel);
        var model = (await denoiser.LoadModelAsync(new LoadModelRequest(), cancellationToken: cancel)).Model.ModelHash;
        var build = Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        var place = Path.Combine(folder, $"{model[..8]}-{build.Split('+')[^1][..8]}");
        return await new GenerateBench(new JobRunner(channel), AssetJudge.Open(classifier), meshProcess, place).RunAsync(cancel);
    }

    private async Task<bool> RunAsync(CancellationToken cancel)
    {
        List<BenchRecord> records = [];
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            foreach (var prompt in BenchPrompts.All)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{prompt.Name}-{seed}");
                var record = BenchRecord.TryRead(Path.Combine(folder, name, "record.json")) ?? await MeasureAsync(prompt, seed, name, cancel);
                records.Add(record);
                Console.WriteLine(
                    $"{name,-12} IoU {record.MeanIou:F3}  named {record.Category,-9} colour {record.Colour,-7} {record.Seconds,5:F1} s  {record.PeakBytes / 1048576.0,5:F0} MiB");
            }
        }

        // 3.
        var holds = new BenchSummary(records).Print();
        var sheet = Path.Combine(folder, "sheet.png");
        await File.WriteAllBytesAsync(sheet, SheetOfSheets.Join([.. BenchPrompts.All.Select(p => Path.Combine(folder, $"{p.Name}-0", "sheet.png"))]), cancel);
        Console.WriteLine($"the sheets of seed 0: {sheet}");
        return holds;
    }

    private async Task<BenchRecord> MeasureAsync(BenchPrompt prompt, ulong seed, string name, CancellationToken cancel)
    {
        // 1.
        var clock = Stopwatch.StartNew();
        Job job;
        long peak;
        await using (var memory = new MeshMemory(meshProcess))
        {
            job = await runner.RunAsync(new JobSpec { Prompt = prompt.Text, Seed = seed }, cancel);
            clock.Stop();
            peak = memory.PeakBytes;
        }

        // 2.
        var place = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        foreach (var (kind, file) in new[] { (JobFile.Asset, "asset.glb"), (JobFile.Sheet, "sheet.png"), (JobFile.Report, "report.json"), (JobFile.Views, "views.safetensors") })
        {
            await File.WriteAllBytesAsync(Path.Combine(place, file), await runner.DownloadAsync(job.JobId, kind, cancel), cancel);
        }

        var verdict = judge.Judge(await File.ReadAllBytesAsync(Path.Combine(place, "asset.glb"), cancel), name);
        var record = new BenchRecord(
            prompt.Name, seed, MeanIou(Path.Combine(place, "report.json")), verdict.Category, verdict.Colour, clock.Elapsed.TotalSeconds,
            job.FinishedStages.ToDictionary(stage => stage.Stage.ToString(), stage => stage.Duration.ToTimeSpan().TotalSeconds), peak);
        record.Write(Path.Combine(place, "record.json"));
        return record;
    }

    private static double MeanIou(string report)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(report));
        return json.RootElement.GetProperty("report").GetProperty("meanSilhouetteIou").GetDouble();
    }
}
