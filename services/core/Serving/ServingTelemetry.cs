using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Realiz3D.Mesh.Serving;

/// <summary>What the batcher tells the outside: one meter, one activity source.</summary>
public sealed class ServingTelemetry : IDisposable
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string SourceName = "Realiz3D.Mesh.Serving";

    private readonly Meter _meter = new(SourceName);
    private readonly Histogram<double> _duration;
    private readonly Histogram<int> _batch;
    private readonly Histogram<double> _wait;
    private double _secondsPerItem = 0.05;
    private long _announced;

    /// <param name="queued">Items that wait, when asked.</param>
    internal ServingTelemetry(Func<int> queued)
    {
        _duration = _meter.CreateHistogram<double>("realiz3d.denoise.step.duration", "s", "Time of one batched step.");
        _batch = _meter.CreateHistogram<int>("realiz3d.denoise.batch.size", "{item}", "Items in a step.");
        _wait = _meter.CreateHistogram<double>("realiz3d.denoise.queue.wait", "s", "Time from arrival to the step's end.");
        Cancelled = _meter.CreateCounter<int>("realiz3d.denoise.cancelled", "{item}", "Items cancelled.");
        Rejected = _meter.CreateCounter<int>("realiz3d.denoise.rejected", "{item}", "Items refused.");
        _meter.CreateObservableGauge("realiz3d.denoise.queue.length", queued, "{item}", "Items that wait.");
        _meter.CreateObservableGauge(
            "realiz3d.denoise.work",
            () => SecondsFor(Math.Max(Interlocked.Read(ref _announced), queued())),
            "s",
            "Remaining work, queued and in flight.");
    }

    internal static ActivitySource Activities { get; } = new(SourceName);

    internal Counter<int> Cancelled { get; }

    internal Counter<int> Rejected { get; }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void Announce(long steps) => Interlocked.Add(ref _announced, steps);

    internal double SecondsFor(long items) => items * Volatile.Read(ref _secondsPerItem);

    internal void StepDone(int items, TimeSpan took, IEnumerable<long> arrivals)
    {
        // A running mean over about ten steps; only the batcher's thread writes it.
        Volatile.Write(ref _secondsPerItem, (0.9 * _secondsPerItem) + (0.1 * took.TotalSeconds / items));
        _duration.Record(took.TotalSeconds);
        _batch.Record(items);
        foreach (var arrival in arrivals)
        {
            _wait.Record(Stopwatch.GetElapsedTime(arrival).TotalSeconds);
        }
    }
}

/// <summary>Steps that a job still has to take; counts towards the work ahead until they are done or it is disposed.</summary>
public sealed class AnnouncedWork : IDisposable
{
    private readonly ServingTelemetry _telemetry;
    private int _left;

    internal AnnouncedWork(ServingTelemetry telemetry, int steps)
    {
        (_telemetry, _left) = (telemetry, steps);
        telemetry.Announce(steps);
    }

    /// <summary>Takes steps off.</summary>
    /// <param name="steps">Steps done.</param>
    public void Done(int steps)
    {
        var taken = Math.Min(steps, _left);
        _left -= taken;
        _telemetry.Announce(-taken);
    }

    /// <inheritdoc/>
    public void Dispose() => Done(_left);
}
