using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.Jobs;

/// <summary>Follows a job for a client until it ends.</summary>
/// <remarks>
/// A change or report of the job wakes the watcher; it also looks once a second, since a message can be lost. It sends
/// what is new, and a sign of life every few seconds.
/// </remarks>
internal sealed class JobWatcher(JobStore store, StageDurations durations, TimeProvider clock)
{
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_signOfLife = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan s_shortestPause = TimeSpan.FromMilliseconds(200);

    /// <summary>Writes what changes, at most five times a second; the last message has an end state.</summary>
    /// <returns>False when there is no such job.</returns>
    public async Task<bool> FollowAsync(
        string id,
        IServerStreamWriter<WatchResponse> responses,
        CancellationToken cancel)
    {
        using var news = new Signal();
        await using var listening = await store.ListenAsync(id, news.Set);
        var expected = await durations.ReadAsync();
        WatchResponse? sent = null;
        var sentAt = 0L;
        while (await store.ReadAsync(id) is { } stored)
        {
            var now = await DescribeAsync(stored, expected);
            if (sent is null || stored.HasEnded || !now.Equals(sent) || clock.GetElapsedTime(sentAt) > s_signOfLife)
            {
                sentAt = clock.GetTimestamp();
                var first = sent is null;
                sent = now.Clone();
                now.Job = first || stored.HasEnded ? await store.ShowAsync(stored) : null;
                await responses.WriteAsync(now, cancel);
            }

            if (stored.HasEnded)
            {
                return true;
            }

            await Task.Delay(s_shortestPause, cancel);
            await news.WaitAsync(s_look, cancel);
        }

        return false;
    }

    private async Task<WatchResponse> DescribeAsync(StoredJob stored, StageDurations.Expected expected)
    {
        var job = await store.ShowAsync(stored);
        var response = stored.LastReport ?? new WatchResponse();
        response.State = job.State;
        response.Stage = job.Stage;
        response.QueuePosition = job.QueuePosition;
        response.TimeLeft = job.State switch
        {
            JobState.Queued => Duration.FromTimeSpan((job.QueuePosition + 1) * expected.Whole),
            JobState.Running => response.TimeLeft ?? Duration.FromTimeSpan(
                job.Stage == Stage.Unspecified ? expected.Whole : expected.Left(job.Stage, TimeSpan.Zero, 0)),
            _ => null,
        };
        return response;
    }
}
