using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Jobs.Tests;

/// <summary>The job service on a loopback port, with a real Redis and fake stages.</summary>
internal sealed class JobsHost : IAsyncDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly TemporaryDirectory _directory = new();
    private WebApplication? _app;
    private GrpcChannel? _channel;

    private JobsHost(RedisServer redis)
    {
        Redis = redis;
        Artifacts = new ArtifactStore(_directory.Path);
        Stages = new FakeStages(Artifacts);
    }

    public RedisServer Redis { get; }

    public ArtifactStore Artifacts { get; }

    public FakeStages Stages { get; }

    public JobService.JobServiceClient Client { get; private set; } = null!;

    public GrpcChannel Channel => _channel!;

    /// <param name="settings">Settings beyond those that tests always use.</param>
    public static async Task<JobsHost> StartAsync(params string[] settings)
    {
        var host = new JobsHost(await RedisServer.StartAsync());
        await host.Stages.StartAsync();
        await host.StartServiceAsync(settings);
        return host;
    }

    public async Task StartServiceAsync(params string[] settings)
    {
        _app = JobsProgram.Build(
        [
            "--urls=http://127.0.0.1:0",
            $"--ConnectionStrings:queue={Redis.ConnectionString}",
            $"--REALIZ3D_ARTIFACTS={Artifacts.Root}",
            "--Jobs:FirstRetry=00:00:00.05",
            "--Jobs:TakeOver=00:00:02",
            "--Logging:LogLevel:Default=None",
            .. new[] { "denoiser-0", "geometry", "appearance", "metrics" }
                .Select(service => $"--services:{service}:http:0={Stages.Address}"),
            .. settings,
        ]);
        await _app.StartAsync();
        _channel = GrpcChannel.ForAddress(_app.Urls.Single());
        Client = new JobService.JobServiceClient(_channel);
    }

    /// <summary>Stops the service, as a deployment would; the stages and Redis stay.</summary>
    public async Task StopServiceAsync()
    {
        _channel?.Dispose();
        if (_app is not null)
        {
            await _app.StopAsync(new CancellationToken(canceled: true));
            await _app.DisposeAsync();
            _app = null;
        }
    }

    public Task<Job> SubmitAsync(string prompt = "a red vase", string? key = null, ulong seed = 7) =>
        SubmitAsync(new JobSpec { Prompt = prompt, Seed = seed }, key);

    public async Task<Job> SubmitAsync(JobSpec spec, string? key = null, Metadata? headers = null) =>
        (await Client.SubmitAsync(
            new SubmitRequest { IdempotencyKey = key ?? Guid.NewGuid().ToString("N"), Spec = spec }, headers)).Job;

    public async Task<Job> GetAsync(string id) => (await Client.GetAsync(new GetRequest { JobId = id })).Job;

    /// <summary>All messages of a watch, up to the end state.</summary>
    public async Task<List<WatchResponse>> WatchAsync(string id)
    {
        using var call = Client.Watch(new WatchRequest { JobId = id }, deadline: DateTime.UtcNow + Timeout);
        return await call.ResponseStream.ReadAllAsync().ToListAsync();
    }

    /// <summary>The job once it has ended.</summary>
    public async Task<Job> EndOfAsync(string id) => (await WatchAsync(id))[^1].Job;

    public async Task<(FileHeader Header, byte[] Bytes)> DownloadAsync(string id, JobFile file)
    {
        using var call = Client.Download(new DownloadRequest { JobId = id, File = file });
        var parts = await call.ResponseStream.ReadAllAsync().ToListAsync();
        return (parts[0].Header, [.. parts.Skip(1).SelectMany(part => part.Chunk.Data.ToByteArray())]);
    }

    public async Task<string> ReadTextAsync(string artifactId) =>
        Encoding.UTF8.GetString(await Artifacts.ReadAsync(artifactId));

    public async ValueTask DisposeAsync()
    {
        await StopServiceAsync();
        await Stages.DisposeAsync();
        await Redis.DisposeAsync();
        _directory.Dispose();
    }
}
