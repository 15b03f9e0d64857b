using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Realiz3D.Mesh.CommandLine.Tests;

/// <summary>A gRPC server on a free loopback port that stands in for the gateway.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeServer(WebApplication app) => (_app, Address) = (app, app.Urls.Single());

    /// <summary>Where it is, or was when it has stopped.</summary>
    public string Address { get; }

    /// <summary>Starts it.</summary>
    /// <param name="fake">What its endpoints take in their constructors.</param>
    /// <param name="map">Adds the endpoints.</param>
    public static async Task<FakeServer> StartAsync<TFake>(TFake fake, Action<WebApplication> map)
        where TFake : class
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0")
            .ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(at => at.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(fake);
        var app = builder.Build();
        map(app);
        await app.StartAsync();
        return new FakeServer(app);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(new CancellationToken(canceled: true)); // whatever is still asked is over
        await _app.DisposeAsync();
    }
}
