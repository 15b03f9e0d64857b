using System.Net;
using Realiz3D.Mesh.Contracts.Artifacts.V1;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Contracts.Measuring.V1;
using Realiz3D.Mesh.Contracts.Shaping.V1;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Transforms;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Realiz3D.Mesh.Gateway;

/// <summary>One route per proto service, one cluster per resource, one destination per pod.</summary>
internal static class ProxyRoutes
{
    /// <summary>Every service that callers from outside may reach, and the resource that serves it.</summary>
    public static readonly IReadOnlyList<(ServiceDescriptor Service, string Resource)> Services =
    [
        (JobService.Descriptor, "jobs"),
        (ArtifactService.Descriptor, "jobs"),
        (DenoiserService.Descriptor, "denoiser"),
        (GeometryService.Descriptor, "geometry"),
        (AppearanceService.Descriptor, "appearance"),
        (MetricsService.Descriptor, "metrics"),
    ];

    /// <summary>The route of files.</summary>
    public static readonly string Files = ArtifactService.Descriptor.FullName;

    public static IReadOnlyList<RouteConfig> Routes() =>
    [
        .. Services.Select(service => new RouteConfig
        {
            RouteId = service.Service.FullName,
            ClusterId = service.Resource,
            Match = new RouteMatch { Path = $"/{service.Service.FullName}/{{**method}}", Methods = ["POST"] },
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
