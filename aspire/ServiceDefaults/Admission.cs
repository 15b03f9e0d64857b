using System.Threading.RateLimiting;
using Grpc.Core;
using Realiz3D.Mesh.Contracts;

namespace Realiz3D.Mesh.ServiceDefaults;

/// <summary>Lets a bounded number of calls work, a bounded number wait, and turns the rest away.</summary>
/// <remarks>
/// Who is turned away is told when a place is likely to be free: when one of those that work ends, by the mean time that calls
/// have held their places lately, give or take a fifth, so that those who were refused together do not come back together.
/// </remarks>
public sealed class Admission : IDisposable
{
    private const double Jitter = 0.2;
    private const double Weight = 0.2; // of the last call in the mean
    private const double FirstGuessSeconds = 5;
    private const double LeastSeconds = 1;

    private readonly ConcurrencyLimiter _limiter;
    private readonly TimeProvider _time;
    private readonly int _working;
    private readonly Lock _lock = new();
    private double? _meanSeconds;

    /// <param name="working">Calls that may work at the same time, at least 1.</param>
    /// <param name="waiting">Calls that may wait, first come first served.</param>
    /// <param name="time">The clock; the system's when null.</param>
    public Admission(int working, int waiting, TimeProvider? time = null)
    {
        _limiter = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = working,
            QueueLimit = waiting,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
        _working = working;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>Waits for a place.</summary>
    /// <param name="cancel">Gives the place in the queue up.</param>
    /// <returns>The place; disposing it lets the next call in.</returns>
    /// <exception cref="RpcException">RESOURCE_EXHAUSTED with <c>google.rpc.RetryInfo</c>: all places are taken.</exception>
    public async ValueTask<IDisposable> EnterAsync(CancellationToken cancel)
    {
        var lease = await _limiter.AcquireAsync(1, cancel).ConfigureAwait(false);
        if (lease.IsAcquired)
        {
            return new Place(this, lease);
        }

        lease.Dispose();
        var seconds = SecondsToNextPlace();
        throw RetryLater.Refusal(
            $"The queue is full; try again in {Math.Ceiling(seconds)} s.",
            TimeSpan.FromSeconds(seconds * (1 + (Jitter * ((2 * Random.Shared.NextDouble()) - 1)))));
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();

    private double SecondsToNextPlace()
    {
        lock (_lock)
        {
            return Math.Max(LeastSeconds, (_meanSeconds ?? FirstGuessSeconds) / _working);
        }
    }

    private void Leave(RateLimitLease lease, TimeSpan held)
    {
        lock (_lock)
        {
            _meanSeconds = _meanSeconds is { } mean ? ((1 - Weight) * mean) + (Weight * held.TotalSeconds) : held.TotalSeconds;
        }

        lease.Dispose();
    }

    private sealed class Place(Admission admission, RateLimitLease lease) : IDisposable
    {
        private readonly long _since = admission._time.GetTimestamp();
        private bool _left;

        public void Dispose()
        {
            if (!Interlocked.Exchange(ref _left, true))
            {
                admission.Leave(lease, admission._time.GetElapsedTime(_since));
            }
        }
    }
}
