using System.Runtime.CompilerServices;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Tensors.V1;
using Realiz3D.Mesh.Serving.Tests.Wire;

namespace Realiz3D.Mesh.Serving.Tests;

/// <summary>A real Kestrel on a free loopback port that exchanges tensors, and a client that reads as services do.</summary>
public sealed class ExchangeHost : IAsyncLifetime
{
    private readonly WebApplication _app;
    private GrpcChannel? _channel;

    // The client's window stays at 64 KiB. It would grow as the server runs ahead, to more buffers than the array pool
    // keeps, and which of them are new each time depends on how busy the machine is.
    static ExchangeHost() => AppContext.SetSwitch("System.Net.SocketsHttpHandler.Http2FlowControl.DisableDynamicWindowSizing", true);

    public ExchangeHost()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        _app = builder.Build();
        _app.MapGrpcService<ExchangeEndpoint>();
    }

    internal ExchangeService.ExchangeServiceClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await _app.StartAsync();
        _channel = GrpcChannel.ForAddress(_app.Urls.Single());
        Client = new(_channel.Intercept(new PooledFramesInterceptor()));
    }

    public async Task DisposeAsync()
    {
        _channel?.Dispose();
        await _app.DisposeAsync();
    }
}

/// <summary>Multiplies tensors. Requests and answers lie in native memory from the first byte to the last.</summary>
[BindServiceMethod(typeof(ExchangeEndpoint), nameof(Bind))]
internal sealed class ExchangeEndpoint : ExchangeService.ExchangeServiceBase
{
    public static void Bind(ServiceBinderBase binder, ExchangeService.ExchangeServiceBase? service) =>
        ExchangeService.BindService(new PooledFramesBinder(binder), service);

    public override async Task Exchange(
        IAsyncStreamReader<ExchangeRequest> requestStream,
        IServerStreamWriter<ExchangeResponse> responseStream,
        ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        await requestStream.MoveNext(cancel);
        var factor = requestStream.Current.Job.Factor;
        await foreach (var (name, value) in WireTensors.ReadAllAsync(FramesOf(requestStream, cancel), cancel))
        {
            using var read = value;
            read.mul_(factor).Dispose();
            await responseStream.WriteTensorAsync(name, read, frame => new ExchangeResponse { Frame = frame }, cancel);
        }
    }

    private static async IAsyncEnumerable<TensorFrame> FramesOf(
        IAsyncStreamReader<ExchangeRequest> requests,
        [EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var request in requests.ReadAllAsync(cancel))
        {
            yield return request.Frame;
        }
    }
}
