using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving.Tests;

/// <summary>What the outside is told.</summary>
[Collection("meters")]
public sealed class TelemetryTests
{
    [Fact]
    public void AnnouncedWork_CountsDown_AndIsGoneWhenTheJobEnds()
    {
        using var batcher = new StepBatcher();
        Assert.Equal(0, Work(batcher));

        var job = batcher.Announce(100);
        var all = Work(batcher);
        job.Done(40);
        var rest = Work(batcher);
        job.Dispose();

        Assert.True(all > 0);
        Assert.Equal(0.6, rest / all, precision: 6);
        Assert.Equal(0, Work(batcher));
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

    // Other tests' batchers report under the same names, so the sum over a moment in which only one has work is asked for.
    private static double Work(StepBatcher batcher)
    {
        Assert.Equal(0, batcher.QueuedItems);
        var seconds = 0.0;
        using var listener = Meters.Listen((string name, double value) => seconds += name == "realiz3d.denoise.work" ? value : 0);
        listener.RecordObservableInstruments();
        return seconds;
    }
}
