using System.Diagnostics;
using System.Diagnostics.Metrics;
using Realiz3D.Mesh.Serving;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Benchmarks.Batcher;

/// <summary>What a run showed.</summary>
/// <param name="Seconds">From the first step to the last job's end.</param>
/// <param name="Batches">Items of each step.</param>
/// <param name="Waits">Seconds from arrival to the step, each request.</param>
/// <param name="ProcessorSeconds">Of all threads.</param>
/// <param name="Pictures">The views of each job.</param>
internal sealed record LoadFigures(
    double Seconds, IReadOnlyList<int> Batches, IReadOnlyList<double> Waits, double ProcessorSeconds, IReadOnlyList<byte[]> Pictures)
{
    public double ItemsPerSecond => Batches.Sum() / Seconds;

    public double MeanBatch => Batches.Average();

    public double WaitAt(double share) => Waits.Order().ElementAt((int)Math.Min(Waits.Count - 1, share * Waits.Count));
}

/// <summary>Eight jobs at once, and callers that ask for one score after the other until the jobs are done.</summary>
internal static class LoadRun
{
    /// <summary>Jobs at a time.</summary>
    public const int Jobs = 8;

    private const int Callers = 2;

    /// <summary>Runs the load.</summary>
    /// <param name="model">The model.</param>
    /// <param name="shared">Whether requests share steps.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<LoadFigures> RunAsync(MiniModel model, bool shared, CancellationToken cancel)
    {
        List<int> batches = [];
        List<double> waits = [];
        using var listener = Listen(batches, waits);
        using var batcher = new StepBatcher(
            new StepBatcherOptions(MaxBatchItems: shared ? new StepBatcherOptions().MaxBatchItems : 1, MaxWorkSeconds: double.PositiveInfinity));
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var (start, processor) = (Stopwatch.GetTimestamp(), Processor());

        var jobs = Enumerable.Range(0, Jobs).Select(seed => model.SampleAsync(batcher, (ulong)seed, cancel)).ToArray();
        var callers = Enumerable.Range(0, Callers).Select(caller => CallOnAsync(model, batcher, caller, done.Token)).ToArray();
        var latents = await Task.WhenAll(jobs);
        var (seconds, spent) = (Stopwatch.GetElapsedTime(start).TotalSeconds, Processor() - processor);
        await done.CancelAsync();
        await Task.WhenAll(callers);
        batcher.Dispose(); // after this nobody measures any more
        return new LoadFigures(seconds, batches, waits, spent, [.. latents.Select(latent => PictureOf(model, latent))]);
    }

    private static async Task CallOnAsync(MiniModel model, StepBatcher batcher, int caller, CancellationToken until)
    {
        for (var timestep = 20; !until.IsCancellationRequested; timestep = (timestep + 333) % 1000)
        {
            try
            {
                (await model.CallAsync(batcher, (ulong)caller, timestep, until)).Dispose();
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static byte[] PictureOf(MiniModel model, Tensor latent)
    {
        using var owned = latent;
        return model.Picture(owned);
    }

    private static MeterListener Listen(List<int> batches, List<double> waits)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name is "realiz3d.denoise.batch.size" or "realiz3d.denoise.queue.wait")
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<int>((_, items, _, _) => batches.Add(items));   // both on the batcher's thread
        listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => waits.Add(seconds));
        listener.Start();
        return listener;
    }

    private static double Processor() => Environment.CpuUsage.TotalTime.TotalSeconds;
}
