using Grpc.Core;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.Jobs.Tests;

public sealed class JobWorkerTests : IAsyncLifetime
{
    private JobsHost _host = null!;

    public async Task InitializeAsync() => _host = await JobsHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task WorkerThatDies_IsReplaced_AndTheJobContinuesBehindItsLastFinishedStage()
    {
        var reached = Block("Reconstruct");
        var job = await _host.SubmitAsync();
        await reached.WaitAsync(JobsHost.Timeout);
        await _host.StopServiceAsync();
        _host.Stages.Before = (_, _) => Task.CompletedTask;
        _host.Stages.Calls.Clear();

        await _host.StartServiceAsync();

        var done = await _host.EndOfAsync(job.JobId);
        Assert.Equal((JobState.Succeeded, 2), (done.State, done.AttemptCount));
        Assert.Equal(["Reconstruct", "Texture", "Evaluate", "Seal"], _host.Stages.Calls);
    }

    [Fact]
    public async Task JobThatEndsItsWorkers_FailsAtTheFourth()
    {
        var job = await _host.SubmitAsync("a vase", "deadly");
        for (var attempt = 1; attempt <= 3; attempt++)
        {
            await Block("GenerateViews").WaitAsync(JobsHost.Timeout);
            await _host.StopServiceAsync();
            await _host.StartServiceAsync();
        }

        var ended = await _host.EndOfAsync(job.JobId);

        Assert.Equal(JobState.Failed, ended.State);
        Assert.Equal("The job ended 3 workers before their time.", ended.Failure.Message);
        Assert.Equal(3, _host.Stages.Calls.Count);
    }

    [Fact]
    public async Task Cancel_StopsTheRunningStage_AndTheNextJobRuns()
    {
        var stopped = new TaskCompletionSource();
        _host.Stages.Before = async (rpc, cancel) =>
        {
            if (rpc == "Reconstruct" && _host.Stages.Calls.Count(call => call == rpc) == 1)
            {
                cancel.Register(() => stopped.TrySetResult());
                await Task.Delay(Timeout.Infinite, cancel);
            }
        };
        var job = await _host.SubmitAsync();
        await EventuallyAsync(() => _host.Stages.Calls.Contains("Reconstruct"));

        var canceled = (await _host.Client.CancelAsync(new CancelRequest { JobId = job.JobId })).Job;

        Assert.Equal(JobState.Canceled, canceled.State);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(5));
        var next = await _host.EndOfAsync((await _host.SubmitAsync("another")).JobId);
        Assert.Equal(JobState.Succeeded, next.State);
        Assert.Equal(JobState.Canceled, (await _host.GetAsync(job.JobId)).State);
    }

    [Fact]
    public async Task Cancel_OfAWaitingJob_TakesItOutOfTheQueue()
    {
        using var gate = new SemaphoreSlim(0);
        _host.Stages.Before = (_, cancel) => gate.WaitAsync(cancel);
        var running = await _host.SubmitAsync("first");
        var waiting = await _host.SubmitAsync("second");
        var last = await _host.SubmitAsync("third");
        Assert.Equal((1, 2), (waiting.QueuePosition, last.QueuePosition));

        await _host.Client.CancelAsync(new CancelRequest { JobId = waiting.JobId });

        Assert.Equal(1, (await _host.GetAsync(last.JobId)).QueuePosition);
        gate.Release(1000);
        Assert.Equal(JobState.Succeeded, (await _host.EndOfAsync(running.JobId)).State);
        Assert.Equal(JobState.Succeeded, (await _host.EndOfAsync(last.JobId)).State);
        Assert.Equal(2, _host.Stages.Calls.Count(rpc => rpc == "GenerateViews"));
    }

    [Fact]
    public async Task RedisLost_EndsTheWatchWithOneSentence_AndTheJobGoesOnOnceItIsBack()
    {
        using var gate = new SemaphoreSlim(0);
        _host.Stages.Before = (rpc, cancel) => rpc == "Reconstruct" ? gate.WaitAsync(cancel) : Task.CompletedTask;
        var job = await _host.SubmitAsync();
        var watching = _host.WatchAsync(job.JobId);
        await EventuallyAsync(() => _host.Stages.Calls.Contains("Reconstruct"));

        await _host.Redis.KillAsync();

        var lost = await Assert.ThrowsAsync<RpcException>(() => watching);
        Assert.Equal(StatusCode.Unavailable, lost.StatusCode);
        Assert.StartsWith("The job store does not answer", lost.Status.Detail);

        await _host.Redis.RestartAsync();
        gate.Release(1000);
        await EventuallyAsync(async () => (await _host.GetAsync(job.JobId)).State == JobState.Succeeded);
        Assert.Equal(1, _host.Stages.Calls.Count(rpc => rpc == "GenerateViews"));
    }

    // Holds an rpc until its caller is gone; completes when it is reached.
    private Task Block(string blocked)
    {
        var reached = new TaskCompletionSource();
        _host.Stages.Before = async (rpc, cancel) =>
        {
            if (rpc == blocked)
            {
                reached.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancel);
            }
        };
        return reached.Task;
    }

    private static Task EventuallyAsync(Func<bool> holds) => EventuallyAsync(() => Task.FromResult(holds()));

    private static async Task EventuallyAsync(Func<Task<bool>> holds)
    {
        var deadline = DateTime.UtcNow + JobsHost.Timeout;
        while (true)
        {
            try
            {
                if (await holds())
                {
                    return;
                }
            }
            catch (RpcException notYet) when (notYet.StatusCode == StatusCode.Unavailable)
            {
                // Redis is not back yet.
            }

            Assert.True(DateTime.UtcNow < deadline, "It did not come about in time.");
            await Task.Delay(50);
        }
    }
}
