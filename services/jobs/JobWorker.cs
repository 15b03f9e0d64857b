using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Jobs;

/// <summary>Takes jobs from the queue, one after the other, and runs them.</summary>
/// <remarks>
/// While a job runs its worker gives signs of life; when they stay away another worker takes the job over. A job that was
/// cancelled or taken over is noticed at the same place, and its work stops.
/// </remarks>
internal sealed class JobWorker(JobStore store, StageDurations durations, JobPipeline pipeline, JobsOptions options,
    ILogger<JobWorker> logger) : BackgroundService
{
    // A job that took three workers with it would take the fourth.
    private const int MostAttempts = 3;

    private readonly string _name = $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var queue = store.OpenQueue(_name);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await RunAsync(queue, await queue.TakeAsync(stoppingToken), stoppingToken);
            }
            catch (StoreUnavailableException lost)
            {
                Log.StoreLost(logger, lost.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
            catch (OperationCanceledException)
            {
                // The job was cancelled or taken over, or the service stops.
            }
            catch (Exception bug)
            {
                // A record that cannot be read must not end the service; other jobs can still be done.
                Log.WorkerBroke(logger, bug);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken);
            }
        }
    }

    private async Task RunAsync(WorkSource queue, WorkItem item, CancellationToken stop)
    {
        var stored = await store.ReadAsync(item.Id);
        if (stored is null || stored.HasEnded)
        {
            await queue.DropAsync(item);
            return;
        }

        var run = new JobRun(stored, store, durations);
        if (stored.Job.AttemptCount >= MostAttempts)
        {
            await run.FailAsync(
                $"The job ended {MostAttempts} workers before their time.", "See the services' logs before another try.", stop);
            return;
        }

        using var mine = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var lease = HoldAsync(queue, item, mine);
        try
        {
            await run.StartAsync(mine.Token);
            Log.JobStarted(logger, item.Id, run.Job.AttemptCount, run.Job.FinishedStages.Count);
            await RunToItsEndAsync(run, mine.Token);
            Log.JobEnded(logger, item.Id, run.Job.State);
        }
        catch (OperationCanceledException)
        {
            Log.JobLeft(logger, item.Id);
            throw;
        }
        finally
        {
            await mine.CancelAsync();
            await lease;
        }
    }

    private async Task RunToItsEndAsync(JobRun run, CancellationToken cancel)
    {
        try
        {
            await pipeline.RunAsync(run, cancel);
        }
        catch (JobFailedException failed)
        {
            Log.JobFailed(logger, run.Job.JobId, run.Job.Stage, failed.Message);
            await run.FailAsync(failed.Message, failed.Suggestion, cancel);
        }
        catch (Exception bug) when (bug is not OperationCanceledException and not StoreUnavailableException)
        {
            Log.JobBroke(logger, run.Job.JobId, bug);
            await run.FailAsync("The job service failed unexpectedly.", "See its log, then try again.", cancel);
        }
    }

    // Cancels `mine` when the job is no longer this worker's, or that could not be learnt for too long.
    private async Task HoldAsync(WorkSource queue, WorkItem item, CancellationTokenSource mine)
    {
        var every = options.TakeOver / 5;
        var longest = options.TakeOver * 0.8;
        var lastKept = TimeProvider.System.GetTimestamp();
        using var changed = new Signal();
        try
        {
            await using var listening = await store.ListenAsync(item.Id, changed.Set);
            while (true)
            {
                try
                {
                    if (!await queue.KeepAsync(item))
                    {
                        break;
                    }

                    lastKept = TimeProvider.System.GetTimestamp();
                }
                catch (StoreUnavailableException) when (TimeProvider.System.GetElapsedTime(lastKept) < longest)
                {
                    // Redis may be back before the lease has run out.
                }

                await changed.WaitAsync(every, mine.Token);
            }
        }
        catch (Exception ended) when (ended is StoreUnavailableException or OperationCanceledException)
        {
            // Lost for too long, or the run is over.
        }

        await mine.CancelAsync();
    }
}
