using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Net.Client;
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
        using var channel = GrpcChannel.ForAddress(arguments.Gateway, new GrpcChannelOptions
        {
            // A proxy that the environment names knows nothing of this machine's own addresses.
            HttpHandler = new SocketsHttpHandler { UseProxy = !arguments.Gateway.IsLoopback },
            DisposeHttpClient = true,
        });
        var client = new JobService.JobServiceClient(channel);
        var clock = Stopwatch.StartNew();

        // 1. submit
        var request = new SubmitRequest { IdempotencyKey = Guid.NewGuid().ToString("N"), Spec = arguments.Spec };
        var submitted = await CallAsync(async () =>
            (await client.SubmitAsync(request, deadline: In(s_shortCall), cancellationToken: stop)).Job);
        try
        {
            // 2. watch
            var job = await ProgressDisplay.ShowAsync(
                error, show => CallAsync(() => WatchAsync(client, submitted.JobId, show, stop)));
            if (job.State != JobState.Succeeded)
            {
                throw new CommandFailedException(job.State == JobState.Canceled
                    ? "The job was cancelled."
                    : $"{job.Failure.Message} {job.Failure.Suggestion}");
            }

            // 3. download
            var report = await FetchAsync(client, job, JobFile.Report, files.Report, stop);
            await FetchAsync(client, job, JobFile.Sheet, files.Sheet, stop);
            await FetchAsync(client, job, JobFile.Asset, files.Asset, stop);

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

    private async Task<byte[]> FetchAsync(
        JobService.JobServiceClient client,
        Job job,
        JobFile file,
        string path,
        CancellationToken stop)
    {
        var bytes = await CallAsync(async () =>
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

    private async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (RpcException cancelled) when (cancelled.StatusCode == StatusCode.Cancelled)
        {
            throw new OperationCanceledException("The call was cancelled.", cancelled);
        }
        catch (RpcException failure)
        {
            throw new CommandFailedException(Explain(failure));
        }
    }

    private string Explain(RpcException failure) => failure.StatusCode switch
    {
        // What a proxy without its service answers is no gRPC.
        StatusCode.Unavailable when failure.Status.Detail.StartsWith("Bad gRPC response", StringComparison.Ordinal) =>
            "The mesh's job service is not running; see the log of the mesh.",
        // The client says so when no connection came about or one broke; a service has no such exception to show.
        StatusCode.Unavailable or StatusCode.Internal when failure.Status.DebugException is not null =>
            $"The mesh cannot be reached at {arguments.Gateway.GetLeftPart(UriPartial.Authority)}; start it with `./mesh up`.",
        StatusCode.DeadlineExceeded =>
            $"The mesh at {arguments.Gateway.GetLeftPart(UriPartial.Authority)} did not answer in time.",
        _ => failure.Status.Detail,
    };

    private static DateTime In(TimeSpan time) => DateTime.UtcNow + time;
}
