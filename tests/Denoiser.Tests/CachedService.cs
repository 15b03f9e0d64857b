using System.Diagnostics.Metrics;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Denoising.Tests;

/// <summary>The service with a Redis of its own. A step takes 10 ms.</summary>
public sealed class CachedService : IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory _folder = new();
    private readonly MeterListener _meters = new();
    private readonly Dictionary<(string Name, string Model, string Kind), int> _counts = [];
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;

    /// <summary>Folder of the model folders.</summary>
    public string Models => Path.Combine(_folder.Path, "models");

    internal RedisServer Server { get; private set; } = null!;

    internal RedisLink Redis { get; private set; } = null!;

    internal ArtifactStore Artifacts => new(Path.Combine(_folder.Path, "artifacts"));

    internal DenoiserService.DenoiserServiceClient Client => new(_channel);

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        TinyModel.Write(Path.Combine(Models, "cached-mini"));
        TinyModel.Write(Path.Combine(Models, "cached-other"), seed: 2);
        Server = await RedisServer.StartAsync();
        Redis = await RedisLink.ConnectAsync(Server.ConnectionString);
        _meters.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == ServingTelemetry.SourceName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _meters.SetMeasurementEventCallback<int>((instrument, value, tags, _) =>
        {
            var told = tags.ToArray().ToDictionary(tag => tag.Key, tag => $"{tag.Value}");
            lock (_counts)
            {
                var key = (instrument.Name, told.GetValueOrDefault("model", ""), told.GetValueOrDefault("kind", ""));
                _counts[key] = _counts.GetValueOrDefault(key) + value;
            }
        });
        _meters.Start();
        _app = DenoiserProgram.Build(
        [
            .. DenoiserHost.Arguments(Models, Artifacts.Root), "--REALIZ3D_DEVICE=simulated:10ms", "--REALIZ3D_MODEL=cached-mini",
            $"--ConnectionStrings:cache={Server.ConnectionString}",
        ]);
        await _app.StartAsync();
        _channel = GrpcChannel.ForAddress(_app.Urls.Single());
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await Redis.DisposeAsync();
        await Server.DisposeAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _meters.Dispose();
        _channel.Dispose();
        _folder.Dispose();
    }

    /// <summary>What the counters of a model say.</summary>
    internal (int Hits, int Misses) Counts(string model, string kind)
    {
        lock (_counts)
        {
            return (_counts.GetValueOrDefault(("realiz3d.cache.hits", model, kind)), _counts.GetValueOrDefault(("realiz3d.cache.misses", model, kind)));
        }
    }

    internal async Task<List<GenerateViewsResponse>> PaintAsync(GenerateViewsRequest request)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var call = Client.GenerateViews(request, cancellationToken: timeout.Token);
        var responses = new List<GenerateViewsResponse>();
        while (await call.ResponseStream.MoveNext(timeout.Token))
        {
            responses.Add(call.ResponseStream.Current);
        }

        return responses;
    }

    internal async Task<List<EditViewsResponse>> EditAsync(EditViewsRequest request)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var call = Client.EditViews(request, cancellationToken: timeout.Token);
        var responses = new List<EditViewsResponse>();
        while (await call.ResponseStream.MoveNext(timeout.Token))
        {
            responses.Add(call.ResponseStream.Current);
        }

        return responses;
    }
}
