using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using Realiz3D.Mesh.Benchmarks.Generation;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Benchmarks.Pods;

/// <summary>What became of a job.</summary>
/// <param name="State">How it ended.</param>
/// <param name="Asset">Its asset; empty where it made none.</param>
/// <param name="KilledAt">Step after which the pod that painted was killed; 0 for none.</param>
/// <param name="Seconds">From submit to the end.</param>
internal sealed record JobFate(JobState State, byte[] Asset, int KilledAt, double Seconds);

/// <summary>A whole job of realiz3d-mini through a whole mesh, with and without the death of the pod that paints.</summary>
internal static class KilledPod
{
    private const int Steps = 20;
    private const int KillAfter = 12; // the last saved state is that of step 10

    /// <summary>Runs the job in a mesh of its own.</summary>
    /// <param name="pods">Denoiser pods.</param>
    /// <param name="kill">Whether the pod that paints is killed in the middle of a step.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<JobFate> RunAsync(int pods, bool kill, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("realiz3d-pods-").FullName;
        try
        {
            await using var mesh = await RunningMesh.StartAsync(folder, new Dictionary<string, string>
            {
                ["REALIZ3D_DENOISERS"] = pods.ToString(CultureInfo.InvariantCulture),
            });
            using var gateway = GrpcChannel.ForAddress(mesh.Gateway);
            var fate = await RunAsync(mesh, gateway, kill, cancel);
            await mesh.StopAsync();
            return fate;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<JobFate> RunAsync(RunningMesh mesh, GrpcChannel gateway, bool kill, CancellationToken cancel)
    {
        var jobs = new JobService.JobServiceClient(gateway);
        var clock = Stopwatch.StartNew();
        var spec = new JobSpec { Prompt = "a glossy red ceramic vase", Seed = 7, StepCount = Steps };
        var job = (await jobs.SubmitAsync(
            new SubmitRequest { IdempotencyKey = Guid.NewGuid().ToString("N"), Spec = spec }, cancellationToken: cancel)).Job;
        var killedAt = 0;
        using var watch = jobs.Watch(new WatchRequest { JobId = job.JobId }, cancellationToken: cancel);
        await foreach (var news in watch.ResponseStream.ReadAllAsync(cancel))
        {
            job = news.Job ?? job;
            if (kill && killedAt == 0 && news is { Stage: Stage.Views, Progress: { Message: "painting", Step: >= KillAfter and < Steps } })
            {
                killedAt = news.Progress.Step;
                await KillTheBusyOneAsync(mesh, cancel);
            }
        }

        var seconds = clock.Elapsed.TotalSeconds;
        var asset = job.State == JobState.Succeeded
            ? await new JobRunner(gateway).DownloadAsync(job.JobId, JobFile.Asset, cancel)
            : [];
        return new JobFate(job.State, asset, killedAt, seconds);
    }

    // Only one of the denoisers has work: the one whose processor time grows.
    private static async Task KillTheBusyOneAsync(RunningMesh mesh, CancellationToken cancel)
    {
        var denoisers = mesh.Processes()
            .Where(process => RunningMesh.CommandOf(process).Contains("Realiz3D.Mesh.Denoiser.dll", StringComparison.Ordinal))
            .Select(Process.GetProcessById)
            .ToArray();
        var before = denoisers.Select(denoiser => denoiser.TotalProcessorTime).ToArray();
        await Task.Delay(100, cancel);
        var busy = denoisers.Zip(before).MaxBy(pair =>
        {
            pair.First.Refresh();
            return pair.First.TotalProcessorTime - pair.Second;
        }).First;
        busy.Kill();
        Array.ForEach(denoisers, denoiser => denoiser.Dispose());
    }
}
