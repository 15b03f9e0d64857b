using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.Storage;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Denoising.Tests;

/// <summary>The service on a free port of loopback with two tiny models, "realiz3d-mini" and, with a judge, "other".</summary>
public sealed class DenoiserHost : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("realiz3d-").FullName;
    private WebApplication? _app;
    private GrpcChannel? _channel;

    /// <summary>Folder of the model folders.</summary>
    public string Models => Path.Combine(_directory, "models");

    internal DenoiserService.DenoiserServiceClient Client => new(_channel);

    internal StepBatcher Batcher => _app!.Services.GetRequiredService<StepBatcher>();

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        TinyModel.Write(Path.Combine(Models, "realiz3d-mini"));
        TinyModel.Write(Path.Combine(Models, "other"), seed: 2, judge: true);
        _app = DenoiserProgram.Build(Arguments(Models, Path.Combine(_directory, "artifacts")));
        await _app.StartAsync();
        _channel = GrpcChannel.ForAddress(
            _app.Urls.Single(),
            new GrpcChannelOptions { HttpHandler = new CancelledReads(new SocketsHttpHandler()), DisposeHttpClient = true });
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        _channel?.Dispose();
        await _app!.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Command line of a service with its own folders.</summary>
    public static string[] Arguments(string models, string artifacts) =>
    [
        "--urls=http://127.0.0.1:0", $"--REALIZ3D_MODELS={models}", $"--REALIZ3D_ARTIFACTS={artifacts}",
        $"--REALIZ3D_DEVICE={TestDevice.Here}", "--Logging:LogLevel:Default=None",
    ];

    /// <summary>Paints and returns everything that came over the stream.</summary>
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

    /// <summary>A small request.</summary>
    internal static GenerateViewsRequest Request(ulong seed = 7) => new()
    {
        Prompt = "a glossy red ceramic vase, whimsical",
        Seed = seed,
        StepCount = 6,
        GuidanceScale = 2,
        Domain = Domain.Synthetic,
    };

    /// <summary>Stores an artifact as a caller would.</summary>
    internal Task<string> StoreAsync(byte[] bytes) => new ArtifactStore(Path.Combine(_directory, "artifacts")).PutAsync(bytes);

    /// <summary>Reads an artifact.</summary>
    internal Task<byte[]> ReadArtifactAsync(string id) => new ArtifactStore(Path.Combine(_directory, "artifacts")).ReadAsync(id);

    internal async Task<ViewSet> ReadViewsAsync(string id)
    {
        var store = new ArtifactStore(Path.Combine(_directory, "artifacts"));
        return ViewSet.Parse(await store.ReadAsync(id), id);
    }

    /// <summary>Share of the values of two sets of views, as bytes, that differ by more than one level.</summary>
    internal async Task<double> OtherLevelsAsync(string one, string other)
    {
        var (a, b) = (await ReadViewsAsync(one), await ReadViewsAsync(other));
        return a.Rgba.Zip(b.Rgba, (x, y) => Math.Abs(Math.Round(255 * x) - Math.Round(255 * y)) > 1 ? 1.0 : 0).Average();
    }
}
