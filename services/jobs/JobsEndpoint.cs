using System.Globalization;
using Grpc.Core;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Jobs;

/// <summary>Serves <c>jobs.v1</c>: wire messages in, wire messages out.</summary>
internal sealed class JobsEndpoint(JobStore store, JobWatcher watcher, ArtifactStore artifacts, ILogger<JobsEndpoint> logger)
    : JobService.JobServiceBase
{
    private const int DefaultPageSize = 20;
    private const int MaxPageSize = 100;

    public override Task<SubmitResponse> Submit(SubmitRequest request, ServerCallContext context) => AnswerAsync(async () =>
    {
        if (!JobRequest.TryParse(request, out var asked, out var problem))
        {
            Log.JobRefused(logger, problem);
            throw Error(StatusCode.InvalidArgument, problem);
        }

        var (outcome, stored) = await store.SubmitAsync(asked, Tenants.Of(context));
        return outcome switch
        {
            Creation.Full => throw RetryLater.Refusal("The queue is full; try again in a minute.", TimeSpan.FromMinutes(1)),
            Creation.Conflict => throw Error(
                StatusCode.AlreadyExists, "This idempotency_key was used for another job; choose a new one."),
            _ => new SubmitResponse { Job = await store.ShowAsync(stored!) },
        };
    });

    public override Task Watch(
        WatchRequest request,
        IServerStreamWriter<WatchResponse> responseStream,
        ServerCallContext context) => AnswerAsync(async () =>
        await watcher.FollowAsync(request.JobId, responseStream, context.CancellationToken)
            ? true
            : throw Unknown(request.JobId));

    public override Task<CancelResponse> Cancel(CancelRequest request, ServerCallContext context) => AnswerAsync(async () =>
    {
        var job = await ChangeAsync(
            request.JobId,
            stored => !stored.HasEnded,
            job =>
            {
                job.State = JobState.Canceled;
                job.FinishedTime = store.Now;
            },
            QueueChange.Remove);
        return new CancelResponse { Job = job };
    });

    public override Task<RetryResponse> Retry(RetryRequest request, ServerCallContext context) => AnswerAsync(async () =>
    {
        var job = await ChangeAsync(
            request.JobId,
            stored => stored.Job.State is JobState.Failed or JobState.Canceled
                ? true
                : throw Error(StatusCode.FailedPrecondition, "Only a failed or cancelled job can be retried."),
            job =>
            {
                job.State = JobState.Queued;
                job.Failure = null;
                job.FinishedTime = null;
                job.AttemptCount = 0;
            },
            QueueChange.Enqueue);
        return new RetryResponse { Job = job };
    });

    public override Task<ListResponse> List(ListRequest request, ServerCallContext context) => AnswerAsync(async () =>
    {
        if (request.PageSize is < 0 or > MaxPageSize)
        {
            throw Error(StatusCode.InvalidArgument, $"page_size must be 0 to {MaxPageSize}.");
        }

        var before = long.MaxValue;
        if (request.PageToken.Length > 0
            && !long.TryParse(request.PageToken, NumberStyles.None, CultureInfo.InvariantCulture, out before))
        {
            throw Error(StatusCode.InvalidArgument, "page_token must be the next_page_token of the page before.");
        }

        var count = request.PageSize == 0 ? DefaultPageSize : request.PageSize;
        var (jobs, last) = await store.ListAsync(before, count);
        return new ListResponse
        {
            Jobs = { await Task.WhenAll(jobs.Select(store.ShowAsync)) },
            NextPageToken = jobs.Count == count ? last.ToString(CultureInfo.InvariantCulture) : "",
        };
    });

    public override Task<GetResponse> Get(GetRequest request, ServerCallContext context) => AnswerAsync(async () =>
        new GetResponse { Job = await store.ShowAsync(await FindAsync(request.JobId)) });

    public override Task Download(
        DownloadRequest request,
        IServerStreamWriter<DownloadResponse> responseStream,
        ServerCallContext context) => AnswerAsync(async () =>
    {
        var job = (await FindAsync(request.JobId)).Job;
        var (id, mediaType) = request.File switch
        {
            JobFile.Asset => (job.Result?.AssetArtifactId, MediaTypes.Glb),
            JobFile.Sheet => (job.Result?.SheetArtifactId, MediaTypes.Png),
            JobFile.Report => (job.Result?.ReportArtifactId, MediaTypes.Json),
            JobFile.Views => (ViewsOf(job), MediaTypes.Bytes),
            _ => throw Error(StatusCode.InvalidArgument, "file must be set."),
        };
        if (string.IsNullOrEmpty(id))
        {
            throw Error(StatusCode.FailedPrecondition, "The job has no such file yet.");
        }

        await SendAsync(id, mediaType, responseStream, context.CancellationToken);
        return true;
    });

    // Views are there long before the job is done.
    private static string? ViewsOf(Job job) =>
        job.FinishedStages.FirstOrDefault(finished => finished.Stage == Stage.Views)?.ArtifactId;

    private async Task SendAsync(
        string id,
        string mediaType,
        IServerStreamWriter<DownloadResponse> responses,
        CancellationToken cancel)
    {
        try
        {
            await artifacts.SendAsync(
                id,
                mediaType,
                header => responses.WriteAsync(new DownloadResponse { Header = header }, cancel),
                chunk => responses.WriteAsync(new DownloadResponse { Chunk = chunk }, cancel),
                cancel);
        }
        catch (ArtifactNotFoundException gone)
        {
            throw Error(StatusCode.FailedPrecondition, $"The file is no longer stored: {gone.Message}");
        }
    }

    // Changes a job, again from the start when somebody else was quicker.
    private async Task<Job> ChangeAsync(
        string id,
        Func<StoredJob, bool> wanted,
        Action<Job> change,
        QueueChange queue)
    {
        while (true)
        {
            var stored = await FindAsync(id);
            if (!wanted(stored))
            {
                return await store.ShowAsync(stored);
            }

            var changed = stored.Job.Clone();
            change(changed);
            if (await store.ReplaceAsync(stored, changed, queue))
            {
                return await store.ShowAsync(stored with { Job = changed });
            }
        }
    }

    private async Task<StoredJob> FindAsync(string id) => await store.ReadAsync(id) ?? throw Unknown(id);

    private static async Task<T> AnswerAsync<T>(Func<Task<T>> answer)
    {
        try
        {
            return await answer();
        }
        catch (StoreUnavailableException lost)
        {
            throw Error(StatusCode.Unavailable, lost.Message);
        }
    }

    private static RpcException Unknown(string id) => Error(
        StatusCode.NotFound,
        Guid.TryParseExact(id, "N", out _) ? $"There is no job {id}." : "job_id must have 32 hexadecimal digits.");

    private static RpcException Error(StatusCode code, string message) => new(new Status(code, message));
}
