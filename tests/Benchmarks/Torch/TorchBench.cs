using System.Diagnostics;
using System.Globalization;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Benchmarks.Torch;

/// <summary>The way through TorchSharp against Python's, over the same libtorch: repetitions of both take turns.</summary>
internal static class TorchBench
{
    private const double MostOverhead = 1.5;
    private const double MostApart = 1e-4;
    private const int Turns = 31;

    /// <summary>Prints the tables. True when no sum of one element takes more than 1.5 times Python's time, and both blocks answer the same.</summary>
    public static bool Run(string python, int blockTurns, CancellationToken cancel)
    {
        using var peer = new TorchPeer(python);
        using var work = new BlockWork();
        Introduce(peer);
        var (good, before) = (true, get_num_threads());
        var file = Path.GetTempFileName();
        try
        {
            work.Write(file);
            peer.Ask($"load {file} {BlockWork.Side}");
            foreach (var threads in new[] { 1, 2 })
            {
                set_num_threads(threads);
                peer.Ask($"threads {threads}");
                Say($"\n{threads} thread{(threads > 1 ? "s" : "")}: nanoseconds of processor time for one sum, {Turns} turns");
                good &= Sums(peer, cancel);
                Say($"{threads} thread{(threads > 1 ? "s" : "")}: milliseconds for one U-Net block (320 to 640 channels, {BlockWork.Side} x {BlockWork.Side}), {blockTurns} turns");
                good &= Blocks(peer, work, blockTurns, file, cancel);
            }
        }
        finally
        {
            set_num_threads(before);
            File.Delete(file);
        }

        return good;
    }

    private static void Introduce(TorchPeer peer)
    {
        var ours = File.ReadLines("/proc/self/maps").First(line => line.Contains("libtorch_cpu", StringComparison.Ordinal)).Split(' ')[^1];
        var about = peer.Ask("about").Split(' ');
        var cpu = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(": ")[^1];
        Say($"{cpu}, {Environment.ProcessorCount} cores; .NET {Environment.Version}, Python {about[1]}, {ours}");
        if (ours != about[0])
        {
            throw new InvalidOperationException($"Python uses another libtorch ({about[0]}): build the native part against it, or name another Python.");
        }
    }

    private static bool Sums(TorchPeer peer, CancellationToken cancel)
    {
        var good = true;
        foreach (var (name, asked, sum) in ScalarAdds.Ways)
        {
            // The first turns are for the compiler.
            var turns = Enumerable.Range(0, Turns + 5).Select(_ => Turn(() => ScalarAdds.Measure(peer, asked, sum), cancel)).Skip(5).ToArray();
            var ratio = Report(name, [.. turns.Select(turn => turn.Ours)], [.. turns.Select(turn => turn.Theirs)]);
            if (ratio > MostOverhead)
            {
                Say(Invariant($"  missed: {ratio:0.00} times Python's time, at most {MostOverhead}"));
                good = false;
            }
        }

        return good;
    }

    private static bool Blocks(TorchPeer peer, BlockWork work, int count, string file, CancellationToken cancel)
    {
        var turns = Enumerable.Range(0, count + 1).Select(_ => Turn(() => (Ours: work.Run(), Theirs: peer.Time("block")), cancel)).Skip(1).ToArray();
        Report("forward", [.. turns.Select(turn => turn.Ours.Forward / 1e6)], [.. turns.Select(turn => turn.Theirs[0] / 1e6)]);
        Report("backward", [.. turns.Select(turn => turn.Ours.Backward / 1e6)], [.. turns.Select(turn => turn.Theirs[1] / 1e6)]);
        double[] ours = [.. turns.Select(turn => (turn.Ours.Forward + turn.Ours.Backward) / 1e6)];
        var ratio = Report("both", ours, [.. turns.Select(turn => turn.Theirs.Sum() / 1e6)]);
        Say($"  goal, never slower: {(ratio <= 1 ? "reached" : "missed")}");

        peer.Ask($"save {file}");
        var apart = work.Compare(file);
        var (block, product) = (BlockWork.Operations / Statistics.Median(ours) / 1e6, ProductSpeed());
        Say(Invariant($"  arithmetic bounds it: {block:0.0} GFLOP/s, a product of 1024 x 1024 matrices alone {product:0.0} GFLOP/s; both sides' results differ by {apart:0.0e+00} of their norm"));
        if (!(apart <= MostApart))
        {
            Say(Invariant($"  the blocks are not the same: at most {MostApart:0.0e+00}"));
        }

        return apart <= MostApart;
    }

    private static double ProductSpeed()
    {
        using var a = rand(1024, 1024);
        var seconds = Enumerable.Range(0, 9).Select(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            using var product = a.mm(a);
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        });
        return 2 * Math.Pow(1024, 3) / Statistics.Median([.. seconds]) / 1e9;
    }

    // Both sides of a turn feel the same noise: the median of the turns' ratios is what counts.
    private static double Report(string name, double[] ours, double[] theirs)
    {
        double[] ratios = [.. ours.Zip(theirs, (mine, other) => mine / other).Order()];
        var ratio = Statistics.Median(ratios);
        Say(Invariant($"  {name,-34} ours {Statistics.Median(ours),8:0.0}   Python {Statistics.Median(theirs),8:0.0}   ratio {ratio:0.00} ({ratios[0]:0.00} to {ratios[^1]:0.00})"));
        return ratio;
    }

    private static T Turn<T>(Func<T> turn, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return turn();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static void Say(string line) => Console.WriteLine(line);
}
