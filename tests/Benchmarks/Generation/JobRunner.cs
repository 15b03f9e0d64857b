using Grpc.Core;
using Grpc.Net.Client;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.Benchmarks.Generation;

/// <summary>Runs one job through the gateway and fetches its files.</summary>
internal sealed class JobRunner(GrpcChannel gateway)
{
    private readonly JobService.JobServiceClient _jobs = new(gateway);

    /// <summary>Submits, waits for the end and answers the finished job.</summary>
    /// <exception cref="InvalidOperationException">The job did not succeed; the message says why.</exception>
    public async Task<Job> RunAsync(JobSpec spec, CancellationToken cancel)
    {
        var request = new SubmitRequest { IdempotencyKey = Guid.NewGuid().ToString("N"), Spec = spec };
        var submitted = await _jobs.SubmitAsync(request, cancellationToken: cancel);
        using var watch = _jobs.Watch(new WatchRequest { JobId = submitted.Job.JobId }, cancellationToken: cancel);
        var job = submitted.Job;
        await foreach (var news in watch.ResponseStream.ReadAllAsync(cancel))
        {
            job = news.Job ?? job;
        }

        return job.State == JobState.Succeeded
            ? job
            : throw new InvalidOperationException($"The job ended as {job.State}: {job.Failure?.Message}");
    }

    /// <summary>Reads one file of a finished job.</summary>
    public async Task<byte[]> DownloadAsync(string jobId, JobFile file, CancellationToken cancel)
    {
        using var call = _jobs.Download(new DownloadRequest { JobId = jobId, File = file }, cancellationToken: cancel);
        using var bytes = new MemoryStream();
        await foreach (var part in call.ResponseStream.ReadAllAsync(cancel))
        {
            part.Chunk?.Data.WriteTo(bytes);
        }

        return bytes.ToArray();
    }
}
