using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Realiz3D.Mesh.Serving;

/// <summary>What serving tells the outside: one meter, one activity source.</summary>
public sealed class ServingTelemetry : IDisposable
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string SourceName = "Realiz3D.Mesh.Serving";

    private static readonly Meter s_models = new(SourceName);

    private static readonly UpDownCounter<int> s_loaded =
        s_models.CreateUpDownCounter<int>("realiz3d.model.loaded", "{model}", "Models loaded.");

    private static readonly Counter<int> s_hits =
        s_models.CreateCounter<int>("realiz3d.cache.hits", "{entry}", "What was asked for and found in the cache.");

    private static readonly Counter<int> s_misses =
        s_models.CreateCounter<int>("realiz3d.cache.misses", "{entry}", "What was asked for and not found in the cache.");

    private readonly Meter _meter = new(SourceName);
    private readonly Histogram<double> _duration;
    private readonly Histogram<int> _batch;
    private readonly Histogram<double> _wait;
    private readonly Counter<int> _cancelled;
    private readonly Counter<int> _rejected;

    /// <param name="queued">Items that wait, when asked.</param>
    /// <param name="work">Seconds of work ahead of a class, when asked.</param>
    internal ServingTelemetry(Func<int> queued, Func<StepClass, double> work)
    {
        _duration = _meter.CreateHistogram<double>("realiz3d.denoise.step.duration", "s", "Time of one batched step.");
        _batch = _meter.CreateHistogram<int>("realiz3d.denoise.batch.size", "{item}", "Items in a step.");
        _wait = _meter.CreateHistogram<double>("realiz3d.denoise.queue.wait", "s", "Time from arrival to the first step.");
        _cancelled = _meter.CreateCounter<int>("realiz3d.denoise.cancelled", "{item}", "Items cancelled.");
        _rejected = _meter.CreateCounter<int>("realiz3d.denoise.rejected", "{item}", "Items refused.");
        _meter.CreateObservableGauge("realiz3d.denoise.queue.length", queued, "{item}", "Items that wait.");
        _meter.CreateObservableGauge(
            "realiz3d.denoise.work",
            () => Enum.GetValues<StepClass>().Select(each => new Measurement<double>(work(each), Tag("class", NameOf(each)))),
            "s",
            "Remaining work, queued and in flight.");
    }

    internal static ActivitySource Activities { get; } = new(SourceName);

    /// <summary>Counts models in memory.</summary>
    /// <param name="change">1 for one loaded, -1 for one freed.</param>
    public static void ModelsLoaded(int change) => s_loaded.Add(change);

    /// <summary>Counts a look into the cache.</summary>
    /// <param name="isHit">Whether it was found.</param>
    /// <param name="model">Name of the model.</param>
    /// <param name="kind">What was looked for, such as text.</param>
    public static void CacheAsked(bool isHit, string model, string kind) =>
        (isHit ? s_hits : s_misses).Add(1, Tag("model", model), Tag("kind", kind));

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void StepBegins(IEnumerable<TimeSpan> waits)
    {
        foreach (var wait in waits)
        {
            _wait.Record(wait.TotalSeconds);
        }
    }

    internal void StepDone(int items, TimeSpan took)
    {
        _duration.Record(took.TotalSeconds);
        _batch.Record(items);
    }

    internal void Cancelled(int items) => _cancelled.Add(items);

    /// <param name="items">Items refused.</param>
    /// <param name="reason">length, work, deadline or memory.</param>
    internal void Rejected(int items, string reason) => _rejected.Add(items, Tag("reason", reason));

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    private static string NameOf(StepClass each) => each switch
    {
        StepClass.Preview => "preview",
        StepClass.Interactive => "interactive",
        _ => "batch",
    };
}
