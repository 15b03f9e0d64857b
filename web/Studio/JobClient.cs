using Grpc.Core;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.Studio;

/// <summary>What the pages ask of the mesh, through the gateway.</summary>
internal sealed class JobClient(JobService.JobServiceClient jobs)
{
    /// <summary>Submits a prompt.</summary>
    /// <returns>The job's id.</returns>
    public async Task<string> SubmitAsync(string prompt, ulong seed, CancellationToken cancel)
    {
        var request = new SubmitRequest
        {
            IdempotencyKey = Guid.NewGuid().ToString("N"),
            Spec = new JobSpec { Prompt = prompt, Seed = seed },
        };
        return (await jobs.SubmitAsync(request, cancellationToken: cancel)).Job.JobId;
    }

    /// <summary>Follows a job until it ends.</summary>
    public IAsyncEnumerable<WatchResponse> WatchAsync(string jobId, CancellationToken cancel) =>
        jobs.Watch(new WatchRequest { JobId = jobId }, cancellationToken: cancel).ResponseStream.ReadAllAsync(cancel);

    public async Task CancelAsync(string jobId, CancellationToken cancel) =>
        await jobs.CancelAsync(new CancelRequest { JobId = jobId }, cancellationToken: cancel);

    /// <summary>Reads a file of a finished job: its header, then its bytes.</summary>
    public IAsyncEnumerable<DownloadResponse> DownloadAsync(string jobId, JobFile file, CancellationToken cancel) =>
        jobs.Download(new DownloadRequest { JobId = jobId, File = file }, cancellationToken: cancel).ResponseStream.ReadAllAsync(cancel);

    /// <summary>One sentence for the person at the screen.</summary>
    public static string Explain(RpcException failure) => failure.StatusCode switch
    {
        StatusCode.Unavailable => "The mesh cannot be reached right now; try again in a moment.",
        StatusCode.DeadlineExceeded => "The mesh took too long to answer; try again in a moment.",
        _ => failure.Status.Detail,
    };
}
