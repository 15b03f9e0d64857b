using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using static Grpc.Health.V1.Health;

namespace Realiz3D.Mesh.ServiceDefaults.Tests;

/// <summary>Pods that join get calls within five seconds, over an open channel that serves calls all the while.</summary>
public sealed class JoiningPodsTests
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task AddressThatWasSilent_IsFound_HoweverLongItWas()
    {
        await using var first = await StartAsync("127.0.0.1", 0);
        var late = FreePort("127.0.0.1");
        using var channel = ServiceChannels.Create(
            "pods", [new Uri(first.Urls.Single()), new Uri($"http://127.0.0.1:{late}")], NullLoggerFactory.Instance);

        // The usual client would by then wait for more than five seconds between two tries.
        await CallFor(channel, TimeSpan.FromSeconds(10));
        await using var second = await StartAsync("127.0.0.1", late);

        Assert.InRange(await TimeToFirstCallAsync(channel, second), TimeSpan.Zero, Promised);
    }

    [Fact]
    public void LongestWaits_KeepThePromise()
    {
        // A try may have begun just before the pod listens; after it come a wait, which the client draws up to a fifth longer, and the next.
        Assert.InRange(ServiceChannels.ConnectTimeout + (1.2 * ServiceChannels.LongestBackoff), TimeSpan.Zero, Promised);
        Assert.InRange(PodNames.Interval, TimeSpan.Zero, Promised);
    }

    [Fact]
    public async Task Name_IsLookedUpAgain_ForPodsThatJoinAndLeave()
    {
        await using var first = await StartAsync("127.0.0.1", 0);
        var port = new Uri(first.Urls.Single()).Port;
        await using var second = await StartAsync("127.0.0.2", port);
        var asked = new ConcurrentQueue<string>();
        IPAddress[] pods = [];
        using var channel = ServiceChannels.Create("pods", [new Uri($"dns:///pods.mesh:{port}")], NullLoggerFactory.Instance, (name, _) =>
        {
            asked.Enqueue(name);
            return pods.Length > 0 ? Task.FromResult(pods) : throw new SocketException((int)SocketError.HostNotFound);
        });

        // No pod is ready yet: the name does not exist.
        var none = await Assert.ThrowsAsync<RpcException>(() => CheckAsync(channel));
        Assert.Equal((StatusCode.Unavailable, "pods.mesh"), (none.StatusCode, asked.First()));

        pods = [IPAddress.Parse("127.0.0.1")];
        Assert.InRange(await TimeToFirstCallAsync(channel, first), TimeSpan.Zero, Promised);

        pods = [IPAddress.Parse("127.0.0.1"), IPAddress.Parse("127.0.0.2")];
        Assert.InRange(await TimeToFirstCallAsync(channel, second), TimeSpan.Zero, Promised);

        pods = [IPAddress.Parse("127.0.0.2")];
        await CallFor(channel, Promised);
        var before = CallsOf(first);
        await CallFor(channel, TimeSpan.FromSeconds(0.2));
        Assert.Equal(before, CallsOf(first));
    }

    private static async Task<TimeSpan> TimeToFirstCallAsync(GrpcChannel channel, WebApplication pod)
    {
        var clock = Stopwatch.StartNew();
        while (CallsOf(pod) == 0 && clock.Elapsed < 3 * Promised)
        {
            await TryCheckAsync(channel);
        }

        return clock.Elapsed;
    }

    private static async Task CallFor(GrpcChannel channel, TimeSpan time)
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < time;)
        {
            await CheckAsync(channel);
            await Task.Delay(20);
        }
    }

    private static async Task TryCheckAsync(GrpcChannel channel)
    {
        try
        {
            await CheckAsync(channel);
            await Task.Delay(20);
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Unavailable)
        {
            // None is there yet.
        }
    }

    private static async Task CheckAsync(GrpcChannel channel) =>
        await new HealthClient(channel).CheckAsync(new(), deadline: DateTime.UtcNow.AddSeconds(30));

    private static int CallsOf(WebApplication pod) => pod.Services.GetRequiredService<Counter>().Calls;

    private static int FreePort(string address)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<WebApplication> StartAsync(string address, int port)
    {
        var builder = WebApplication.CreateBuilder([$"--urls=http://{address}:{port}"]);
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();
        var counter = new Counter();
        builder.Services.AddSingleton(counter);
        var app = builder.Build();
        app.Use((context, next) =>
        {
            counter.Add();
            return next(context);
        });
        app.MapDefaultEndpoints();
        await app.StartAsync();
        return app;
    }

    private sealed class Counter
    {
        private int _calls;

        public int Calls => Volatile.Read(ref _calls);

        public void Add() => Interlocked.Increment(ref _calls);
    }
}
