using System.Diagnostics.Metrics;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Serving.Tests;

/// <summary>What the batcher refuses, gives up, and does when memory runs out. The clock stands but for the networks that move it.</summary>
[Collection("meters")]
public sealed class BatcherLimitsTests : IDisposable
{
    // The CPU runs the rows of a pass on its threads, a GPU all at once.
    private static readonly int s_passes = TestDevice.IsCpu ? Environment.ProcessorCount : 1;

    private readonly ManualTime _time = new();
    private readonly List<(string Reason, int Items)> _rejected = [];
    private readonly MeterListener _listener;

    public BatcherLimitsTests() => _listener = Meters.Listen((string name, int value, string attribute) =>
    {
        if (name == "realiz3d.denoise.rejected")
        {
            _rejected.Add((attribute, value));
        }
    });

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task WorkOverTheBound_IsRefused_UntilThereIsLess()
    {
        using var batcher = new StepBatcher(new StepBatcherOptions(MaxWorkSeconds: 100), _time);
        var pass = Slow(seconds: 1);
        await MeasureAsync(batcher, pass);
        var job = batcher.Announce(SmallSteps.KeyOf(pass), items: 2, steps: 60, new StepOrigin()); // 120 s

        var full = await Assert.ThrowsAsync<QueueFullException>(() => batcher.SubmitAsync(pass));
        Assert.Throws<QueueFullException>(() => batcher.Announce(SmallSteps.KeyOf(pass), 1, 1, new StepOrigin()));

        Assert.Contains("120 s of work", full.Message, StringComparison.Ordinal);
        Assert.InRange(full.RetryAfter.TotalSeconds, 0.8 * 120, 1.2 * 120);
        Assert.Equal([("reason=work", 1), ("reason=work", 1)], _rejected);
        await batcher.SubmitAsync(pass, items: 2, job: job); // the job itself was let in
        job.Dispose();
        await batcher.SubmitAsync(pass);
    }

    [Fact]
    public void RetryAfter_IsTheWorkAhead_GiveOrTakeAFifth()
    {
        Assert.Equal(80, new QueueFullException("x", 100, 0).RetryAfter.TotalSeconds, 1e-6);
        Assert.Equal(100, new QueueFullException("x", 100, 0.5).RetryAfter.TotalSeconds, 1e-6);
        Assert.Equal(120, new QueueFullException("x", 100, 1).RetryAfter.TotalSeconds, 1e-6);
        Assert.Equal(1, new QueueFullException("x", 0, 0.5).RetryAfter.TotalSeconds, 1e-6); // never at once
    }

    [Fact]
    public async Task DeadlineThatCannotBeMet_IsRefusedAtOnce()
    {
        using var batcher = new StepBatcher(time: _time);
        var pass = Slow(seconds: 10);
        await batcher.SubmitAsync(pass, origin: In(seconds: 0.01)); // nothing is known yet, so it is tried
        await batcher.SubmitAsync(pass);

        await Assert.ThrowsAsync<StepDeadlineException>(() => batcher.SubmitAsync(pass, origin: In(9)));
        Assert.Throws<StepDeadlineException>(() => batcher.Announce(SmallSteps.KeyOf(pass), 1, steps: 4, In(39)));

        Assert.Equal([("reason=deadline", 1), ("reason=deadline", 1)], _rejected);
        await batcher.SubmitAsync(pass, origin: In(11));
        batcher.Announce(SmallSteps.KeyOf(pass), 1, steps: 4, In(41)).Dispose();
    }

    [Fact]
    public async Task DeadlineThatTheRunningStepUsesUp_LeavesTheQueue()
    {
        using var gate = new Gate();
        using var batcher = new StepBatcher(new StepBatcherOptions(MaxBatchItems: 1), _time);
        var pass = Slow(seconds: 10);
        await MeasureAsync(batcher, pass);
        var blocking = batcher.SubmitAsync(gate.Pass);
        await gate.EnteredAsync();

        // Two wait; the first takes 10 s, after which there are only 5 s left for the second.
        var first = batcher.SubmitAsync(pass, origin: In(30));
        var second = batcher.SubmitAsync(pass, origin: In(15));
        gate.Open();

        await blocking.WaitAsync(Gate.Patience);
        await first.WaitAsync(Gate.Patience);
        await Assert.ThrowsAsync<StepDeadlineException>(() => second.WaitAsync(Gate.Patience));
        Assert.Equal(0, batcher.QueuedItems);
        Assert.Equal([("reason=deadline", 1)], _rejected);
    }

