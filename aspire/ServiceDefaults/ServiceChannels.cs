using System.Net;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Realiz3D.Mesh.Contracts;

namespace Realiz3D.Mesh.ServiceDefaults;

/// <summary>Clients of other services: found by name, balanced call by call over all their pods.</summary>
/// <remarks>
/// A pod that joins gets calls within five seconds. Names are looked up again every two (<see cref="PodNames"/>). An address
/// that does not answer is tried again for as long as the channel lives, at most <see cref="LongestBackoff"/> (give or take a
/// fifth) after the last attempt has failed, which takes <see cref="ConnectTimeout"/> at most.
/// </remarks>
public static class ServiceChannels
{
    internal static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(2);
    internal static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Registers a generated client as a singleton. Clients of one service share its channel.</summary>
    /// <param name="builder">The calling service.</param>
    /// <param name="service">Resource name of the service that is called, such as "denoiser".</param>
    /// <typeparam name="TClient">The generated client, such as <c>DenoiserService.DenoiserServiceClient</c>.</typeparam>
    public static WebApplicationBuilder AddServiceClient<TClient>(this WebApplicationBuilder builder, string service)
        where TClient : ClientBase<TClient>
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddKeyedSingleton(service, (services, _) => Create(
            service,
            ServiceAddresses.Find(services.GetRequiredService<IConfiguration>(), service),
            services.GetRequiredService<ILoggerFactory>()));
        builder.Services.AddSingleton(services => ActivatorUtilities.CreateInstance<TClient>(
            services,
            services.GetRequiredKeyedService<GrpcChannel>(service).Intercept(new DeadlineInterceptor())));
        return builder;
    }

    /// <summary>Opens a channel over all addresses; each call takes the next one that is up.</summary>
    /// <param name="service">Name for messages.</param>
    /// <param name="addresses">Either <c>http(s)://host:port</c> once per pod, or one <c>dns:///host:port</c> that resolves to all pods.</param>
    /// <param name="logs">Where the channel logs.</param>
    public static GrpcChannel Create(string service, IReadOnlyList<Uri> addresses, ILoggerFactory logs) =>
        Create(service, addresses, logs, Dns.GetHostAddressesAsync);

    /// <summary>The same, with another way to find the addresses of a name.</summary>
    internal static GrpcChannel Create(
        string service, IReadOnlyList<Uri> addresses, ILoggerFactory logs, Func<string, CancellationToken, Task<IPAddress[]>> lookUp)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        if (addresses.Count == 0)
        {
            throw new InvalidOperationException(
                $"The service '{service}' has no address; set services__{service}__http__0.");
        }

        var dns = addresses[0].Scheme == "dns";
        if (addresses.Any(address => address.Scheme != addresses[0].Scheme) || (dns && addresses.Count > 1))
        {
            throw new InvalidOperationException(
                $"The addresses of the service '{service}' must be all http, all https, or a single dns address.");
        }

        // The channel looks for these in its own small container, not in the program's.
        var resolvers = new ServiceCollection()
            .AddSingleton<ResolverFactory>(new PodNames(lookUp))
            .AddSingleton<ResolverFactory>(new StaticResolverFactory(
                _ => addresses.Select(address => new BalancerAddress(address.Host, address.Port))))
            .BuildServiceProvider();

        return GrpcChannel.ForAddress(dns ? addresses[0] : new Uri($"static:///{service}"), new GrpcChannelOptions
        {
            Credentials = addresses[0].Scheme == "https" ? ChannelCredentials.SecureSsl : ChannelCredentials.Insecure,
            LoggerFactory = logs,
            MaxReceiveMessageSize = ServiceDefaultsExtensions.MaxMessageBytes,
            MaxSendMessageSize = ServiceDefaultsExtensions.MaxMessageBytes,
            InitialReconnectBackoff = TimeSpan.FromSeconds(0.5),
            MaxReconnectBackoff = LongestBackoff,
            ServiceConfig = new ServiceConfig
            {
                LoadBalancingConfigs = { new RoundRobinConfig() },
                MethodConfigs = { RetryWhileUnavailable },
            },
            ServiceProvider = resolvers,
            HttpHandler = new CancelledReads(new SocketsHttpHandler
            {
                EnableMultipleHttp2Connections = true,
                KeepAlivePingDelay = TimeSpan.FromSeconds(30),
                ConnectTimeout = ConnectTimeout,
                UseProxy = false, // services are near; a proxy of the environment's reaches neither loopback nor pods
            }),
        });
    }

    /// <summary>A pod that restarts costs a moment, not a failed call. Only calls that never reached a method are repeated.</summary>
    private static MethodConfig RetryWhileUnavailable => new()
    {
        Names = { MethodName.Default },
        RetryPolicy = new RetryPolicy
        {
            MaxAttempts = 4,
            InitialBackoff = TimeSpan.FromSeconds(0.2),
            MaxBackoff = TimeSpan.FromSeconds(2),
            BackoffMultiplier = 2.5,
            RetryableStatusCodes = { StatusCode.Unavailable },
        },
    };
}
