using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>The batcher with networks that are simple functions and wait where a test wants them to.</summary>
[Collection("meters")] // one after the other with the tests that listen to all batchers
public sealed class StepBatcherTests
{
    private static readonly TimeSpan Patience = Gate.Patience;

    [Fact]
    public async Task Run_GivesEachCallerItsOwnRows()
    {
        using var batcher = new StepBatcher();
        // The answer depends on every input of the row, so that swapped rows show.
        DenoisePass pass = step => step.Latents
            + step.Timesteps.reshape(-1, 1, 1, 1)
            + (step.Context * step.Mask.unsqueeze(-1)).sum([1, 2]).reshape(-1, 1, 1, 1)
            + step.More[0].reshape(-1, 1, 1, 1);
        var callers = Enumerable.Range(0, 20).Select(async i =>
        {
            using var latents = full([2, 1, 2, 2], (float)i);
            using var context = full([2, 3, 1], 0.5f);
            using var mask = tensor(new float[] { 1, 1, 0, 1, 0, 0 }, [2, 3]);
            using var more = tensor(new float[] { 0.5f, 1000 * i }, [2, 1]);
            using var output = await batcher.RunAsync(new StepRequest(pass, latents, [100 * i, 7.25], context, mask, [more]), default);
            return output.cpu().data<float>().ToArray();
        });

        var answers = await Task.WhenAll(callers).WaitAsync(Patience);

        for (var i = 0; i < answers.Length; i++)
        {
            Assert.Equal([.. Enumerable.Repeat((101f * i) + 1.5f, 4), .. Enumerable.Repeat((1001f * i) + 7.75f, 4)], answers[i]);
        }
    }

    [Fact]
    public void Key_TellsShapesAndTypes_AndNotValues()
    {
        using var scope = NewDisposeScope();
        DenoisePass pass = step => step.Latents.clone();
        var (latents, context, mask) = (zeros(2, 4, 8, 8), zeros(2, 5, 6), ones(2, 5));
        StepRequest With(params Tensor[] more) => new(pass, latents, [1, 2], context, mask, more);

        Assert.Equal(With(zeros(2, 3)).Key, new StepRequest(pass, latents * 2, [9.5, 7], context, mask, [ones(2, 3)]).Key);
        Assert.Equal(5, new[]
        {
            With().Key, With(zeros(2, 3)).Key, With(zeros(2, 4)).Key, With(zeros(2, 3), zeros(2, 3)).Key,
            With(zeros(2, 3).to(ScalarType.Float64)).Key,
        }.Distinct().Count());
    }

    [Fact]
    public async Task WaitingRequests_OfOneKey_ShareTheNextStep_UpToTheLimit()
    {
        var batches = new List<int>();
        using var listener = Meters.Listen((string name, int value) =>
        {
            if (name == "realiz3d.denoise.batch.size")
            {
                batches.Add(value);
            }
        });
        using var gate = new Gate();
        using var batcher = new StepBatcher(new StepBatcherOptions(MaxBatchItems: 4));
        var first = batcher.SubmitAsync(gate.Pass);
        await gate.EnteredAsync();
        var others = Enumerable.Range(0, 6).Select(_ => batcher.SubmitAsync(gate.Pass)).ToArray();
        Assert.Equal(6, batcher.QueuedItems);

        gate.Open();
        await first.WaitAsync(Patience);
        await Task.WhenAll(others).WaitAsync(Patience);

        Assert.Equal(7, gate.Rows);
        Assert.Equal(0, batcher.QueuedItems);
        batcher.Dispose(); // the last step is measured after its callers have their rows
        Assert.Equal([1, 4, 2], batches);
    }

    [Fact]
    public async Task FullQueue_RefusesAtOnce_AndSaysWhen()
    {
        using var gate = new Gate();
        using var batcher = new StepBatcher(new StepBatcherOptions(MaxQueuedItems: 2));
        var running = batcher.SubmitAsync(gate.Pass);
        await gate.EnteredAsync();
        var waiting = new[] { batcher.SubmitAsync(gate.Pass), batcher.SubmitAsync(gate.Pass) };

        var full = await Assert.ThrowsAsync<QueueFullException>(() => batcher.SubmitAsync(gate.Pass));

        Assert.InRange(full.RetryAfter.TotalSeconds, 0.8, 1.2); // a second at least, give or take a fifth
        Assert.Contains("2 denoise steps", full.Message, StringComparison.Ordinal);
        gate.Open();
        await Task.WhenAll([running, .. waiting]).WaitAsync(Patience);
        Assert.Equal(3, gate.Rows); // the refused one never ran
    }

