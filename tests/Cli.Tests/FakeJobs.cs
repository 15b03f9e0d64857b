using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.CommandLine.Tests;

/// <summary>A job service on a loopback port whose jobs end as a test wants them to.</summary>
internal sealed class FakeJobs : IAsyncDisposable
{
    private FakeServer? _server;

    public List<SubmitRequest> Submitted { get; } = [];

    public List<string> Canceled { get; } = [];

    /// <summary>Job at the end of a watch.</summary>
    public Job End { get; set; } = new() { JobId = "1", State = JobState.Succeeded };

    /// <summary>Runs in the middle of a watch.</summary>
    public Func<CancellationToken, Task> During { get; set; } = _ => Task.CompletedTask;

    public Dictionary<JobFile, byte[]> Files { get; } = new()
    {
        [JobFile.Asset] = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 13))],
        [JobFile.Sheet] = [1, 2, 3],
        [JobFile.Report] = """{"seed":7,"report":{"meanSilhouetteIou":0.9634,"unknownWords":["zorgon"]}}"""u8.ToArray(),
    };

    public string Address => _server!.Address;

    public static async Task<FakeJobs> StartAsync()
    {
        var fake = new FakeJobs();
        fake._server = await FakeServer.StartAsync(fake, app => app.MapGrpcService<Endpoint>());
        return fake;
    }

    public ValueTask DisposeAsync() => _server!.DisposeAsync();

    private sealed class Endpoint(FakeJobs fake) : JobService.JobServiceBase
    {
        public override Task<SubmitResponse> Submit(SubmitRequest request, ServerCallContext context)
        {
            fake.Submitted.Add(request);
            return Task.FromResult(new SubmitResponse { Job = new Job { JobId = "1", State = JobState.Queued } });
        }

        public override async Task Watch(
            WatchRequest request,
            IServerStreamWriter<WatchResponse> responseStream,
            ServerCallContext context)
        {
            await responseStream.WriteAsync(new() { State = JobState.Queued, QueuePosition = 2 });
            await responseStream.WriteAsync(new()
            {
                State = JobState.Running,
                Stage = Stage.Views,
                Progress = new StageProgress { Step = 7, StepCount = 20 },
                TimeLeft = Duration.FromTimeSpan(TimeSpan.FromSeconds(31.4)),
            });
            await fake.During(context.CancellationToken);
            await responseStream.WriteAsync(new() { State = fake.End.State, Stage = fake.End.Stage, Job = fake.End });
        }

        public override Task<CancelResponse> Cancel(CancelRequest request, ServerCallContext context)
        {
            fake.Canceled.Add(request.JobId);
            return Task.FromResult(new CancelResponse());
        }

        public override async Task Download(
            DownloadRequest request,
            IServerStreamWriter<DownloadResponse> responseStream,
            ServerCallContext context)
        {
            var bytes = fake.Files[request.File];
            await responseStream.WriteAsync(new() { Header = new FileHeader { ByteLength = bytes.Length } });
            var offset = 0;
            foreach (var chunk in bytes.Chunk(65536))
            {
                await responseStream.WriteAsync(
                    new() { Chunk = new FileChunk { Offset = offset, Data = ByteString.CopyFrom(chunk) } });
                offset += chunk.Length;
            }
        }
    }
}
