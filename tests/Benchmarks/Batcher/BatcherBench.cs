using System.Diagnostics;
using System.Runtime.InteropServices;
using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Benchmarks.Batcher;

/// <summary>What sharing steps brings, and what it changes in the results.</summary>
/// <remarks>
/// 1. What the network itself allows: passes of the sizes that the batcher makes, on all threads.
/// 2. The load with and without sharing, in turns; medians count. Without, each request is a step of its own.
/// 3. One call alone and in a batch of eight. 4. Jobs alone and in mixed batches.
/// </remarks>
internal static class BatcherBench
{
    private const double WantedGain = 1.3;
    private const double MostDifference = 1e-4;
    private const double MostOtherLevels = 0.001;

    /// <summary>Runs the bench.</summary>
    /// <param name="path">Folder of the model.</param>
    /// <param name="rounds">Turns with and without sharing.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Whether sharing brings what is wanted and changes no more than is allowed.</returns>
    public static async Task<bool> RunAsync(string path, int rounds, CancellationToken cancel)
    {
        using var model = new MiniModel(path);
        Print($"{LoadRun.Jobs} jobs of {MiniModel.Steps} steps, {MiniModel.Items} items each, and single calls; {Environment.ProcessorCount} cores");

        // 1.
        var bound = Bound(model, rounds, cancel);

        // 2.
        List<LoadFigures> alone = [], shared = [];
        for (var round = 0; round < rounds; round++)
        {
            alone.Add(await LoadRun.RunAsync(model, shared: false, cancel));
            shared.Add(await LoadRun.RunAsync(model, shared: true, cancel));
        }

        Print($"            items/s   mean batch   p50 wait   p99 wait   cores busy");
        Print("each alone", alone);
        Print("shared", shared);
        var gain = Statistics.Median(alone.Zip(shared, (a, s) => s.ItemsPerSecond / a.ItemsPerSecond));
        Print($"sharing gives {gain:F2} times the throughput, wanted {WantedGain}; the network's passes alone allow {bound:F2}, "
            + $"the rest is what goes on between steps");

        // 3.
        var difference = await CallDifferenceAsync(model, cancel);
        Print($"one call alone and in a batch of 8: at most {difference:E1} of the output's deviation, allowed {MostDifference:E0}");

        // 4.
        var levels = shared.Max(run => alone[0].Pictures.Zip(run.Pictures, OtherLevels).Max());
        Print($"jobs alone and in mixed batches: {levels:P3} of the 8-bit values differ by more than a level, allowed {MostOtherLevels:P1}");
        var repeats = alone.Skip(1).All(run => run.Pictures.Zip(alone[0].Pictures, (a, b) => a.AsSpan().SequenceEqual(b)).All(equal => equal));
        Print($"jobs alone, again: {(repeats ? "the same bytes" : "other bytes")}");
        return gain >= WantedGain && difference <= MostDifference && levels <= MostOtherLevels && repeats;
    }

    /// <summary>How much less an item costs in a step of all jobs than in a job's own, when nothing else happens.</summary>
    private static double Bound(MiniModel model, int rounds, CancellationToken cancel)
    {
        List<double> small = [], large = [];
        const int Shared = LoadRun.Jobs * MiniModel.Items;
        for (var round = 0; round < 5 * rounds; round++)
        {
            cancel.ThrowIfCancellationRequested();
            small.Add(SecondsPerItem(model, MiniModel.Items, repeats: LoadRun.Jobs));
            large.Add(SecondsPerItem(model, Shared, repeats: 1));
        }

        Print($"the network, an item in steps of {MiniModel.Items}: {1e3 * Statistics.Median(small):F1} ms, of {Shared}: {1e3 * Statistics.Median(large):F1} ms");
        return Statistics.Median(small.Zip(large, (s, l) => s / l));
    }

    private static double SecondsPerItem(MiniModel model, int items, int repeats)
    {
        using var scope = NewDisposeScope();
        var (latents, context, mask) = model.Rows(items);
        var request = new StepRequest(model.Pass, latents, [.. Enumerable.Repeat(500.0, items)], context, mask);
        using var batcher = new StepBatcher();
        batcher.RunAsync(request, default).GetAwaiter().GetResult().Dispose();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < repeats; i++)
        {
            batcher.RunAsync(request, default).GetAwaiter().GetResult().Dispose();
        }

        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        foreach (var part in new[] { latents, context, mask })
        {
            part.Dispose();
        }

        return seconds / (repeats * items);
    }

    private static async Task<double> CallDifferenceAsync(MiniModel model, CancellationToken cancel)
    {
        const int Together = 8;
        using var batcher = new StepBatcher();
        var alone = new float[Together][];
        for (var i = 0; i < Together; i++)
        {
            alone[i] = await ReadAsync(model.CallAsync(batcher, (ulong)i, 100 * i, cancel));
        }

        // A step that waits until all eight are there, so that they share the next.
        using var open = new ManualResetEventSlim();
        DenoisePass gate = step =>
        {
            open.Wait(cancel);
            return step.Latents.clone();
        };
        var first = GateAsync(batcher, gate, cancel);
        var calls = Enumerable.Range(0, Together).Select(i => ReadAsync(model.CallAsync(batcher, (ulong)i, 100 * i, cancel))).ToArray();
        while (batcher.QueuedItems < Together)
        {
            await Task.Delay(1, cancel);
        }

        open.Set();
        await first;
        var together = await Task.WhenAll(calls);
        return alone.Zip(together, Difference).Max();
    }

    private static async Task GateAsync(StepBatcher batcher, DenoisePass gate, CancellationToken cancel)
    {
        using var latents = zeros(1, 1, 1, 1).DetachFromDisposeScope();
        using var context = zeros(1, 1, 1).DetachFromDisposeScope();
        using var mask = ones(1, 1).DetachFromDisposeScope();
        (await batcher.RunAsync(new StepRequest(gate, latents, [0], context, mask), cancel)).Dispose();
    }

    private static async Task<float[]> ReadAsync(Task<Tensor> call)
    {
        using var output = await call;
        return MemoryMarshal.Cast<byte, float>(output.bytes).ToArray();
    }

    private static double Difference(float[] expected, float[] actual)
    {
        var mean = expected.Average(value => (double)value);
        var deviation = Math.Sqrt(expected.Average(value => Math.Pow(value - mean, 2)));
        return expected.Zip(actual, (a, b) => Math.Abs((double)a - b)).Max() / deviation;
    }

    private static double OtherLevels(byte[] a, byte[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Count(d => d > 1) / (double)a.Length;

    private static void Print(string name, List<LoadFigures> runs) => Print(
        $"{name,-10} {Statistics.Median(runs.Select(r => r.ItemsPerSecond)),8:F1} {Statistics.Median(runs.Select(r => r.MeanBatch)),12:F1} "
        + $"{1e3 * Statistics.Median(runs.Select(r => r.WaitAt(0.5))),7:F0} ms {1e3 * Statistics.Median(runs.Select(r => r.WaitAt(0.99))),7:F0} ms "
        + $"{Statistics.Median(runs.Select(r => r.ProcessorSeconds / r.Seconds)),12:F2}");

    private static void Print(string line) => Console.WriteLine(line);
}
