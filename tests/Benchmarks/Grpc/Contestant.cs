using System.Globalization;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Benchmarks.Grpc;

/// <summary>A server and a client that are measured together.</summary>
/// <param name="Name">Row of the table.</param>
/// <param name="Server">Its server.</param>
/// <param name="Client">Its client.</param>
/// <param name="Counts">Whether both count what they allocate.</param>
internal sealed record Contestant(string Name, PinnedProcess Server, PinnedProcess Client, bool Counts)
{
    private readonly Dictionary<Load, List<Sample>> _samples = Enum.GetValues<Load>().ToDictionary(load => load, _ => new List<Sample>());

    /// <summary>Applies a load and keeps what came of it.</summary>
    public async Task MeasureAsync(Load load, double seconds, CancellationToken cancel)
    {
        var (serverBusy, clientBusy, before) = (Server.Busy, Client.Busy, await AllocatedAsync(cancel));
        var command = load switch
        {
            Load.Calls => string.Create(CultureInfo.InvariantCulture, $"echo {seconds} {TransferLimits.MaxInFlight}"),
            Load.Latency => string.Create(CultureInfo.InvariantCulture, $"echo {seconds} 1"),
            Load.Chunks => string.Create(CultureInfo.InvariantCulture, $"receive {seconds} {64 * 1024}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"receive {seconds} {1024 * 1024}"),
        };
        var answer = await Client.AskAsync(command, cancel);
        var (count, elapsed) = (answer["count"], answer["seconds"]);
        _samples[load].Add(new Sample(
            count / elapsed,
            answer.GetValueOrDefault("p50"),
            answer.GetValueOrDefault("p99"),
            Counts ? (answer["allocated"] + await AllocatedAsync(cancel) - before) / count : double.NaN,
            (Server.Busy - serverBusy).TotalSeconds / elapsed,
            (Client.Busy - clientBusy).TotalSeconds / elapsed));
    }

    /// <summary>Forgets the samples of the warm-up.</summary>
    public void Forget()
    {
        foreach (var samples in _samples.Values)
        {
            samples.Clear();
        }
    }

    /// <summary>Median of a value over the rounds.</summary>
    public double Median(Load load, Func<Sample, double> value) => Statistics.Median(_samples[load].Select(value));

    private async Task<double> AllocatedAsync(CancellationToken cancel) =>
        Counts ? (await Server.AskAsync("allocated", cancel))["allocated"] : 0;
}

/// <summary>What is asked of a contestant.</summary>
internal enum Load
{
    /// <summary>Unary calls of 1 KiB, many at a time.</summary>
    Calls,

    /// <summary>Unary calls of 1 KiB, one after the other.</summary>
    Latency,

    /// <summary>A stream of 64 KiB messages.</summary>
    Chunks,

    /// <summary>A stream of 1 MiB messages.</summary>
    Megabytes,
}

/// <summary>One measurement.</summary>
/// <param name="PerSecond">Calls or messages in a second.</param>
/// <param name="P50">Median latency in microseconds.</param>
/// <param name="P99">99th percentile of the latency in microseconds.</param>
/// <param name="Allocated">Managed bytes for each call or message, both sides together.</param>
/// <param name="ServerBusy">Share of its core that the server used.</param>
/// <param name="ClientBusy">Share of its core that the client used.</param>
internal readonly record struct Sample(
    double PerSecond,
    double P50,
    double P99,
    double Allocated,
    double ServerBusy,
    double ClientBusy);
