using System.Diagnostics.Metrics;

namespace Realiz3D.Mesh.Benchmarks.Soak;

/// <summary>What idles in the memory pool of a process's web server, as ASP.NET Core reports it.</summary>
/// <remarks>
/// The pool grows to the most blocks of 4 KiB that were ever in use at once, and gives idle ones back over many minutes. By
/// chance it is some dozens larger or smaller, which is 5 % of the small heaps here; who looks for what calls leave behind
/// must not count it.
/// </remarks>
internal sealed class TransportPool : IDisposable
{
    private readonly MeterListener _meters = new();
    private long _idleBytes;

    public TransportPool()
    {
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "aspnetcore.memory_pool.pooled")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<long>((_, change, _, _) => Interlocked.Add(ref _idleBytes, change));
        _meters.Start();
    }

    /// <summary>Bytes of blocks that nobody uses.</summary>
    public long IdleBytes => Interlocked.Read(ref _idleBytes);

    public void Dispose() => _meters.Dispose();
}
