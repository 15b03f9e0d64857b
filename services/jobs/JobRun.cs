using System.Diagnostics;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Jobs;

/// <summary>A job in the hands of a worker: what is written down while it runs.</summary>
/// <remarks>
/// Every write names the version that it is based on. When another worker or a Cancel was quicker, the run is over and
/// throws <see cref="OperationCanceledException"/>. A Redis that is lost for a moment is awaited.
/// </remarks>
internal sealed class JobRun(StoredJob stored, JobStore store, StageDurations durations)
{
    // People see no more; a sampler may step faster.
    private static readonly TimeSpan s_reportEvery = TimeSpan.FromMilliseconds(250);
    private readonly Stopwatch _sinceReport = new();
    private readonly Stopwatch _inStage = new();
    private StageDurations.Expected? _expected;

    public Job Job => stored.Job;

    /// <summary>Who pays for it; empty where nobody was named.</summary>
    public string Tenant => stored.Tenant;

    /// <summary>The artifact from which its painting can go on; empty where there is none.</summary>
    public string StateArtifactId => stored.StateArtifactId;

    /// <summary>What a finished stage left behind; null when it has to run.</summary>
    public byte[]? ResultOf(Stage stage) =>
        Job.FinishedStages.Any(finished => finished.Stage == stage)
            ? stored.Record.Parts.GetValueOrDefault(stage.ToString())
            : null;

    /// <summary>Takes the job over from the queue.</summary>
    public Task StartAsync(CancellationToken cancel) => ChangeAsync(
        job =>
        {
            job.State = JobState.Running;
            job.AttemptCount++;
            job.StartedTime ??= store.Now;
        },
        QueueChange.Keep,
        null,
        cancel);

    /// <summary>Notes that a stage begins. Results of it and of later stages count no more.</summary>
    public async Task BeginAsync(Stage stage, CancellationToken cancel)
    {
        _inStage.Restart();
        _sinceReport.Reset();
        await ChangeAsync(
            job =>
            {
                job.Stage = stage;
                foreach (var stale in job.FinishedStages.Where(finished => finished.Stage >= stage).ToList())
                {
                    job.FinishedStages.Remove(stale);
                }
            },
            QueueChange.Keep,
            null,
            cancel);
        _expected = await PatientlyAsync(durations.ReadAsync, cancel);
    }

    /// <summary>Notes that a stage is done, with its result.</summary>
    public async Task FinishAsync(Stage stage, string artifactId, IMessage result, CancellationToken cancel)
    {
        var took = _inStage.Elapsed;
        await ChangeAsync(
            job => job.FinishedStages.Add(new FinishedStage
            {
                Stage = stage,
                ArtifactId = artifactId,
                Duration = Duration.FromTimeSpan(took),
            }),
            QueueChange.Keep,
            (stage.ToString(), result.ToByteArray()),
            cancel);
        await PatientlyAsync(
            async () =>
            {
                await durations.AddAsync(stage, took);
                return true;
            },
            cancel);
    }

    /// <summary>Notes from where its painting can go on, should this worker or the pod that paints be lost.</summary>
    /// <param name="artifactId">The state; empty for none.</param>
    /// <param name="cancel">Gives up.</param>
    public Task NoteStateAsync(string artifactId, CancellationToken cancel) => ChangeAsync(
        _ => { },
        QueueChange.Keep,
        (StoredJob.StatePart, Encoding.UTF8.GetBytes(artifactId)),
        cancel);

    /// <summary>Ends the job with an asset.</summary>
    public Task SucceedAsync(JobResult result, CancellationToken cancel) => EndAsync(
        job =>
        {
            job.State = JobState.Succeeded;
            job.Result = result;
        },
        cancel);

    /// <summary>Ends the job without one.</summary>
    public Task FailAsync(string message, string suggestion, CancellationToken cancel) => EndAsync(
        job =>
        {
            job.State = JobState.Failed;
            job.Failure = new JobFailure { Stage = job.Stage, Message = message, Suggestion = suggestion };
        },
        cancel);

    /// <summary>Tells watchers how far the stage has come.</summary>
    public async Task ReportAsync(StageProgress progress)
    {
        var last = progress.Step >= progress.StepCount;
        if (_sinceReport.IsRunning && _sinceReport.Elapsed < s_reportEvery && !last && progress.PreviewPng.IsEmpty)
        {
            return;
        }

        _sinceReport.Restart();
        var share = progress.StepCount > 0 ? Math.Clamp((double)progress.Step / progress.StepCount, 0, 1) : 0;
        var report = new WatchResponse
        {
            State = JobState.Running,
            Stage = Job.Stage,
            Progress = progress,
            LastSignOfLifeTime = store.Now,
        };
        if (_expected is { } expected)
        {
            report.TimeLeft = Duration.FromTimeSpan(expected.Left(Job.Stage, _inStage.Elapsed, share));
        }

        try
        {
            await store.ReportAsync(Job.JobId, report);
        }
        catch (StoreUnavailableException)
        {
            // Only eyes miss it; the lease notices when Redis stays away.
        }
    }

    private Task EndAsync(Action<Job> end, CancellationToken cancel) => ChangeAsync(
        job =>
        {
            job.FinishedTime = store.Now;
            end(job);
        },
        QueueChange.Remove,
        null,
        cancel);

    private async Task ChangeAsync(
        Action<Job> change,
        QueueChange queue,
        (string Name, byte[] Content)? part,
        CancellationToken cancel)
    {
        var changed = Job.Clone();
        change(changed);
        if (!await PatientlyAsync(() => store.ReplaceAsync(stored, changed, queue, part), cancel))
        {
            throw new OperationCanceledException("The job is no longer this worker's.");
        }

        var record = stored.Record;
        stored = new StoredJob(changed, record with
        {
            Version = record.Version + 1,
            Parts = part is { } kept
                ? new Dictionary<string, byte[]>(record.Parts) { [kept.Name] = kept.Content }
                : record.Parts,
        });
    }

    // Until Redis is back, or the lease has run out and cancels.
    private static async Task<T> PatientlyAsync<T>(Func<Task<T>> call, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                return await call();
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(500), cancel);
            }
        }
    }
}
