using System.Net;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Transforms;

namespace Realiz3D.Mesh.Gateway;

/// <summary>One route per proto service, one cluster per resource, one destination per pod.</summary>
internal static class ProxyRoutes
{
    /// <summary>Every service that callers from outside may reach, and the resource that serves it.</summary>
    public static readonly IReadOnlyList<(string Service, string Resource)> Services =
    [
        ("realiz3d.mesh.jobs.v1.JobService", "jobs"),
        ("realiz3d.mesh.denoiser.v1.DenoiserService", "denoiser"),
        ("realiz3d.mesh.geometry.v1.GeometryService", "geometry"),
        ("realiz3d.mesh.appearance.v1.AppearanceService", "appearance"),
        ("realiz3d.mesh.metrics.v1.MetricsService", "metrics"),
    ];

    public static IReadOnlyList<RouteConfig> Routes() =>
    [
        .. Services.Select(service => new RouteConfig
        {
            RouteId = service.Service,
            ClusterId = service.Resource,
            Match = new RouteMatch { Path = $"/{service.Service}/{{**method}}", Methods = ["POST"] },
            RateLimiterPolicy = RateLimits.PerClient,
        }.WithTransformRequestHeaderRemove(ApiKeyCheck.Header)), // keys stay here
    ];

    public static IReadOnlyList<ClusterConfig> Clusters(
        IReadOnlyDictionary<string, IReadOnlyList<Uri>> addresses,
        GatewayOptions options) =>
    [
        .. addresses.Select(resource => new ClusterConfig
        {
            ClusterId = resource.Key,
            LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
            Destinations = resource.Value
                .Select((address, pod) => ($"{resource.Key}-{pod}", new DestinationConfig { Address = address.ToString() }))
                .ToDictionary(),
            HttpRequest = new ForwarderRequestConfig
            {
                Version = HttpVersion.Version20,
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                ActivityTimeout = options.SilenceLimit,
            },
            HttpClient = new HttpClientConfig { EnableMultipleHttp2Connections = true },
            HealthCheck = new HealthCheckConfig
            {
                Active = new ActiveHealthCheckConfig
                {
                    Enabled = true,
                    Path = "/health",
                    Interval = options.HealthInterval,
                    Timeout = TimeSpan.FromSeconds(10), // a pod whose cores are all busy answers late
                    Policy = HealthCheckConstants.ActivePolicy.ConsecutiveFailures,
                },

                // When no pod looks healthy a call is tried all the same: it can only fail, and often does not.
                AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyOrPanic,
            },
        }),
    ];
}
