using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Jobs;

/// <summary>All jobs, as messages in versioned records.</summary>
internal sealed class JobStore(RedisLink redis, JobsOptions options, TimeProvider clock)
{
    /// <summary>Begins all keys of this service in Redis.</summary>
    public const string Prefix = "realiz3d:jobs";

    private readonly RecordStore _records = new(redis, Prefix, options.QueueLimit);

    public Timestamp Now => Timestamp.FromDateTimeOffset(clock.GetUtcNow());

    /// <summary>Queues a job, once per key.</summary>
    /// <param name="request">The job.</param>
    /// <param name="tenant">Who pays for it.</param>
    public async Task<(Creation Outcome, StoredJob? Job)> SubmitAsync(JobRequest request, string tenant)
    {
        var job = new Job
        {
            JobId = Guid.NewGuid().ToString("N"),
            State = JobState.Queued,
            Spec = request.Spec,
            CreatedTime = Now,
        };
        var (outcome, id) = await _records.CreateAsync(
            job.JobId,
            request.Key,
            request.Fingerprint,
            job.ToByteArray(),
            (StoredJob.TenantPart, Encoding.UTF8.GetBytes(tenant)));
        return (outcome, outcome is Creation.Created or Creation.Known ? await ReadAsync(id) : null);
    }

    /// <summary>Reads a job; null when there is none.</summary>
    public async Task<StoredJob?> ReadAsync(string id)
    {
        // Anything else would only be looked up in vain.
        if (!Guid.TryParseExact(id, "N", out _) || await _records.ReadAsync(id) is not { } record)
        {
            return null;
        }

        return new StoredJob(Job.Parser.ParseFrom(record.Content.Span), record);
    }

    /// <summary>The job as clients see it, its place in the queue filled in.</summary>
    public async Task<Job> ShowAsync(StoredJob stored)
    {
        var job = stored.Job.Clone();
        job.QueuePosition = job.State == JobState.Queued ? await _records.PositionAsync(job.JobId) : 0;
        return job;
    }

    /// <summary>Changes a job if nobody else has since it was read.</summary>
    /// <returns>Whether it was changed.</returns>
    public Task<bool> ReplaceAsync(
        StoredJob read,
        Job changed,
        QueueChange queue = QueueChange.Keep,
        (string, byte[])? part = null) =>
        _records.ReplaceAsync(read.Record, changed.ToByteArray(), queue, part);

    /// <summary>Lists jobs, newest first.</summary>
    /// <param name="before">Sequence number that all lie below.</param>
    /// <param name="count">Most jobs to answer.</param>
    /// <returns>The jobs, and the sequence number of the last one.</returns>
    public async Task<(IReadOnlyList<StoredJob> Jobs, long Last)> ListAsync(long before, int count)
    {
        var listed = await _records.ListAsync(before, count);
        var jobs = await Task.WhenAll(listed.Select(entry => ReadAsync(entry.Id)));
        return ([.. jobs.OfType<StoredJob>()], listed.Count == 0 ? 0 : listed[^1].Sequence);
    }

    /// <summary>Tells watchers how a job stands.</summary>
    public Task ReportAsync(string id, WatchResponse report) =>
        _records.ReportAsync(id, StoredJob.ReportPart, report.ToByteArray());

    /// <summary>Calls back for each change and each report of a job.</summary>
    public Task<IAsyncDisposable> ListenAsync(string id, Action heard) => _records.ListenAsync(id, _ => heard());

    /// <summary>Opens the queue to a worker.</summary>
    public WorkSource OpenQueue(string worker) => _records.OpenQueue(new WorkSourceConfig(worker, options.TakeOver));
}
