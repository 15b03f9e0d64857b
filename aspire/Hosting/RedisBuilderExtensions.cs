using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Redis servers.</summary>
public static class RedisBuilderExtensions
{
    /// <summary>Adds a server of the application's own; one that already runs is never used.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">Name of the resource.</param>
    /// <param name="port">Where it listens; a free port if it is null.</param>
    /// <remarks>
    /// As upstream, the server is started as <c>/bin/sh -c "redis-server ..."</c>, so that further settings belong inside
    /// the last argument. It is the machine's redis-server, or the container image's where the machine has none.
    /// </remarks>
    public static IResourceBuilder<RedisResource> AddRedis(this IDistributedApplicationBuilder builder, string name, int? port)
    {
        var redis = new RedisResource(name);
        return builder.AddResource(redis)
            .WithAnnotation(new EndpointAnnotation(RedisResource.PrimaryEndpointName, "tcp", port, EnvironmentVariable: null))
            .WithEnvironment("REDIS_PASSWORD", redis.Password)
            .WithArgs("-c", "redis-server --requirepass $REDIS_PASSWORD --save ''");
    }
}
