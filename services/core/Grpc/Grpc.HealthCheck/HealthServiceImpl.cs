using System.Threading.Channels;
using Grpc.Core;
using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Grpc.HealthCheck;

/// <summary>Serves <c>grpc.health.v1</c> from statuses that the program sets. All members may be used from any thread.</summary>
public class HealthServiceImpl : Health.V1.Health.HealthBase
{
    // Most statuses that wait for a watcher.
    private const int WatcherBuffer = 5;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, ServingStatus> _statuses = [];
    private readonly Dictionary<string, HashSet<ChannelWriter<ServingStatus>>> _watchers = [];

    /// <summary>Sets the status of a service; the empty name is the whole server.</summary>
    public void SetStatus(string service, ServingStatus status)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_lock)
        {
            var before = StatusOf(service);
            _statuses[service] = status;
            if (before != status)
            {
                Tell(service, status);
            }
        }
    }

    /// <summary>Forgets the status of a service.</summary>
    public void ClearStatus(string service)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_lock)
        {
            if (_statuses.Remove(service, out var before) && before != ServingStatus.ServiceUnknown)
            {
                Tell(service, ServingStatus.ServiceUnknown);
            }
        }
    }

    /// <summary>Forgets all statuses.</summary>
    public void ClearAll()
    {
        lock (_lock)
        {
            foreach (var service in _statuses.Keys.ToList())
            {
                ClearStatus(service);
            }
        }
    }

    /// <inheritdoc/>
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        lock (_lock)
        {
            return _statuses.TryGetValue(request.Service, out var status)
                ? Task.FromResult(new HealthCheckResponse { Status = status })
                : throw new RpcException(new Status(StatusCode.NotFound, ""));
        }
    }

    /// <inheritdoc/>
    public override async Task Watch(
        HealthCheckRequest request,
        IServerStreamWriter<HealthCheckResponse> responseStream,
        ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(responseStream);
        ArgumentNullException.ThrowIfNull(context);
        if (context.CancellationToken.IsCancellationRequested)
        {
            return; // to a call that is over already nothing can be written
        }

        // A slow watcher hears only of the newest changes, so that nothing piles up here.
        var changes = Channel.CreateBounded<ServingStatus>(
            new BoundedChannelOptions(WatcherBuffer) { FullMode = BoundedChannelFullMode.DropOldest });
        var current = Join(request.Service, changes.Writer);
        try
        {
            await responseStream.WriteAsync(new HealthCheckResponse { Status = current }).ConfigureAwait(false);
            await foreach (var status in changes.Reader.ReadAllAsync(context.CancellationToken).ConfigureAwait(false))
            {
                await responseStream.WriteAsync(new HealthCheckResponse { Status = status }).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (context.CancellationToken.IsCancellationRequested)
        {
            // The usual end of a watch: the caller left, or the server stops.
        }
        finally
        {
            Leave(request.Service, changes.Writer);
        }
    }

    // The status at that moment: later ones go to the watcher.
    private ServingStatus Join(string service, ChannelWriter<ServingStatus> watcher)
    {
        lock (_lock)
        {
            if (!_watchers.TryGetValue(service, out var watchers))
            {
                _watchers[service] = watchers = [];
            }

            watchers.Add(watcher);
            return StatusOf(service);
        }
    }

    private void Leave(string service, ChannelWriter<ServingStatus> watcher)
    {
        lock (_lock)
        {
            var watchers = _watchers[service];
            watchers.Remove(watcher);
            if (watchers.Count == 0)
            {
                _watchers.Remove(service);
            }
        }
    }

    private ServingStatus StatusOf(string service) => _statuses.GetValueOrDefault(service, ServingStatus.ServiceUnknown);

    private void Tell(string service, ServingStatus status)
    {
        foreach (var watcher in _watchers.GetValueOrDefault(service) ?? [])
        {
            watcher.TryWrite(status);
        }
    }
}