    [Fact]
    public async Task CancelledWhileWaiting_LeavesAtOnce_AndNeverRuns()
    {
        using var gate = new Gate();
        using var batcher = new StepBatcher();
        var running = batcher.SubmitAsync(gate.Pass);
        await gate.EnteredAsync();
        using var cancel = new CancellationTokenSource();
        var waiting = batcher.SubmitAsync(gate.Pass, cancel: cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Patience)); // the gate is still shut
        Assert.Equal(0, batcher.QueuedItems);
        gate.Open();
        await running.WaitAsync(Patience);
        Assert.Equal(1, gate.Rows);
    }

    [Fact]
    public async Task CancelledWhileRunning_EndsWithTheStep_WhichReadsTheCallersTensorsUntilThen()
    {
        using var gate = new Gate();
        using var batcher = new StepBatcher();
        using var cancel = new CancellationTokenSource();
        var running = batcher.SubmitAsync(gate.Pass, cancel: cancel.Token);
        await gate.EnteredAsync();

        await cancel.CancelAsync();
        Assert.False(running.IsCompleted);

        gate.Open();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Patience));
        await batcher.SubmitAsync(gate.Pass).WaitAsync(Patience);
        Assert.Equal(2, gate.Rows);
    }

    [Fact]
    public async Task FailingPass_ReachesItsCaller_AndTheNextStepRuns()
    {
        using var batcher = new StepBatcher();
        DenoisePass broken = _ => throw new InvalidOperationException("no such kernel");

        var fault = await Assert.ThrowsAnyAsync<Exception>(() => batcher.SubmitAsync(broken));

        Assert.Contains("no such kernel", fault.ToString(), StringComparison.Ordinal);
        await batcher.SubmitAsync(step => step.Latents.clone()).WaitAsync(Patience);
    }

    [Fact]
    public async Task Dispose_CancelsWhatWaits_AfterTheRunningStep()
    {
        using var gate = new Gate();
        var batcher = new StepBatcher();
        var running = batcher.SubmitAsync(gate.Pass);
        await gate.EnteredAsync();

        var disposal = Task.Run(batcher.Dispose);

        // Requests wait until the batcher has begun to stop, then they are refused.
        var waiting = new List<Task>();
        do
        {
            await Task.Delay(1);
            waiting.Add(batcher.SubmitAsync(gate.Pass));
        }
        while (!waiting[^1].IsFaulted);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting[^1]);
        gate.Open();

        await disposal.WaitAsync(Patience);
        await running.WaitAsync(Patience);
        foreach (var task in waiting.SkipLast(1))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => task.WaitAsync(Patience));
        }

        Assert.Equal(1, gate.Rows);
    }

    [Fact]
    public async Task ManyCallers_SomeCancelling_EveryOneEnds_AndTheQueueIsEmpty()
    {
        using var batcher = new StepBatcher(new StepBatcherOptions(MaxBatchItems: 8));
        DenoisePass pass = step => step.Latents * 2;
        var ends = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => Task.Run(async () =>
        {
            using var cancel = new CancellationTokenSource();
            if (i % 3 == 0)
            {
                cancel.CancelAfter(i % 7);
            }

            try
            {
                return await batcher.SubmitAsync(pass, i, cancel: cancel.Token);
            }
            catch (OperationCanceledException)
            {
                return float.NaN;
            }
        }))).WaitAsync(Patience);

        for (var i = 0; i < ends.Length; i++)
        {
            Assert.True(ends[i] == 2 * i || (i % 3 == 0 && float.IsNaN(ends[i])), $"Caller {i} got {ends[i]}.");
        }

        Assert.Equal(0, batcher.QueuedItems);
    }
}
