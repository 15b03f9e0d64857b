namespace Realiz3D.Mesh.Serving;

/// <summary>There is more work than the pod takes on: the caller may try again later. Services answer RESOURCE_EXHAUSTED.</summary>
public sealed class QueueFullException : Exception
{
    private const double Jitter = 0.2;

    /// <param name="limit">The bound that is reached, such as "its limit of 1024 denoise steps".</param>
    /// <param name="secondsAhead">Seconds of work in the queue.</param>
    /// <param name="random">0 to 1: callers that were refused together do not come back together.</param>
    internal QueueFullException(string limit, double secondsAhead, double random)
        : base($"The queue holds {limit}; try again in {Math.Max(1, Math.Ceiling(secondsAhead))} s.") =>
        RetryAfter = TimeSpan.FromSeconds(Math.Max(1, secondsAhead) * (1 + (Jitter * ((2 * random) - 1))));

    /// <summary>When it is worth trying again: the time that the work ahead takes, give or take a fifth.</summary>
    public TimeSpan RetryAfter { get; }
}
