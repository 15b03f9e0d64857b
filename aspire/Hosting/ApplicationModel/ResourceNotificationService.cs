using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Tells how far each resource has come.</summary>
public class ResourceNotificationService
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _latest = [];
    private ImmutableList<ChannelWriter<ResourceEvent>> _watchers = [];

    internal ResourceNotificationService()
    {
    }

    /// <summary>Tells the latest about every resource, and from then on whatever changes.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var changes = Channel.CreateUnbounded<ResourceEvent>();
        lock (_lock)
        {
            foreach (var known in _latest.Values)
            {
                changes.Writer.TryWrite(known);
            }

            _watchers = _watchers.Add(changes.Writer);
        }

        try
        {
            await foreach (var change in changes.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return change;
            }
        }
        finally
        {
            lock (_lock)
            {
                _watchers = _watchers.Remove(changes.Writer);
            }
        }
    }

    /// <summary>Waits until a resource runs, with all its replicas, and its health checks pass.</summary>
    /// <exception cref="DistributedApplicationException">It failed to start or has ended; the message says why.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default)
    {
        await foreach (var change in WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (!string.Equals(change.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            if (change.Snapshot.State?.Text is { } state && (state == KnownResourceStates.FailedToStart || state == KnownResourceStates.Exited))
            {
                throw new DistributedApplicationException(change.Snapshot.Reason ?? $"{change.ResourceId} has ended.");
            }

            if (ReplicasOf(change.Resource).TrueForAll(replica => replica.Snapshot.HealthStatus is HealthStatus.Healthy))
            {
                return change;
            }
        }

        throw new OperationCanceledException(cancellationToken);
    }

    /// <summary>Notes a change and tells those who watch.</summary>
    internal void Publish(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> change)
    {
        lock (_lock)
        {
            var before = _latest.TryGetValue(resourceId, out var known)
                ? known.Snapshot
                : new CustomResourceSnapshot { ResourceType = TypeOf(resource) };
            var now = new ResourceEvent(resource, resourceId, change(before));
            _latest[resourceId] = now;
            foreach (var watcher in _watchers)
            {
                watcher.TryWrite(now);
            }
        }
    }

    private static string TypeOf(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ContainerResource => "Container",
        _ => "Executable",
    };

    private List<ResourceEvent> ReplicasOf(IResource resource)
    {
        lock (_lock)
        {
            return [.. _latest.Values.Where(known => known.Resource == resource)];
        }
    }
}

/// <summary>What is now true of a resource, or of one of its replicas.</summary>
/// <param name="resource">The resource.</param>
/// <param name="resourceId">Its name, numbered where it has replicas.</param>
/// <param name="snapshot">What is true of it.</param>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    public IResource Resource { get; } = resource;

    public string ResourceId { get; } = resourceId;

    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}
