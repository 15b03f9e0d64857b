using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Realiz3D.Mesh.Grpc.Tests;

/// <summary>grpc.health.v1 over loopback. Each test uses services of its own.</summary>
public class HealthTests(CounterHost host) : IClassFixture<CounterHost>
{
    private Health.HealthClient Client => new(host.Channel);

    private static DateTime Soon => DateTime.UtcNow + CounterHost.Patience;

    [Fact]
    public async Task Check_TellsTheStatusThatWasSet()
    {
        host.Health.SetStatus("check", ServingStatus.NotServing);
        Assert.Equal(ServingStatus.NotServing, await CheckAsync("check"));

        host.Health.SetStatus("check", ServingStatus.Serving);
        Assert.Equal(ServingStatus.Serving, await CheckAsync("check"));
    }

    [Fact]
    public async Task Check_OfAnUnknownService_IsNotFound()
    {
        var failure = await Assert.ThrowsAsync<RpcException>(() => CheckAsync("nobody"));
        Assert.Equal((StatusCode.NotFound, ""), (failure.StatusCode, failure.Status.Detail));
    }

    [Fact]
    public async Task Watch_TellsEveryChangeAndNothingElse()
    {
        using var call = Client.Watch(new HealthCheckRequest { Service = "watched" }, deadline: Soon);

        Assert.Equal(ServingStatus.ServiceUnknown, await NextAsync(call));
        host.Health.SetStatus("watched", ServingStatus.Serving);
        Assert.Equal(ServingStatus.Serving, await NextAsync(call));

        var next = NextAsync(call);
        host.Health.SetStatus("watched", ServingStatus.Serving); // no change, no message
        host.Health.SetStatus("another", ServingStatus.Serving);
        Assert.NotSame(next, await Task.WhenAny(next, Task.Delay(300)));
        host.Health.SetStatus("watched", ServingStatus.NotServing);
        Assert.Equal(ServingStatus.NotServing, await next);
        host.Health.ClearStatus("watched");
        Assert.Equal(ServingStatus.ServiceUnknown, await NextAsync(call));
    }

    [Fact]
    public async Task Watch_EachWatcherHearsOfItsOwnService_AndLeavesAlone()
    {
        host.Health.SetStatus("first", ServingStatus.Serving);
        using var first = Client.Watch(new HealthCheckRequest { Service = "first" }, deadline: Soon);
        using var second = Client.Watch(new HealthCheckRequest { Service = "first" }, deadline: Soon);
        using var whole = Client.Watch(new HealthCheckRequest(), deadline: Soon);
        Assert.Equal(ServingStatus.Serving, await NextAsync(first));
        Assert.Equal(ServingStatus.Serving, await NextAsync(second));
        Assert.Equal(ServingStatus.ServiceUnknown, await NextAsync(whole));

        first.Dispose();
        host.Health.ClearAll();
        Assert.Equal(ServingStatus.ServiceUnknown, await NextAsync(second));
        host.Health.SetStatus("", ServingStatus.NotServing);
        Assert.Equal(ServingStatus.NotServing, await NextAsync(whole));
        Assert.Equal(ServingStatus.NotServing, await CheckAsync(""));
    }

    [Fact]
    public async Task Watch_OfASlowWatcher_TellsTheFirstStatusAndTheNewestFive()
    {
        using var end = new CancellationTokenSource();
        var health = new HealthServiceImpl();
        var writer = new SlowWatcher(expected: 6);
        var watch = health.Watch(new HealthCheckRequest { Service = "slow" }, writer, new WatchContext(end.Token));
        Assert.Equal([ServingStatus.ServiceUnknown], writer.Told);

        ServingStatus[] changes =
        [
            ServingStatus.Serving, ServingStatus.NotServing, ServingStatus.Unknown, ServingStatus.Serving,
            ServingStatus.NotServing, ServingStatus.Serving, ServingStatus.Unknown,
        ];
        foreach (var change in changes)
        {
            health.SetStatus("slow", change);
        }

        writer.Go();
        await writer.Done.WaitAsync(CounterHost.Patience);
        await end.CancelAsync();
        await watch.WaitAsync(CounterHost.Patience);
        Assert.Equal([ServingStatus.ServiceUnknown, .. changes[2..]], writer.Told);
    }

    [Fact]
    public async Task Watch_OfACallThatIsOver_WritesNothing()
    {
        var writer = new SlowWatcher(expected: 1);

        await new HealthServiceImpl().Watch(new HealthCheckRequest(), writer, new WatchContext(new CancellationToken(canceled: true)))
            .WaitAsync(CounterHost.Patience);

        Assert.Empty(writer.Told);
    }

    private async Task<ServingStatus> CheckAsync(string service) =>
        (await Client.CheckAsync(new HealthCheckRequest { Service = service }, deadline: Soon)).Status;

    private static async Task<ServingStatus> NextAsync(AsyncServerStreamingCall<HealthCheckResponse> call) =>
        await call.ResponseStream.MoveNext() ? call.ResponseStream.Current.Status : throw new EndOfStreamException();
}
