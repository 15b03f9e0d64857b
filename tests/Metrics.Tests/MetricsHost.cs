using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Realiz3D.Mesh.Contracts.Measuring.V1;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Measuring.Tests;

/// <summary>The metrics service on a loopback port, with an artifact store of its own.</summary>
internal sealed class MetricsHost : IAsyncDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory;
    private readonly WebApplication _app;
    private readonly GrpcChannel _channel;
    private readonly MetricsService.MetricsServiceClient _client;

    private MetricsHost(WebApplication app, TemporaryDirectory directory)
    {
        (_app, _directory) = (app, directory);
        _channel = GrpcChannel.ForAddress(app.Urls.Single());
        _client = new MetricsService.MetricsServiceClient(_channel);
        Artifacts = new ArtifactStore(directory.Path);
    }

    public ArtifactStore Artifacts { get; }

    public static async Task<MetricsHost> StartAsync()
    {
        var directory = new TemporaryDirectory();
        var app = MetricsProgram.Build(
        [
            "--urls=http://127.0.0.1:0", $"--REALIZ3D_ARTIFACTS={directory.Path}", "--Logging:LogLevel:Default=None",
            "--Metrics:TileSize=64",
        ]);
        await app.StartAsync();
        return new MetricsHost(app, directory);
    }

    public async Task<List<EvaluateResponse>> EvaluateAsync(string asset, string views)
    {
        var request = new EvaluateRequest { AssetArtifactId = asset, ViewsArtifactId = views };
        using var call = _client.Evaluate(request, deadline: DateTime.UtcNow + Timeout);
        return await call.ResponseStream.ReadAllAsync().ToListAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _app.DisposeAsync();
        _directory.Dispose();
    }
}
