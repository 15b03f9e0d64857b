using System.Diagnostics;
using System.Globalization;

namespace Realiz3D.Mesh.Benchmarks.Grpc;

/// <summary>The clients of ours. A line of input is a measurement, a line of output its result; they live as long as their input.</summary>
internal static class TransferClient
{
    /// <summary>Measures what it is told: <c>echo SECONDS IN_FLIGHT</c> or <c>receive SECONDS BYTES</c>.</summary>
    public static async Task<int> RunAsync(string kind, int port)
    {
        using ITransfer transfer = kind switch
        {
            "grpc" => new GrpcTransfer(port),
            "http2" => new HttpTransfer(port),
            "tcp" => new TcpTransfer(port),
            _ => throw new InvalidOperationException($"There is no client called {kind}."),
        };
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var words = line.Split(' ');
            var seconds = double.Parse(words[1], CultureInfo.InvariantCulture);
            var number = int.Parse(words[2], CultureInfo.InvariantCulture);
            var before = GC.GetTotalAllocatedBytes(precise: true);
            var result = words[0] == "echo" ? await EchoAsync(transfer, seconds, number) : await ReceiveAsync(transfer, seconds, number);
            Console.WriteLine($"{result} allocated={GC.GetTotalAllocatedBytes(precise: true) - before}");
        }

        return 0;
    }

    private static async Task<string> EchoAsync(ITransfer transfer, double seconds, int inFlight)
    {
        var clock = Stopwatch.StartNew();
        var ticks = await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async slot =>
        {
            var each = new List<long>(capacity: 1 << 16);
            do
            {
                var start = Stopwatch.GetTimestamp();
                await transfer.EchoAsync(slot);
                each.Add(Stopwatch.GetTimestamp() - start);
            }
            while (clock.Elapsed.TotalSeconds < seconds);

            return each;
        }));
        var elapsed = clock.Elapsed.TotalSeconds;
        var sorted = ticks.SelectMany(each => each).Order().ToList();
        double Microseconds(double quantile) => sorted[(int)(quantile * (sorted.Count - 1))] * 1e6 / Stopwatch.Frequency;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"count={sorted.Count} seconds={elapsed:F6} p50={Microseconds(0.5):F1} p99={Microseconds(0.99):F1}");
    }

    private static async Task<string> ReceiveAsync(ITransfer transfer, double seconds, int bytes)
    {
        var clock = Stopwatch.StartNew();
        var count = 0;
        do
        {
            await transfer.ReceiveAsync(TransferLimits.StreamBytes / bytes, bytes);
            count += TransferLimits.StreamBytes / bytes;
        }
        while (clock.Elapsed.TotalSeconds < seconds);

        return string.Create(CultureInfo.InvariantCulture, $"count={count} seconds={clock.Elapsed.TotalSeconds:F6}");
    }
}
