using Grpc.Core;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.Jobs.Tests;

/// <summary>Paintings that go on from the state of a pod that was lost.</summary>
public sealed class PaintingStateTests : IAsyncLifetime
{
    private JobsHost _host = null!;

    public async Task InitializeAsync() => _host = await JobsHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task PodThatIsLost_TheNextGoesOnFromItsState_WhichIsGoneAtTheEnd()
    {
        string? state = null;
        FailPaintings((_, call) =>
        {
            state ??= Assert.Single(ScratchIds());
            return call <= 2 ? StatusCode.Unavailable : null;
        });

        var job = await _host.EndOfAsync((await _host.SubmitAsync()).JobId);

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.All(_host.Stages.Paintings, request => Assert.True(request.SavesStates));
        Assert.Equal(["", state!, state!], _host.Stages.Paintings.Select(request => request.ResumeArtifactId));
        Assert.Empty(ScratchIds());
    }

    [Fact]
    public async Task ServiceThatIsLost_ItsSuccessorGoesOnFromTheState()
    {
        var reached = new TaskCompletionSource();
        _host.Stages.Before = async (rpc, cancel) =>
        {
            if (rpc == "GenerateViews")
            {
                reached.TrySetResult();
                await Task.Delay(Timeout.Infinite, cancel);
            }
        };
        var job = await _host.SubmitAsync();
        await reached.Task.WaitAsync(JobsHost.Timeout);
        var state = await NotedStateAsync(job.JobId);
        await _host.StopServiceAsync();
        _host.Stages.Before = (_, _) => Task.CompletedTask;

        await _host.StartServiceAsync();

        Assert.Equal(JobState.Succeeded, (await _host.EndOfAsync(job.JobId)).State);
        Assert.Equal(state, _host.Stages.Paintings.Last().ResumeArtifactId);
        Assert.Equal(2, _host.Stages.Paintings.Count);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument)]    // of a model that has changed
    [InlineData(StatusCode.NotFound)]           // taken away at that moment
    public async Task StateThatIsRefused_IsForgotten_AndThePaintingBeginsAnew(StatusCode refusal)
    {
        FailPaintings((request, call) => request.ResumeArtifactId.Length > 0 ? refusal : call == 1 ? StatusCode.Unavailable : null);

        var job = await _host.EndOfAsync((await _host.SubmitAsync()).JobId);

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Equal([false, true, false], _host.Stages.Paintings.Select(request => request.ResumeArtifactId.Length > 0));
        Assert.Empty(ScratchIds());
    }

    [Fact]
    public async Task StateThatIsGone_IsNotAskedFor()
    {
        FailPaintings((_, call) =>
        {
            ScratchIds().ForEach(_host.Artifacts.DeleteScratch);
            return call == 1 ? StatusCode.Unavailable : null;
        });

        var job = await _host.EndOfAsync((await _host.SubmitAsync()).JobId);

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Equal(["", ""], _host.Stages.Paintings.Select(request => request.ResumeArtifactId));
    }

    [Fact]
    public async Task FaultOfTheJobItself_IsNotTriedAgain_AndItsRetryGoesOn()
    {
        FailPaintings((_, call) => call == 1 ? StatusCode.FailedPrecondition : null);

        var failed = await _host.EndOfAsync((await _host.SubmitAsync()).JobId);
        Assert.Equal(JobState.Failed, failed.State);
        var state = Assert.Single(ScratchIds());
        Assert.Single(_host.Stages.Paintings);
        await _host.Client.RetryAsync(new RetryRequest { JobId = failed.JobId });

        Assert.Equal(JobState.Succeeded, (await _host.EndOfAsync(failed.JobId)).State);
        Assert.Equal(state, _host.Stages.Paintings.Last().ResumeArtifactId);
        Assert.Empty(ScratchIds());
    }

    // What the service noted in Redis may come a moment after the pod went on.
    private async Task<string> NotedStateAsync(string job)
    {
        await using var redis = await Storage.RedisLink.ConnectAsync(_host.Redis.ConnectionString);
        var store = new JobStore(
            redis,
            new JobsOptions("", "", 0, 1, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
            TimeProvider.System);
        for (var end = DateTime.UtcNow + JobsHost.Timeout; ; await Task.Delay(20))
        {
            if ((await store.ReadAsync(job))!.StateArtifactId is { Length: > 0 } state)
            {
                return state;
            }

            Assert.True(DateTime.UtcNow < end, "No state was noted.");
        }
    }

    private List<string> ScratchIds() => Directory.Exists(Path.Combine(_host.Artifacts.Root, "scratch"))
        ? [.. Directory.GetFiles(Path.Combine(_host.Artifacts.Root, "scratch"), "*", SearchOption.AllDirectories).Select(path => Path.GetFileName(path))]
        : [];

    // Ends some calls after their first step, as a pod that is lost ends them. Calls count from 1.
    private void FailPaintings(Func<GenerateViewsRequest, int, StatusCode?> fault) => _host.Stages.Before = (rpc, _) =>
        rpc == "GenerateViews" && fault(_host.Stages.Paintings.Last(), _host.Stages.Paintings.Count) is { } code
            ? throw new RpcException(new Status(code, "broken"))
            : Task.CompletedTask;
}
