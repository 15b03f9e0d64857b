using System.Diagnostics;
using Grpc.Net.Client;
using Realiz3D.Mesh.Benchmarks.Generation;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Benchmarks.Soak;

/// <summary>Thousands of calls of all kinds, many of them cut short, and what they leave behind in the processes.</summary>
/// <remarks>
/// 1. Start a mesh of its own and the server of <see cref="OwnCalls"/>, each process with a <see cref="Probe"/>; make one
/// asset. 2. Make the calls up to a number and take a checkpoint. 3. Make the others and take another. 4. Compare.
/// </remarks>
internal static class SoakBench
{
    /// <summary>Runs it.</summary>
    /// <param name="calls">Calls to make.</param>
    /// <param name="from">Memory is held against that after so many calls. A shorter run sees to it that no tensor is left to the collector.</param>
    /// <param name="seed">Draws the calls.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Whether all bounds hold.</returns>
    public static async Task<bool> RunAsync(int calls, int from, int seed, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("realiz3d-soak-").FullName;
        try
        {
            return await RunAsync(folder, calls, from, seed, cancel);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<bool> RunAsync(string folder, int calls, int from, int seed, CancellationToken cancel)
    {
        // 1.
        var probes = Directory.CreateDirectory(Path.Combine(folder, "probes")).FullName;
        var settings = Settings(probes, watchCollector: calls <= from);
        Environment.SetEnvironmentVariable(Probe.FolderVariable, probes);
        Probe.Open();
        await using var mesh = await RunningMesh.StartAsync(folder, settings);
        using var server = StartServer(settings);
        try
        {
            using var gateway = Open(mesh.Gateway);
            using var own = Open((await server.StandardOutput.ReadLineAsync(cancel))!);
            var job = await new JobRunner(gateway).RunAsync(new JobSpec { Scene = "vase", Seed = 7 }, cancel);
            var run = new SoakRun([.. new OwnCalls(own).Kinds, .. new MeshCalls(gateway, job).Kinds], seed);
            var denoiser = new DenoiserService.DenoiserServiceClient(gateway);
            var report = await RunAsync(run, calls, from, probes, denoiser, cancel);

            // 4.
            var problems = run.Problems.Concat(report.Breaches()).ToList();
            string[] lines = [.. run.Tally(), "", .. report.Table(), "", .. problems];
            Array.ForEach(lines, Console.WriteLine);
            Console.WriteLine(problems.Count == 0 ? $"{calls} calls: nothing is left." : $"{calls} calls: {problems.Count} problems.");
            return problems.Count == 0;
        }
        finally
        {
            server.StandardInput.Close();
            await server.WaitForExitAsync(CancellationToken.None);
            await mesh.StopAsync();
        }
    }

    // As the mesh's own clients connect.
    private static GrpcChannel Open(string address) =>
        GrpcChannel.ForAddress(address, new GrpcChannelOptions { HttpHandler = new CancelledReads(new SocketsHttpHandler()), DisposeHttpClient = true });

    private static async Task<SoakReport> RunAsync(
        SoakRun run, int calls, int from, string probes, DenoiserService.DenoiserServiceClient denoiser, CancellationToken cancel)
    {
        var boundsMemory = calls > from;
        async Task<Checkpoint> TakeAsync(int number)
        {
            // The model is loaded and complete in memory at each checkpoint, whatever the calls before have done.
            await denoiser.LoadModelAsync(new LoadModelRequest(), cancellationToken: cancel);
            await run.WarmUpAsync(cancel);
            return await Checkpoint.TakeAsync(
                number, probes, async () => await denoiser.UnloadModelAsync(new UnloadModelRequest(), cancellationToken: cancel), boundsMemory, cancel);
        }

        var clock = Stopwatch.StartNew();
        await run.WarmUpAsync(cancel);
        if (boundsMemory)
        {
            await run.FillLogsAsync(cancel);
        }

        // 2.
        await run.RunAsync(0, Math.Min(calls, from), cancel);
        var first = await TakeAsync(Math.Min(calls, from));
        await Console.Error.WriteLineAsync($"soak: {first.Calls} calls after {clock.Elapsed.TotalSeconds:F0} s");

        // 3.
        if (!boundsMemory)
        {
            return new SoakReport(first, first);
        }

        await run.RunAsync(from, calls, cancel);
        var last = await TakeAsync(calls);
        await Console.Error.WriteLineAsync($"soak: {last.Calls} calls after {clock.Elapsed.TotalSeconds:F0} s");
        return new SoakReport(first, last);
    }

    private static Dictionary<string, string> Settings(string probes, bool watchCollector) => new()
    {
        ["DOTNET_STARTUP_HOOKS"] = typeof(SoakBench).Assembly.Location,
        [Probe.FolderVariable] = probes,
        [ForgottenTensors.Variable] = watchCollector ? "1" : "",
        ["Gateway__CallsPerSecond"] = "1000000", // one client stands for many
        ["Gateway__Burst"] = "1000000",
    };

    private static Process StartServer(Dictionary<string, string> settings)
    {
        var start = new ProcessStartInfo("dotnet", [RunningMesh.ProgramPath("Benchmarks"), "soak-server"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            Environment = { ["OTEL_SERVICE_NAME"] = "soak-server" },
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
