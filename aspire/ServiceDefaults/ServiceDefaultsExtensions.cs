using Grpc.HealthCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Realiz3D.Mesh.ServiceDefaults;

/// <summary>What every service of the mesh has: HTTP/2, gRPC under limits, health, reflection, telemetry, a quick stop.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Largest gRPC message either way, in bytes. Larger things go through the artifact store.</summary>
    public const int MaxMessageBytes = 4 << 20;

    /// <summary>Marks a health check that also tells whether the process is alive at all.</summary>
    public const string LiveTag = "live";

    /// <summary>Adds the defaults. Services then register what they serve and their own health checks.</summary>
    public static WebApplicationBuilder AddServiceDefaults(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);

        // 1. Clear-text HTTP/2. Without TLS Kestrel cannot offer HTTP/1.1 on the same port: it would pick that always.
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2);
            kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(30);
        });

        // 2. gRPC.
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = MaxMessageBytes;
            options.MaxSendMessageSize = MaxMessageBytes;
            options.Interceptors.Add<ErrorInterceptor>();
        });
        builder.Services.AddReflection();

        // 3. Health, told over HTTP at once and over gRPC every few seconds.
        builder.Services.AddHealthChecks().AddCheck("self", () => HealthCheckResult.Healthy(), [LiveTag]);
        builder.Services.AddSingleton<HealthServiceImpl>();
        builder.Services.AddSingleton<IHealthCheckPublisher, HealthPublisher>();
        builder.Services.Configure<HealthCheckPublisherOptions>(options =>
        {
            options.Delay = TimeSpan.Zero;
            options.Period = TimeSpan.FromSeconds(5);
        });

        // 4. Logs of one line each, and telemetry where a collector is configured. How a call ended is told to its caller; the
        // log has what is wrong here, not each refusal and each client that left.
        builder.Logging.AddConsole(console => console.FormatterName = LineFormatter.FormatterName);
        builder.Logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);
        builder.Logging.AddFilter("Grpc", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning);
        builder.AddTelemetry();

        // 5. A watcher of health or of a job would hold the stop for half a minute otherwise.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(5));

        // 6. What was freed goes back to the system when there is nothing to do.
        builder.Services.AddHostedService<IdleTrim>();
        return builder;
    }

    /// <summary>
    /// Maps <c>grpc.health.v1</c>, <c>grpc.reflection.v1</c>, <c>GET /health</c> (ready to serve) and <c>GET /alive</c> (the
    /// process answers).
    /// </summary>
    public static WebApplication MapDefaultEndpoints(this WebApplication app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var health = app.Services.GetRequiredService<HealthServiceImpl>();
        health.SetStatus(string.Empty, Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus.NotServing);
        app.MapGrpcService<HealthServiceImpl>();
        app.MapReflection();
        app.MapHealthChecks("/health");
        app.MapHealthChecks("/alive", new HealthCheckOptions { Predicate = check => check.Tags.Contains(LiveTag) });
        return app;
    }
}
