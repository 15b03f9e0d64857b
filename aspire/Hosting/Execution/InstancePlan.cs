using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Execution;

/// <summary>Says which processes a resource has and on which ports they listen.</summary>
internal sealed class InstancePlan : IDisposable
{
    private readonly Ports _ports = new();

    /// <summary>Gives each endpoint the port that others connect to: first those that ask for one, lest it be given away.</summary>
    /// <exception cref="DistributedApplicationException">A port asked for is in use, or replicas would have to share one.</exception>
    public void AllocatePorts(IEnumerable<IResource> resources)
    {
        var endpoints =
            from resource in resources
            from endpoint in resource.Annotations.OfType<EndpointAnnotation>()
            let wanted = endpoint.Port ?? (endpoint.IsProxied ? null : endpoint.TargetPort)
            orderby wanted is null
            select (resource, endpoint, wanted);
        foreach (var (resource, endpoint, wanted) in endpoints)
        {
            if (!endpoint.IsProxied && ReplicaCount(resource) > 1)
            {
                throw new DistributedApplicationException(
                    $"Resource '{resource.Name}' uses multiple replicas and a proxy-less endpoint '{endpoint.Name}'. These features do not work together.");
            }

            endpoint.AllocatedPort = Take(wanted, resource);
        }
    }

    /// <summary>The processes of a resource. One that no proxy stands before listens on the endpoint's port itself.</summary>
    public List<ResourceInstance> InstancesOf(IResource resource)
    {
        var endpoints = resource.Annotations.OfType<EndpointAnnotation>().ToList();
        var count = ReplicaCount(resource);
        List<ResourceInstance> instances = [];
        for (var replica = 0; replica < count; replica++)
        {
            var ports = endpoints.ToDictionary(endpoint => endpoint, endpoint => count > 1 ? Take(null, resource) : OwnPort(endpoint, resource));
            instances.Add(new(resource, count > 1 ? $"{resource.Name}-{replica}" : resource.Name, ports));
        }

        return instances;
    }

    public void Dispose() => _ports.Dispose();

    private static int ReplicaCount(IResource resource) =>
        resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;

    private int OwnPort(EndpointAnnotation endpoint, IResource resource) =>
        endpoint.TargetPort is { } wanted && wanted != endpoint.AllocatedPort ? Take(wanted, resource) : endpoint.AllocatedPort!.Value;

    private int Take(int? wanted, IResource resource)
    {
        if (wanted is { } port && !_ports.Take(port))
        {
            throw new DistributedApplicationException($"Port {port}, meant for {resource.Name}, is already in use.");
        }

        return wanted ?? _ports.TakeFree();
    }
}

/// <summary>One process of a resource.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Name">The resource's name, numbered if there are replicas.</param>
/// <param name="Ports">Where the process listens, per endpoint.</param>
internal sealed record ResourceInstance(IResource Resource, string Name, IReadOnlyDictionary<EndpointAnnotation, int> Ports);
