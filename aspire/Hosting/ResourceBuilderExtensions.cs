using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Environment, arguments, endpoints, references and order of start.</summary>
public static class ResourceBuilderExtensions
{
    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, string? value)
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context => context.EnvironmentVariables[name] = value ?? string.Empty);

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, string name, EndpointReference endpointReference)
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context => context.EnvironmentVariables[name] = endpointReference);

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, Action<EnvironmentCallbackContext> callback)
        where T : IResourceWithEnvironment =>
        builder.WithEnvironment(context =>
        {
            callback(context);
            return Task.CompletedTask;
        });

    public static IResourceBuilder<T> WithEnvironment<T>(this IResourceBuilder<T> builder, Func<EnvironmentCallbackContext, Task> callback)
        where T : IResourceWithEnvironment =>
        builder.WithAnnotation(new EnvironmentAnnotation(callback));

    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, params string[] args)
        where T : IResourceWithArgs =>
        builder.WithArgs(context =>
        {
            foreach (var argument in args)
            {
                context.Args.Add(argument);
            }
        });

    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, Action<CommandLineArgsCallbackContext> callback)
        where T : IResourceWithArgs =>
        builder.WithArgs(context =>
        {
            callback(context);
            return Task.CompletedTask;
        });

    public static IResourceBuilder<T> WithArgs<T>(this IResourceBuilder<T> builder, Func<CommandLineArgsCallbackContext, Task> callback)
        where T : IResourceWithArgs =>
        builder.WithAnnotation(new ArgumentsAnnotation(callback));

    /// <param name="builder">The resource.</param>
    /// <param name="port">The port that others connect to; a free one if it is null.</param>
    /// <param name="targetPort">The port that the process listens on, if it must be another.</param>
    /// <param name="name">Name of the endpoint; "http" if it is null.</param>
    /// <param name="env">Variable that tells the process its port. Projects learn it from ASPNETCORE_URLS anyway.</param>
    /// <param name="isProxied">False keeps replicas and other ports out.</param>
    /// <remarks>Only replicas and target ports get a proxy; any other process listens on the endpoint's port itself.</remarks>
    public static IResourceBuilder<T> WithHttpEndpoint<T>(
        this IResourceBuilder<T> builder,
        int? port = null,
        int? targetPort = null,
        string? name = null,
        string? env = null,
        bool isProxied = true)
        where T : IResourceWithEndpoints =>
        isProxied || port is null || targetPort is null || port == targetPort
            ? builder.WithAnnotation(new EndpointAnnotation(name ?? "http", "http", port, env, targetPort, isProxied))
            : throw new ArgumentException("An endpoint without a proxy has one port.", nameof(targetPort));

    /// <summary>The endpoints speak HTTP/2 by prior knowledge.</summary>
    public static IResourceBuilder<T> AsHttp2Service<T>(this IResourceBuilder<T> builder) where T : IResourceWithEndpoints
    {
        foreach (var endpoint in builder.Resource.Annotations.OfType<EndpointAnnotation>())
        {
            endpoint.IsHttp2 = true;
        }

        return builder;
    }

    /// <summary>The resource is healthy when a GET of <paramref name="path"/> answers <paramref name="statusCode"/>.</summary>
    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        string? path = null,
        int? statusCode = null,
        string? endpointName = null)
        where T : IResourceWithEndpoints =>
        builder.WithAnnotation(new HttpHealthAnnotation(path ?? "/", statusCode ?? 200, endpointName));

    public static EndpointReference GetEndpoint<T>(this IResourceBuilder<T> builder, string name) where T : IResourceWithEndpoints =>
        new(builder.Resource, name);

    /// <summary>
    /// Tells the process the connection string, as <c>ConnectionStrings__NAME</c>, and a Redis server's parts beside it, as
    /// <c>NAME_HOST</c>, <c>NAME_PORT</c>, <c>NAME_PASSWORD</c> and <c>NAME_URI</c>.
    /// </summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false)
        where TDestination : IResourceWithEnvironment =>
        builder.WithEnvironment(async context =>
        {
            var value = await source.Resource.GetConnectionStringAsync(context.CancellationToken).ConfigureAwait(false);
            if (value is null && !optional)
            {
                throw new DistributedApplicationException(
                    $"The connection string for the resource '{source.Resource.Name}' is not available.");
            }

            var name = connectionName ?? source.Resource.Name;
            context.EnvironmentVariables[$"ConnectionStrings__{name}"] = value ?? string.Empty;
            foreach (var (property, part) in (source.Resource as RedisResource)?.ConnectionProperties() ?? [])
            {
                context.EnvironmentVariables[$"{name}_{property}".Replace('-', '_').ToUpperInvariant()] = part;
            }
        });

    /// <summary>Tells the process the source's endpoints, as <c>services__NAME__SCHEME__0</c> and <c>NAME_SCHEME</c>.</summary>
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source)
        where TDestination : IResourceWithEnvironment =>
        builder.WithEnvironment(context =>
        {
            var name = source.Resource.Name;
            foreach (var endpoint in source.Resource.Annotations.OfType<EndpointAnnotation>())
            {
                var reference = new EndpointReference(source.Resource, endpoint.Name);
                context.EnvironmentVariables[$"services__{name}__{endpoint.Name}__0"] = reference;
                context.EnvironmentVariables[$"{name}_{endpoint.Name}".Replace('-', '_').ToUpperInvariant()] = reference;
            }
        });

    /// <summary>Starts only once the dependency runs and its health checks pass.</summary>
    public static IResourceBuilder<T> WaitFor<T>(this IResourceBuilder<T> builder, IResourceBuilder<IResource> dependency)
        where T : IResourceWithWaitSupport =>
        dependency.Resource != (IResource)builder.Resource
            ? builder.WithAnnotation(new WaitAnnotation(dependency.Resource))
            : throw new DistributedApplicationException($"The '{builder.Resource.Name}' resource cannot wait for itself.");
}
