using System.Globalization;
using Grpc.Core;
using Realiz3D.Mesh.Contracts;

namespace Realiz3D.Mesh.ServiceDefaults.Tests;

public sealed class AdmissionTests
{
    [Fact]
    public async Task EnterAsync_FullQueue_IsTurnedAway_UntilAPlaceIsFree()
    {
        using var admission = new Admission(working: 1, waiting: 1);
        var first = await admission.EnterAsync(CancellationToken.None);
        var second = admission.EnterAsync(CancellationToken.None).AsTask();

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await admission.EnterAsync(CancellationToken.None));
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.False(second.IsCompleted);

        first.Dispose();
        using var place = await second.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task EnterAsync_Cancelled_GivesItsPlaceUp()
    {
        using var admission = new Admission(working: 1, waiting: 1);
        using var first = await admission.EnterAsync(CancellationToken.None);
        using var gone = new CancellationTokenSource();
        var waiting = admission.EnterAsync(gone.Token).AsTask();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var next = admission.EnterAsync(CancellationToken.None).AsTask();
        Assert.False(next.IsCompleted); // it waits: the place in the queue is free
    }

    [Theory]
    [InlineData(1, new int[0], 5)]              // a guess
    [InlineData(1, new[] { 30 }, 30)]
    [InlineData(3, new[] { 30 }, 10)]           // three work: one of them ends three times as soon
    [InlineData(1, new[] { 30, 40 }, 32)]       // a fifth of the last
    [InlineData(2, new[] { 1 }, 1)]             // never sooner
    public async Task EnterAsync_FullQueue_SaysWhenAPlaceIsLikelyToBeFree(int working, int[] heldSeconds, double expected)
    {
        var time = new StandingTime();
        using var admission = new Admission(working, waiting: 0, time);
        foreach (var held in heldSeconds)
        {
            var call = await admission.EnterAsync(CancellationToken.None);
            time.Now += TimeSpan.FromSeconds(held);
            call.Dispose();
            call.Dispose(); // counts once
        }

        for (var call = 0; call < working; call++)
        {
            await admission.EnterAsync(CancellationToken.None);
        }

        var delays = new List<double>();
        for (var turn = 0; turn < 40; turn++)
        {
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await admission.EnterAsync(CancellationToken.None));
            Assert.Equal($"The queue is full; try again in {expected} s.", refused.Status.Detail);
            delays.Add(RetryLater.DelayOf(refused)!.Value.TotalSeconds);
            Assert.Equal(1e3 * delays[^1], double.Parse(refused.Trailers.GetValue("grpc-retry-pushback-ms")!, CultureInfo.InvariantCulture), 1.0);
        }

        Assert.All(delays, delay => Assert.InRange(delay, 0.8 * expected, 1.2 * expected));
        Assert.True(delays.Max() - delays.Min() > 0.1 * expected); // they do not come back together
    }

    private sealed class StandingTime : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
