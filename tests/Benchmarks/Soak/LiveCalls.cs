using System.Diagnostics.Metrics;
using System.Diagnostics.Tracing;

namespace Realiz3D.Mesh.Benchmarks.Soak;

/// <summary>Counts the calls that a process serves and makes, from what ASP.NET Core and gRPC report.</summary>
internal sealed class LiveCalls : EventListener
{
    private readonly MeterListener _meters = new();
    private long _serving;
    private long _calling;

    public LiveCalls()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "http.server.active_requests")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((_, change, _, _) => Interlocked.Add(ref _serving, change));
        _meters.Start();
    }

    /// <summary>HTTP requests whose handlers have not returned.</summary>
    public long Serving => Interlocked.Read(ref _serving);

    /// <summary>gRPC calls of this process's own clients.</summary>
    public long Calling => Interlocked.Read(ref _calling);

    public override void Dispose()
    {
        _meters.Dispose();
        base.Dispose();
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name == "Grpc.Net.Client")
        {
            EnableEvents(eventSource, EventLevel.Verbose);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        switch (eventData.EventName)
        {
            case "CallStart":
                Interlocked.Increment(ref _calling);
                break;
            case "CallStop":
                Interlocked.Decrement(ref _calling);
                break;
        }
    }
}
