using System.Collections.Concurrent;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Tells how far each resource has come.</summary>
public sealed class ResourceNotificationService
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _healthy = new();

    internal ResourceNotificationService()
    {
    }

    /// <summary>Waits until a resource runs and its health checks pass.</summary>
    /// <exception cref="DistributedApplicationException">It failed to start; the message says why.</exception>
    public Task WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        Source(resourceName).Task.WaitAsync(cancellationToken);

    internal void Healthy(string resourceName) => Source(resourceName).TrySetResult();

    internal void FailedToStart(string resourceName, string reason)
    {
        var source = Source(resourceName);
        source.TrySetException(new DistributedApplicationException(reason));
        _ = source.Task.Exception; // seen, also when nobody waits
    }

    private TaskCompletionSource Source(string resourceName) =>
        _healthy.GetOrAdd(resourceName, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
