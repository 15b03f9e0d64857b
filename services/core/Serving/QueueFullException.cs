namespace Realiz3D.Mesh.Serving;

/// <summary>The queue of steps is full: the caller may try again later. Services answer RESOURCE_EXHAUSTED.</summary>
public sealed class QueueFullException : Exception
{
    /// <param name="limit">Items that may wait.</param>
    /// <param name="secondsAhead">Seconds of work in the queue.</param>
    public QueueFullException(int limit, double secondsAhead)
        : base($"The queue holds its limit of {limit} denoise steps; try again in {Math.Max(1, Math.Ceiling(secondsAhead))} s.") =>
        RetryAfter = TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(secondsAhead)));

    /// <summary>When it is worth trying again.</summary>
    public TimeSpan RetryAfter { get; }
}
