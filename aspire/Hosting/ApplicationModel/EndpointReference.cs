using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Points at an endpoint of a resource. Its address is known once the application starts.</summary>
/// <param name="owner">The resource that listens.</param>
/// <param name="endpointName">Name of the endpoint, such as "http".</param>
public sealed class EndpointReference(IResourceWithEndpoints owner, string endpointName) : IValueProvider
{
    public IResourceWithEndpoints Resource { get; } = owner;

    public string EndpointName { get; } = endpointName;

    public bool Exists => Resource.Annotations.OfType<EndpointAnnotation>().Any(Matches);

    public bool IsAllocated => Exists && Endpoint.AllocatedPort is not null;

    public string Scheme => Endpoint.UriScheme;

    /// <summary>Always loopback: nothing of the application listens to other machines.</summary>
    public string Host { get; } = "127.0.0.1";

    public int Port => Endpoint.AllocatedPort
        ?? throw new InvalidOperationException($"The endpoint `{EndpointName}` is not allocated for the resource `{Resource.Name}`.");

    public string Url => string.Create(CultureInfo.InvariantCulture, $"{Scheme}://{Host}:{Port}");

    internal EndpointAnnotation Endpoint => Resource.Annotations.OfType<EndpointAnnotation>().FirstOrDefault(Matches)
        ?? throw new InvalidOperationException($"The resource `{Resource.Name}` has no endpoint named `{EndpointName}`.");

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult<string?>(Url);

    private bool Matches(EndpointAnnotation endpoint) =>
        string.Equals(endpoint.Name, EndpointName, StringComparison.OrdinalIgnoreCase);
}
