using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Execution;

/// <summary>Starts the processes of an application, keeps them running and stops them.</summary>
/// <remarks>
/// 1. every endpoint gets its port, and where it needs one its proxy; 2. each resource waits for those it depends on;
/// 3. its processes start and are probed as long as they live; 4. one that ends is started again; 5. at the end projects
/// stop first, stores last.
/// </remarks>
internal sealed class ApplicationRunner(
    IReadOnlyList<IResource> resources,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    LogPrinter printer,
    string environmentName) : IHostedService, IAsyncDisposable
{
    private readonly CancellationTokenSource _stopProjects = new();
    private readonly CancellationTokenSource _stopStores = new();
    private readonly InstancePlan _plan = new();
    private readonly List<EndpointProxy> _proxies = [];
    private readonly Dictionary<IResource, Task> _running = [];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _plan.AllocatePorts(resources); // 1.
        var starts = resources.Select(resource => (Resource: resource, Instances: Declare(resource))).ToList();
        starts.ForEach(start => AddProxies(start.Instances));
        foreach (var (resource, instances) in starts)
        {
            _running[resource] = RunAsync(resource, instances, IsStore(resource) ? _stopStores.Token : _stopProjects.Token);
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

        _plan.Dispose();
        _stopProjects.Dispose();
        _stopStores.Dispose();
    }

    private static bool IsStore(IResource resource) => resource is ContainerResource;

    private static IEnumerable<IResource> DependenciesOf(IResource resource) =>
        resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.Resource);

    private List<Tied> Declare(IResource resource)
    {
        List<Tied> declared = [];
        foreach (var instance in _plan.InstancesOf(resource))
        {
            var reporter = new ResourceReporter(instance, notifications, logs, printer);
            reporter.Declared(mustWait: DependenciesOf(resource).Any());
            declared.Add(new(instance, reporter));
        }

        return declared;
    }

    private async Task RunAsync(IResource resource, List<Tied> instances, CancellationToken stop)
    {
        using var together = CancellationTokenSource.CreateLinkedTokenSource(stop);
        try
        {
            foreach (var dependency in DependenciesOf(resource)) // 2.
            {
                await notifications.WaitForResourceHealthyAsync(dependency.Name, stop).ConfigureAwait(false);
            }

            await Task.WhenAll(instances.Select(instance => RunAsync(instance, together))).ConfigureAwait(false); // 3. and 4.
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            instances.ForEach(instance => instance.Reporter.Stopped());
        }
        catch (DistributedApplicationException problem)
        {
            instances.ForEach(instance => instance.Reporter.GivenUp(problem.Message));
        }
    }

    /// <summary>Runs one process. When it is given up, so are the other replicas of its resource.</summary>
    private async Task RunAsync(Tied instance, CancellationTokenSource together)
    {
        try
        {
            await new ResourceProcess(instance.Instance, environmentName, instance.Reporter).RunAsync(together.Token).ConfigureAwait(false);
            instance.Reporter.Stopped();
        }
        catch (OperationCanceledException) when (together.IsCancellationRequested)
        {
            instance.Reporter.Stopped();
        }
        catch (Exception problem)
        {
            // Also what an application's own callbacks throw: nobody may wait for what will never run.
            instance.Reporter.GivenUp(problem.Message);
            await together.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Listens in place of processes that do not listen on their endpoint's port themselves. From the start: the address
    /// is there as long as the application is, and nobody else can take its port meanwhile.
    /// </summary>
    private void AddProxies(List<Tied> instances)
    {
        foreach (var endpoint in instances[0].Instance.Resource.Annotations.OfType<EndpointAnnotation>())
        {
            var targets = instances.Select(instance => instance.Instance.Ports[endpoint]).ToList();
            if (targets[0] != endpoint.AllocatedPort)
            {
                _proxies.Add(new EndpointProxy(endpoint.AllocatedPort!.Value, targets));
            }
        }
    }

    private sealed record Tied(ResourceInstance Instance, ResourceReporter Reporter);
}
