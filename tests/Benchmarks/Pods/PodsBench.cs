using System.Diagnostics;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Benchmarks.Pods;

/// <summary>What more denoiser pods bring, and what becomes of work when pods come and go. All pods are processes.</summary>
/// <remarks>
/// 1. Two pods work; a third starts at an address that has been silent for longer than reconnecting usually waits.
/// 2. Jobs through one pod and through three, in turns; medians count. The device is simulated, a step takes a fixed time.
/// 3. A whole job in a whole mesh of one pod, and again in one of three, where the pod that paints is killed in the middle of a step.
/// </remarks>
internal static class PodsBench
{
    private const double WantedGain = 2.7;
    private const int Jobs = 12;
    private const int Steps = 15;
    private static readonly TimeSpan s_promised = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_silence = TimeSpan.FromSeconds(20);

    /// <summary>Runs the bench.</summary>
    /// <param name="rounds">Turns with one pod and with three.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>Whether all that is promised holds.</returns>
    public static async Task<bool> RunAsync(int rounds, CancellationToken cancel)
    {
        bool joins, gains;
        await using (var pods = new PodSet(3))
        {
            joins = await JoinAsync(pods, cancel);
            gains = await ScaleAsync(pods, rounds, cancel);
        }

        var survives = await KillAsync(cancel);
        return joins && gains && survives;
    }

    // 1.
    private static async Task<bool> JoinAsync(PodSet pods, CancellationToken cancel)
    {
        await pods.StartAsync(0, cancel);
        await pods.StartAsync(1, cancel);
        using var channel = pods.Open(0, 1, 2);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < s_silence;)
        {
            await pods.RunAsync(channel, seed: 1, steps: 1, cancel);
        }

        await pods.StartAsync(2, cancel);
        var took = await pods.TimeToFirstJobAsync(2, channel, 4 * s_promised, cancel);
        Console.WriteLine(
            $"a pod that joins after more than {s_silence.TotalSeconds:F0} s: ready, its first job is done after {took.TotalSeconds:F1} s, "
            + $"allowed {s_promised.TotalSeconds:F0} s");
        return took <= s_promised;
    }

    // 2.
    private static async Task<bool> ScaleAsync(PodSet pods, int rounds, CancellationToken cancel)
    {
        Console.WriteLine($"{Jobs} jobs of {Steps} steps at once, {PodSet.StepMilliseconds} ms a step, a job to a step:");
        Console.WriteLine("pods    seconds    steps/s   jobs by pod");
        List<double> gains = [];
        for (var round = 0; round < rounds; round++)
        {
            var one = await MeasureAsync(pods, [0], cancel);
            var three = await MeasureAsync(pods, [0, 1, 2], cancel);
            gains.Add(three / one);
        }

        var gain = Statistics.Median(gains);
        Console.WriteLine($"three pods give {gain:F2} times the throughput of one, wanted {WantedGain}");
        return gain >= WantedGain;
    }

    private static async Task<double> MeasureAsync(PodSet pods, int[] some, CancellationToken cancel)
    {
        using var channel = pods.Open(some);
        foreach (var pod in some)
        {
            await pods.TimeToFirstJobAsync(pod, channel, 4 * s_promised, cancel); // all connections stand
        }

        await Task.WhenAll(some.Select(_ => pods.RunAsync(channel, seed: 1, Steps, cancel))); // all code is compiled
        var clock = Stopwatch.StartNew();
        var done = await Task.WhenAll(Enumerable.Range(0, Jobs).Select(seed => pods.RunAsync(channel, (ulong)seed, Steps, cancel)));
        var seconds = clock.Elapsed.TotalSeconds;
        var byPod = string.Join(' ', some.Select(pod => done.Count(did => did == pod)));
        Console.WriteLine($"{some.Length,4} {seconds,10:F1} {Jobs * Steps / seconds,10:F1}   {byPod}");
        return Jobs * Steps / seconds;
    }

    // 3.
    private static async Task<bool> KillAsync(CancellationToken cancel)
    {
        var whole = await KilledPod.RunAsync(pods: 1, kill: false, cancel);
        var broken = await KilledPod.RunAsync(pods: 3, kill: true, cancel);
        var same = whole.Asset.AsSpan().SequenceEqual(broken.Asset);
        Console.WriteLine(
            $"a job of realiz3d-mini alone on one pod: {whole.State}, {whole.Seconds:F1} s; one of three, killed after step {broken.KilledAt}: "
            + $"{broken.State}, {broken.Seconds:F1} s, {(same ? "the same asset, byte for byte" : "another asset")}");
        return whole.State == JobState.Succeeded && broken.State == JobState.Succeeded && broken.KilledAt > 0 && same;
    }
}
