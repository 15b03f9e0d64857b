using System.Diagnostics.Metrics;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>What the outside is told.</summary>
[Collection("meters")]
public sealed class TelemetryTests
{
    [Fact]
    public async Task AnnouncedWork_CountsDown_InItsClass_AndIsGoneWhenTheJobEnds()
    {
        using var batcher = new StepBatcher(time: new ManualTime());
        DenoisePass pass = step => step.Latents.clone();
        Assert.Equal(0, Work().Values.Sum());

        var job = batcher.Announce(SmallSteps.KeyOf(pass), items: 4, steps: 25, new StepOrigin(StepClass.Preview));
        using var other = batcher.Announce(SmallSteps.KeyOf(Other), items: 1, steps: 10, new StepOrigin(StepClass.Batch));
        var all = Work();
        await batcher.SubmitAsync(Other, job: other);
        await batcher.SubmitAsync(Other, job: other); // the first is not counted
        var rest = Work();
        job.Dispose();

        // Nothing was measured of the first network, so each item counts with the same guess.
        Assert.Equal(0.05 * 100, all["class=preview"], 1e-9);
        Assert.Equal(0.05 * 10, all["class=batch"], 1e-9);
        Assert.Equal(0, all["class=interactive"]);
        Assert.Equal(0.05 * 100, rest["class=preview"], 1e-9);
        Assert.Equal(0, rest["class=batch"]); // the clock stands: a step takes no time
        Assert.Equal(0, Work().Values.Sum());
    }

    [Fact]
    public async Task Calls_CountAsWork_WaitingAndRunning()
    {
        using var gate = new Gate();
        using var batcher = new StepBatcher(time: new ManualTime());
        var running = batcher.SubmitAsync(gate.Pass, items: 3, origin: new StepOrigin(StepClass.Preview));
        await gate.EnteredAsync();
        var waiting = batcher.SubmitAsync(gate.Pass, items: 2, origin: new StepOrigin(StepClass.Batch));

        var work = Work();
        gate.Open();
        await Task.WhenAll(running, waiting).WaitAsync(Gate.Patience);

        Assert.Equal(0.05 * 3, work["class=preview"], 1e-9);
        Assert.Equal(0.05 * 2, work["class=batch"], 1e-9);
        Assert.Equal(0, Work().Values.Sum());
    }

    [Fact]
    public void Instruments_AreTheDocumentedOnes()
    {
        using var batcher = new StepBatcher();
        List<string> found = [];
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == ServingTelemetry.SourceName)
                {
                    found.Add($"{instrument.Name} {instrument.Unit}");
                }
            },
        };
        ServingTelemetry.ModelsLoaded(0);
        listener.Start();

        Assert.Superset(
            new HashSet<string>
            {
                "realiz3d.denoise.work s", "realiz3d.denoise.step.duration s", "realiz3d.denoise.batch.size {item}",
                "realiz3d.denoise.queue.length {item}", "realiz3d.denoise.queue.wait s", "realiz3d.denoise.cancelled {item}",
                "realiz3d.denoise.rejected {item}", "realiz3d.model.loaded {model}",
            },
            found.ToHashSet());
    }

    [Fact]
    public async Task QueueWait_EndsWhereTheStepBegins()
    {
        List<double> waits = [];
        using var listener = Meters.Listen((string name, double value) =>
        {
            if (name == "realiz3d.denoise.queue.wait")
            {
                waits.Add(value);
            }
        });
        var time = new ManualTime();
        using var gate = new Gate();
        using var batcher = new StepBatcher(time: time);
        var running = batcher.SubmitAsync(gate.Pass);
        await gate.EnteredAsync();
        var waiting = batcher.SubmitAsync(gate.Pass);
        time.Advance(TimeSpan.FromSeconds(3));
        gate.Open();
        await Task.WhenAll(running, waiting).WaitAsync(Gate.Patience);

        Assert.Equal([0, 3], waits);
    }

    [Fact]
    public async Task CancelledItems_AreCounted_WaitingAndRunning()
    {
        List<int> cancelled = [];
        using var listener = Meters.Listen((string name, int value) =>
        {
            if (name == "realiz3d.denoise.cancelled")
            {
                cancelled.Add(value);
            }
        });
        using var gate = new Gate();
        using var batcher = new StepBatcher();
        using var cancel = new CancellationTokenSource();
        var running = batcher.SubmitAsync(gate.Pass, items: 2, cancel: cancel.Token);
        await gate.EnteredAsync();
        var waiting = batcher.SubmitAsync(gate.Pass, items: 3, cancel: cancel.Token);

        await cancel.CancelAsync();
        gate.Open();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(Gate.Patience));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Gate.Patience));
        batcher.Dispose(); // the step counts what it drops after its callers have left

        Assert.Equal([3, 2], cancelled);
    }

    [Fact]
    public async Task Steps_AreMeasured()
    {
        var batches = new List<int>();
        using var listener = Meters.Listen((string name, int value) =>
        {
            if (name == "realiz3d.denoise.batch.size")
            {
                batches.Add(value);
            }
        });
        using (var batcher = new StepBatcher())
        {
            using var latents = zeros(3, 1, 1, 1);
            using var context = zeros(3, 1, 1);
            using var mask = ones(3, 1);
            var request = new StepRequest(step => step.Latents.clone(), latents, [1, 2, 3], context, mask);
            (await batcher.RunAsync(request, default)).Dispose();
        }

        Assert.Contains(3, batches);
    }

    private static Tensor Other(StepInputs inputs) => inputs.Latents.clone();

    // Tests that use batchers run one after the other, so only one has work.
    private static Dictionary<string, double> Work()
    {
        Dictionary<string, double> seconds = [];
        using var listener = Meters.Listen((string name, double value, string attribute) =>
        {
            if (name == "realiz3d.denoise.work")
            {
                seconds[attribute] = seconds.GetValueOrDefault(attribute) + value;
            }
        });
        listener.RecordObservableInstruments();
        return seconds;
    }
}
