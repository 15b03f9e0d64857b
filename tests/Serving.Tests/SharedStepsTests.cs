using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Who shares the next step: single calls among jobs, and jobs that come back.</summary>
[Collection("meters")]
public sealed class SharedStepsTests
{
    private static readonly StepRequest s_request = new(Pass, zeros(1, 1, 1, 1), [1], zeros(1, 1, 1), ones(1, 1));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SingleCall_WaitsForTheRunningStepOnly(bool ofTheSameNetwork)
    {
        List<int> batches = [];
        using var listener = Meters.Listen((string name, int value) =>
        {
            if (name == "realiz3d.denoise.batch.size")
            {
                batches.Add(value);
            }
        });
        using var gate = new Gate();
        using var batcher = new StepBatcher(new StepBatcherOptions(MaxBatchItems: 16));
        DenoisePass other = step => step.Latents.clone();

        // Five jobs of eight items, two to a batch, with steps to come; a call of nobody's interest while the first batch runs.
        var jobs = Enumerable.Range(0, 5).Select(_ => RunJobAsync(batcher, gate.Pass, steps: 4)).ToArray();
        await gate.EnteredAsync();
        var call = batcher.SubmitAsync(ofTheSameNetwork ? gate.Pass : other, origin: new StepOrigin(StepClass.Batch));
        gate.Open();

        await call.WaitAsync(Gate.Patience);
        await Task.WhenAll(jobs).WaitAsync(Gate.Patience);
        batcher.Dispose(); // the last step is measured after its callers have their rows
        Assert.Equal((5 * 4 * 8) + 1, batches.Sum());
        Assert.Equal(1, batches.FindIndex(size => size % 8 == 1)); // the step after the one that ran
    }

    [Fact]
    public async Task NextBatch_WaitsForTheJobsOfTheLast()
    {
        var line = new StepLine(new StepBatcherOptions(), TimeProvider.System);
        using var telemetry = new ServingTelemetry(() => 0, _ => 0);
        using var one = line.Enter(SmallSteps.KeyOf(Pass), 1, 3, new StepOrigin(), telemetry);
        using var two = line.Enter(SmallSteps.KeyOf(Pass), 1, 3, new StepOrigin(), telemetry);
        line.Ended([Step(one), Step(two)], TimeSpan.FromMinutes(1));

        line.Enter(Step(one), telemetry, default);
        var batch = Task.Run(() => line.NextBatch(_ => { }));
        Assert.NotSame(batch, await Task.WhenAny(batch, Task.Delay(100))); // it waits for the other
        line.Enter(Step(two), telemetry, default);
        Assert.Equal(2, (await batch.WaitAsync(Gate.Patience))!.Count);

        // One that ends, and one whose last step it was, are not waited for.
        line.Ended([Step(one), Step(two)], TimeSpan.FromMinutes(1));
        line.Enter(Step(one), telemetry, default);
        batch = Task.Run(() => line.NextBatch(_ => { }));
        two.Dispose();
        Assert.Single((await batch.WaitAsync(Gate.Patience))!);
        line.Ended([Step(one)], TimeSpan.FromMinutes(1));
        line.Enter(Call(), telemetry, default);
        Assert.Single((await Task.Run(() => line.NextBatch(_ => { })).WaitAsync(Gate.Patience))!);
    }

    [Fact]
    public async Task Job_KnowsWhetherAStepOfItsWasShared()
    {
        using var gate = new Gate();
        using var batcher = new StepBatcher();
        var jobs = Enumerable.Range(0, 3).Select(_ => batcher.Announce(SmallSteps.KeyOf(gate.Pass), 1, 2, new StepOrigin())).ToArray();
        var alone = batcher.SubmitAsync(gate.Pass, job: jobs[0]);
        await gate.EnteredAsync();
        var together = jobs[1..].Select(job => batcher.SubmitAsync(gate.Pass, job: job)).ToArray();
        gate.Open();
        await Task.WhenAll([alone, .. together]).WaitAsync(Gate.Patience);

        Assert.Equal([true, false, false], jobs.Select(job => job.RanAlone));

        await batcher.SubmitAsync(gate.Pass, job: jobs[1]).WaitAsync(Gate.Patience);
        Assert.False(jobs[1].RanAlone);
        Array.ForEach(jobs, job => job.Dispose());
    }

    [Fact]
    public async Task FullBatch_WaitsForNobody()
    {
        var line = new StepLine(new StepBatcherOptions(MaxBatchItems: 2), TimeProvider.System);
        using var telemetry = new ServingTelemetry(() => 0, _ => 0);
        using var one = line.Enter(SmallSteps.KeyOf(Pass), 1, 3, new StepOrigin(), telemetry);
        using var two = line.Enter(SmallSteps.KeyOf(Pass), 1, 3, new StepOrigin(), telemetry);
        line.Ended([Step(one), Step(two)], TimeSpan.FromMinutes(1));

        line.Enter(Step(one), telemetry, default);
        line.Enter(Call(), telemetry, default);

        Assert.Equal(2, (await Task.Run(() => line.NextBatch(_ => { })).WaitAsync(Gate.Patience))!.Count);
    }

    [Fact]
    public void StepThatTheNextBatchMakesTooLate_LeavesBeforeItRuns()
    {
        var time = new ManualTime();
        var line = new StepLine(new StepBatcherOptions(MaxBatchItems: 1), time);
        using var telemetry = new ServingTelemetry(() => 0, _ => 0);
        MeasureTenSeconds(line);
        WaitingStep In(double seconds) => new(
            s_request with { Origin = new StepOrigin(Deadline: time.GetUtcNow() + TimeSpan.FromSeconds(seconds)) }, time.GetUtcNow(), default);
        var (first, second, third) = (In(30), In(15), In(25));
        foreach (var step in new[] { first, second, third })
        {
            line.Enter(step, telemetry, default);
        }

        List<WaitingStep> late = [];
        var batch = line.NextBatch(late.Add);

        Assert.Equal([first], batch);
        Assert.Equal([second], late); // ten seconds each: behind the first it would end after twenty
        Assert.Equal(1, line.Items);
    }

    [Fact]
    public void Batch_HoldsNoMoreThanMemoryDid()
    {
        var line = new StepLine(new StepBatcherOptions(MaxBatchItems: 8), TimeProvider.System);
        using var telemetry = new ServingTelemetry(() => 0, _ => 0);
        line.ShapeOf(s_request.Key).Limit = 2;
        for (var call = 0; call < 3; call++)
        {
            line.Enter(Call(), telemetry, default);
        }

        Assert.Equal(2, line.NextBatch(_ => { })!.Count);
    }

    private static void MeasureTenSeconds(StepLine line)
    {
        for (var step = 0; step < 2; step++) // the first is not counted
        {
            line.ShapeOf(s_request.Key).Add(1, TimeSpan.FromSeconds(10));
        }
    }

    private static async Task RunJobAsync(StepBatcher batcher, DenoisePass pass, int steps)
    {
        using var job = batcher.Announce(SmallSteps.KeyOf(pass), 8, steps, new StepOrigin());
        for (var i = 0; i < steps; i++)
        {
            await batcher.SubmitAsync(pass, items: 8, job: job);
        }
    }

    private static Tensor Pass(StepInputs inputs) => inputs.Latents.clone();

    private static WaitingStep Step(AnnouncedWork job) => new(s_request with { Job = job }, DateTimeOffset.UtcNow, default);

    private static WaitingStep Call() => new(s_request, DateTimeOffset.UtcNow, default);

}
