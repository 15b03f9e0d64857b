using System.Globalization;

namespace Realiz3D.Mesh.Benchmarks.Grpc;

/// <summary>The table of the gRPC benchmark, and its goals beside what was measured.</summary>
internal static class GrpcTable
{
    private const double OfHttp = 0.8;
    private const double OfPeers = 3;

    /// <summary>Prints medians of the rounds.</summary>
    public static void Print(IReadOnlyList<Contestant> contestants, int rounds)
    {
        Line($"Medians of {rounds} interleaved rounds; server and client on one core each.");
        Line($"{"",-26}{"1 KiB unary",28}    {"stream of 64 KiB",30}    {"stream of 1 MiB",30}   allocated per message");
        Line($"{"",-26}{"calls/s",9}{"p50 us",9}{"p99 us",10}    {"MiB/s",8}{"server",11}{"client",11}    {"MiB/s",8}{"server",11}{"client",11}   {"1 KiB",7}{"64 KiB",8}{"1 MiB",8}");
        foreach (var each in contestants)
        {
            Line($"{each.Name,-26}{Unary(each)}    {Stream(each, Load.Chunks)}    {Stream(each, Load.Megabytes)}   {Allocated(each)}");
        }

        Line($"server, client: how busy they kept their core. The one near 100 % is the bound; when neither is, it is the waiting for each other.");
        Line($"allocated: managed bytes of both sides. A server that runs ahead fills .NET's HTTP/2 client with buffers of 16 KiB, of which its");
        Line($"pool keeps 32 per core; the rest are new ones. They are no copies of ours: `tests/Contracts.Tests` counts those.");
        Goals(contestants, Load.Chunks, "64 KiB");
        Goals(contestants, Load.Megabytes, "1 MiB");
    }

    private static void Goals(IReadOnlyList<Contestant> contestants, Load load, string size)
    {
        var ours = MebibytesPerSecond(contestants[0], load);
        var http = MebibytesPerSecond(contestants.Single(each => each.Name.StartsWith("HTTP", StringComparison.Ordinal)), load);
        var peer = contestants.Where(each => each != contestants[0] && !each.Counts).MaxBy(each => MebibytesPerSecond(each, load))!;
        var times = ours / MebibytesPerSecond(peer, load);
        Line($"{size,-6} streams: {ours / http:F2} of the HTTP/2 copy (goal {OfHttp}: {Held(ours / http >= OfHttp)})");
        Line($"{size,-6} streams: {times:F2} times the better peer, {peer.Name} (goal {OfPeers}: {Held(times >= OfPeers)})");
    }

    private static string Unary(Contestant each) => FormattableString.Invariant(
        $"{each.Median(Load.Calls, s => s.PerSecond),9:F0}{each.Median(Load.Latency, s => s.P50),9:F0}{each.Median(Load.Latency, s => s.P99),10:F0}");

    private static string Stream(Contestant each, Load load) => FormattableString.Invariant(
        $"{MebibytesPerSecond(each, load),8:F0}{100 * each.Median(load, s => s.ServerBusy),9:F0} %{100 * each.Median(load, s => s.ClientBusy),9:F0} %");

    private static string Allocated(Contestant each) => FormattableString.Invariant(
        $"{Bytes(each, Load.Calls),7}{Bytes(each, Load.Chunks),8}{Bytes(each, Load.Megabytes),8}");

    private static string Bytes(Contestant each, Load load) =>
        each.Counts ? each.Median(load, s => s.Allocated).ToString("F0", CultureInfo.InvariantCulture) : "n/a";

    private static double MebibytesPerSecond(Contestant each, Load load) =>
        each.Median(load, s => s.PerSecond) * (load == Load.Chunks ? 1 / 16.0 : 1);

    private static string Held(bool holds) => holds ? "reached" : "missed";

    private static void Line(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));
}
