using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Execution;

/// <summary>Starts the processes of an application, keeps them running and stops them.</summary>
/// <remarks>
/// 1. every endpoint gets its port; 2. each resource waits for those it depends on; 3. its processes start and are
/// probed until healthy; 4. one that ends is started again; 5. at the end projects stop first, stores last.
/// </remarks>
internal sealed class ApplicationRunner(
    IReadOnlyList<IResource> resources,
    ResourceNotificationService notifications,
    LogPrinter log,
    string environmentName) : IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopProjects = new();
    private readonly CancellationTokenSource _stopStores = new();
    private readonly HashSet<int> _ports = [];
    private readonly List<EndpointProxy> _proxies = [];
    private readonly Dictionary<IResource, Task> _running = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var resource in resources)
        {
            AllocatePorts(resource); // 1.
        }

        foreach (var resource in resources)
        {
            _running[resource] = RunAsync(resource, IsStore(resource) ? _stopStores.Token : _stopProjects.Token);
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopProjects.CancelAsync().ConfigureAwait(false); // 5.
        await Task.WhenAll(_running.Where(pair => !IsStore(pair.Key)).Select(pair => pair.Value)).ConfigureAwait(false);
        await _stopStores.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_running.Values).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(CancellationToken.None).ConfigureAwait(false);
        foreach (var proxy in _proxies)
        {
            await proxy.DisposeAsync().ConfigureAwait(false);
        }

        _stopProjects.Dispose();
        _stopStores.Dispose();
    }

    private static bool IsStore(IResource resource) => resource is ContainerResource;

    private static int ReplicaCount(IResource resource) =>
        resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;

    private void AllocatePorts(IResource resource)
    {
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            if (endpoint.Port is { } wanted && !(_ports.Add(wanted) && Ports.IsFree(wanted)))
            {
                throw new DistributedApplicationException($"Port {wanted}, meant for {resource.Name}, is already in use.");
            }

            endpoint.AllocatedPort = endpoint.Port ?? Ports.TakeFree(_ports);
        }
    }

    private async Task RunAsync(IResource resource, CancellationToken stop)
    {
        try
        {
            foreach (var dependency in resource.Annotations.OfType<WaitAnnotation>()) // 2.
            {
                await notifications.WaitForResourceHealthyAsync(dependency.Resource.Name, stop).ConfigureAwait(false);
            }

            using var together = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var processes = Instances(resource).Select(instance => new ResourceProcess(instance, environmentName, log)).ToList();
            var runs = processes.Select(process => process.RunAsync(together.Token)).ToList(); // 3. and 4.
            var healthy = Task.WhenAll(processes.Select(process => process.Healthy));
            if (await Task.WhenAny([healthy, .. runs]).ConfigureAwait(false) == healthy)
            {
                notifications.Healthy(resource.Name);
            }
            else
            {
                await together.CancelAsync().ConfigureAwait(false); // one replica has given up
            }

            await Task.WhenAll(runs).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            notifications.FailedToStart(resource.Name, $"{resource.Name} was stopped before it was healthy.");
        }
        catch (DistributedApplicationException problem)
        {
            notifications.FailedToStart(resource.Name, problem.Message);
        }
    }

    /// <summary>The processes of a resource and the port of each of their endpoints.</summary>
    private List<ResourceInstance> Instances(IResource resource)
    {
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToList();
        if (ReplicaCount(resource) is 1)
        {
            return [new(resource, resource.Name, endpoints.ToDictionary(endpoint => endpoint, endpoint => endpoint.AllocatedPort!.Value))];
        }

        List<ResourceInstance> instances = [];
        for (var replica = 0; replica < ReplicaCount(resource); replica++)
        {
            lock (_ports)
            {
                instances.Add(new(resource, $"{resource.Name}-{replica}", endpoints.ToDictionary(endpoint => endpoint, _ => Ports.TakeFree(_ports))));
            }
        }

        foreach (var endpoint in endpoints)
        {
            var proxy = new EndpointProxy(endpoint.AllocatedPort!.Value, [.. instances.Select(instance => instance.Ports[endpoint])]);
            lock (_proxies)
            {
                _proxies.Add(proxy);
            }
        }

        return instances;
    }
}

/// <summary>One process of a resource.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Name">The resource's name, numbered if there are replicas.</param>
/// <param name="Ports">Where the process listens, per endpoint.</param>
internal sealed record ResourceInstance(IResource Resource, string Name, IReadOnlyDictionary<EndpointAnnotation, int> Ports);
