using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Grpc.Core;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.CommandLine;

/// <summary>One prompt becomes a GLB, by way of the gateway.</summary>
/// <remarks>
/// 1. Submit the job.
/// 2. Watch it, showing progress.
/// 3. Download asset, sheet and report.
/// 4. Tell what was made.
/// An interrupt cancels the job.
/// </remarks>
internal sealed class GenerateCommand(GenerateArguments arguments, OutputFiles files, TextWriter output, TextWriter error)
{
    private static readonly TimeSpan s_shortCall = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(5);

    /// <summary>Runs the command.</summary>
    /// <exception cref="CommandFailedException">It could not be done; the message says why.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        using var mesh = new MeshConnection(arguments.Gateway);
        var client = new JobService.JobServiceClient(mesh.Channel);
        var clock = Stopwatch.StartNew();

        // 1. submit
        var request = new SubmitRequest { IdempotencyKey = Guid.NewGuid().ToString("N"), Spec = arguments.Spec };
        var submitted = await mesh.CallAsync(async () =>
            (await client.SubmitAsync(request, deadline: In(s_shortCall), cancellationToken: stop)).Job);
        try
        {
            // 2. watch
            var job = await ProgressDisplay.ShowAsync(
                error,
                show => mesh.CallAsync(() => WatchAsync(client, submitted.JobId, news => show(JobProgress.Of(news, clock.Elapsed)), stop)));
            if (job.State != JobState.Succeeded)
            {
                throw new CommandFailedException(job.State == JobState.Canceled
                    ? "The job was cancelled."
                    : $"{job.Failure.Message} {job.Failure.Suggestion}");
            }

            // 3. download
            var report = await FetchAsync(mesh, client, job, JobFile.Report, files.Report, stop);
            await FetchAsync(mesh, client, job, JobFile.Sheet, files.Sheet, stop);
            await FetchAsync(mesh, client, job, JobFile.Asset, files.Asset, stop);

            // 4. tell
            await output.WriteLineAsync($"{files.Asset}  {files.Sheet}  {files.Report}");
            await error.WriteLineAsync(Summary(JsonNode.Parse(report)!, clock.Elapsed));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await CancelAsync(client, submitted.JobId);
            throw;
        }
    }

    private static async Task<Job> WatchAsync(
        JobService.JobServiceClient client,
        string id,
        Action<WatchResponse> show,
        CancellationToken stop)
    {
        using var call = client.Watch(new WatchRequest { JobId = id }, cancellationToken: stop);
        await foreach (var news in call.ResponseStream.ReadAllAsync(stop))
        {
            show(news);
            if (news.State is JobState.Succeeded or JobState.Failed or JobState.Canceled)
            {
                return news.Job;
            }
        }

        throw new CommandFailedException("The mesh stopped reporting before the job had ended.");
    }

    private static async Task<byte[]> FetchAsync(
        MeshConnection mesh,
        JobService.JobServiceClient client,
        Job job,
        JobFile file,
        string path,
        CancellationToken stop)
    {
        var bytes = await mesh.CallAsync(async () =>
        {
            using var call = client.Download(
                new DownloadRequest { JobId = job.JobId, File = file }, cancellationToken: stop);
            var content = new MemoryStream();
            var length = -1L;
            await foreach (var part in call.ResponseStream.ReadAllAsync(stop))
            {
                length = part.Header?.ByteLength ?? length;
                part.Chunk?.Data.WriteTo(content);
            }

            return content.Length == length
                ? content.ToArray()
                : throw new CommandFailedException($"{Path.GetFileName(path)} came incomplete from the mesh; try again.");
        });
        await OutputFiles.WriteAsync(path, bytes, stop);
        return bytes;
    }

    // The job would go on without us; whether this arrives is not ours to wait for long.
    private static async Task CancelAsync(JobService.JobServiceClient client, string id)
    {
        try
        {
            await client.CancelAsync(new CancelRequest { JobId = id }, deadline: In(s_farewell));
        }
        catch (RpcException)
        {
            // The mesh may be going down with the same Ctrl+C.
        }
    }

    private static string Summary(JsonNode report, TimeSpan took)
    {
        var summary = string.Create(
            CultureInfo.InvariantCulture,
            $"done in {took.TotalSeconds:0} s, silhouettes agree to {(double?)report["report"]?["meanSilhouetteIou"]:0.000}");
        var unknown = report["report"]?["unknownWords"]?.AsArray().Select(word => (string?)word).ToList();
        return unknown is { Count: > 0 }
            ? $"{summary}; words that the model does not know: {string.Join(", ", unknown)}"
            : summary;
    }

    private static DateTime In(TimeSpan time) => DateTime.UtcNow + time;
}