    [Fact]
    public async Task JobWhoseLaterStepsCannotBeDoneInTime_LeavesTheQueue()
    {
        using var gate = new Gate();
        using var batcher = new StepBatcher(time: _time);
        var pass = Slow(seconds: 10);
        await MeasureAsync(batcher, pass);
        using var job = batcher.Announce(SmallSteps.KeyOf(pass), items: 1, steps: 4, In(45));
        var blocking = batcher.SubmitAsync(gate.Pass);
        await gate.EnteredAsync();

        // 40 s of work and 35 s left; the first step alone would fit.
        var step = batcher.SubmitAsync(pass, job: job);
        _time.Advance(TimeSpan.FromSeconds(10));
        gate.Open();

        await Assert.ThrowsAsync<StepDeadlineException>(() => step.WaitAsync(Gate.Patience));
        await blocking.WaitAsync(Gate.Patience);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]     // to the next power of two
    public async Task OutOfMemory_HalvesThePass_AndRemembers(int itemsPerThread)
    {
        using var batcher = new StepBatcher();
        var largest = 0;
        var tries = 0;
        DenoisePass pass = step =>
        {
            var rows = step.Latents.shape[0];
            Interlocked.Increment(ref tries);
            InterlockedMax(ref largest, (int)rows);
            return rows > 2 ? throw new InvalidOperationException("CUDA out of memory. Tried to allocate 2 GiB") : step.Latents * 2;
        };

        var items = itemsPerThread * s_passes;
        Assert.Equal(6, await batcher.SubmitAsync(pass, 3, items: items).WaitAsync(Gate.Patience));
        Assert.Equal(itemsPerThread, largest);

        (largest, tries) = (0, 0);
        Assert.Equal(6, await batcher.SubmitAsync(pass, 3, items: items).WaitAsync(Gate.Patience));
        Assert.Equal((2, items / 2), (largest, tries));
        Assert.Empty(_rejected);
    }

    [Fact]
    public async Task OutOfMemoryTwice_IsATypedError_WithTheSmallerPlan()
    {
        using var batcher = new StepBatcher();
        var largest = 0;
        DenoisePass pass = step =>
        {
            InterlockedMax(ref largest, (int)step.Latents.shape[0]);
            return step.Latents.shape[0] > 1
                ? throw new InvalidOperationException("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.")
                : step.Latents.clone();
        };
        var items = 4 * s_passes;

        var fault = await Assert.ThrowsAsync<StepMemoryException>(() => batcher.SubmitAsync(pass, items: items).WaitAsync(Gate.Patience));

        Assert.Equal("A pass of 2 items of 1 x 1 x 1 Float32 does not fit into the device's memory; ask for at most 1.", fault.Message);
        Assert.Equal([("reason=memory", items)], _rejected);
        largest = 0;
        await batcher.SubmitAsync(pass, items: items).WaitAsync(Gate.Patience);
        Assert.Equal(1, largest); // one by one it fits, and nothing else is tried
    }

    [Fact]
    public async Task StepThatHangs_IsGivenUp_AndTheHookIsCalledOnce()
    {
        using var gate = new Gate();
        List<StepStuckException> stuck = [];
        using var batcher = new StepBatcher(time: _time, onStuck: stuck.Add);
        var running = batcher.SubmitAsync(gate.Pass);
        await gate.EnteredAsync();
        var waiting = batcher.SubmitAsync(gate.Pass);

        _time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.False(batcher.IsStuck);
        _time.Advance(TimeSpan.FromTicks(1));
        _time.Advance(TimeSpan.FromHours(1));

        Assert.True(batcher.IsStuck);
        Assert.Equal("A denoise step has not ended in 600 s; this pod stops.", Assert.Single(stuck).Message);
        await Assert.ThrowsAsync<StepStuckException>(() => running.WaitAsync(Gate.Patience));
        await Assert.ThrowsAsync<StepStuckException>(() => waiting.WaitAsync(Gate.Patience));
        await Assert.ThrowsAsync<StepStuckException>(() => batcher.SubmitAsync(gate.Pass));
        batcher.Dispose(); // does not wait for the step
        Assert.Equal(1, gate.Rows);
    }

    [Fact]
    public async Task StepThatEnds_IsNotWatchedAnyMore()
    {
        var stuck = 0;
        using var batcher = new StepBatcher(time: _time, onStuck: _ => stuck++);
        await MeasureAsync(batcher, Slow(seconds: 1));
        batcher.Dispose();

        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(0, stuck);
    }

    // The first step of a network is not counted.
    private static async Task MeasureAsync(StepBatcher batcher, DenoisePass pass)
    {
        await batcher.SubmitAsync(pass);
        await batcher.SubmitAsync(pass);
    }

    private static void InterlockedMax(ref int place, int value)
    {
        for (var seen = Volatile.Read(ref place); value > seen; seen = Volatile.Read(ref place))
        {
            Interlocked.CompareExchange(ref place, value, seen);
        }
    }

    private StepOrigin In(double seconds) => new(Deadline: _time.GetUtcNow() + TimeSpan.FromSeconds(seconds));

    /// <summary>A network that takes its time, on the test's clock.</summary>
    private DenoisePass Slow(double seconds) => step =>
    {
        _time.Advance(TimeSpan.FromSeconds(seconds));
        return step.Latents.clone();
    };
}
