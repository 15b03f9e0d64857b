using Microsoft.Extensions.Options;
using Realiz3D.Mesh.ServiceDefaults;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Realiz3D.Mesh.Gateway;

/// <summary>The way of a call through the gateway.</summary>
/// <remarks>
/// <code>
/// 1. Kestrel      headers, connections
/// 2. ApiKeys      who is it
/// 3. RateLimits   not too often
/// 4. Refusals     what the proxy could not do becomes a gRPC status
/// 5. BodyLimit    not too large
/// 6. YARP         route by service, take a pod that is up, forward
/// </code>
/// </remarks>
internal static class GatewayExtensions
{
    public static WebApplicationBuilder AddGateway(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<GatewayOptions>()
            .BindConfiguration(GatewayOptions.Section)
            .Validate(options => options.IsValid, GatewayOptions.Rule)
            .ValidateOnStart();
        builder.Services.AddSingleton<ApiKeys>();
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.Error); // Refusals logs what failed, in a line
        builder.AddRateLimits();
        builder.AddProxy();
        foreach (var (service, _) in ProxyRoutes.Services)
        {
            builder.Services.AddSingleton(service); // reflection tells of them
        }

        // 1.
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Limits.MaxConcurrentConnections = 1000;
            kestrel.Limits.MaxRequestHeaderCount = 64;
            kestrel.Limits.MaxRequestHeadersTotalSize = 16 << 10;
        });
        return builder;
    }

    public static WebApplication MapGateway(this WebApplication app)
    {
        app.UseMiddleware<ApiKeyCheck>();   // 2.
        app.UseRateLimiter();               // 3.
        app.MapReverseProxy(proxy =>
        {
            proxy.Use(Refusals.AnswerWhatFailedAsync);  // 4.
            proxy.Use(BodyLimit.ApplyAsync);            // 5.
            proxy.UseLoadBalancing();                   // 6.
            proxy.UsePassiveHealthChecks();
        });
        return app;
    }

    private static void AddProxy(this WebApplicationBuilder builder)
    {
        var services = ProxyRoutes.Services
            .Select(service => service.Resource)
            .Distinct()
            .ToDictionary(resource => resource, resource => ServiceAddresses.Find(builder.Configuration, resource));

        builder.Services.AddReverseProxy();
        builder.Services.AddSingleton<IDestinationResolver, PodResolver>();
        builder.Services.AddSingleton<IProxyConfigProvider>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<GatewayOptions>>().Value;
            return new InMemoryConfigProvider(ProxyRoutes.Routes(), ProxyRoutes.Clusters(services, options));
        });
    }
}
