using System.Threading.RateLimiting;
using Grpc.Core;

namespace Realiz3D.Mesh.ServiceDefaults;

/// <summary>Lets a bounded number of calls work, a bounded number wait, and turns the rest away.</summary>
public sealed class Admission : IDisposable
{
    private readonly ConcurrencyLimiter _limiter;

    /// <param name="working">Calls that may work at the same time, at least 1.</param>
    /// <param name="waiting">Calls that may wait, first come first served.</param>
    public Admission(int working, int waiting) => _limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
    {
        PermitLimit = working,
        QueueLimit = waiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Waits for a place.</summary>
    /// <param name="cancel">Gives the place in the queue up.</param>
    /// <returns>The place; disposing it lets the next call in.</returns>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED: all places are taken.</exception>
    public async ValueTask<IDisposable> EnterAsync(CancellationToken cancel)
    {
        var lease = await _limiter.AcquireAsync(1, cancel).ConfigureAwait(false);
        if (lease.IsAcquired)
        {
            return lease;
        }

        lease.Dispose();
        throw new RpcException(new Status(StatusCode.ResourceExhausted, "The queue is full; try again in a few seconds."));
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();
}
