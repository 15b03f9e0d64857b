using Grpc.HealthCheck;
using Grpc.Net.Client;
using Grpc.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Grpc.Tests.Wire;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Realiz3D.Mesh.Grpc.Tests;

/// <summary>A real Kestrel on a free loopback port with the counter and health, and a channel to it.</summary>
public sealed class CounterHost : IAsyncLifetime
{
    /// <summary>No test waits longer.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>The services that reflection tells of.</summary>
    private static readonly ServiceDescriptor[] Described =
        [CounterService.Descriptor, global::Grpc.Health.V1.Health.Descriptor];

    private readonly WebApplication _app;
    private GrpcChannel? _channel;

    public CounterHost()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(options => options.Interceptors.Add<NotingServerInterceptor>());
        builder.Services.AddSingleton(Marks);
        builder.Services.AddSingleton(Health);
        builder.Services.AddSingleton(new ReflectionV1ServiceImpl(Described));
        builder.Services.AddSingleton(new ReflectionServiceImpl(Described));
        _app = builder.Build();
        _app.MapGrpcService<CounterEndpoint>();
        _app.MapGrpcService<HealthServiceImpl>();
        _app.MapGrpcService<ReflectionV1ServiceImpl>();
        _app.MapGrpcService<ReflectionServiceImpl>();
    }

    internal CallMarks Marks { get; } = new();

    internal HealthServiceImpl Health { get; } = new();

    internal GrpcChannel Channel => _channel ?? throw new InvalidOperationException("The host has not started.");

    internal CounterService.CounterServiceClient Client => new(Channel);

    public async Task InitializeAsync()
    {
        await _app.StartAsync();
        _channel = GrpcChannel.ForAddress(
            _app.Urls.Single(),
            new GrpcChannelOptions { HttpHandler = new CancelledReads(new SocketsHttpHandler { UseProxy = false }), DisposeHttpClient = true });
    }

    public async Task DisposeAsync()
    {
        _channel?.Dispose();
        await _app.DisposeAsync();
    }
}
