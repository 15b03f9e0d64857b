using Grpc.Core;
using Grpc.Health.V1;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace Realiz3D.Mesh.Grpc.Tests;

/// <summary>A watcher whose first message stays on its way until it is let go.</summary>
/// <param name="expected">Messages after which <see cref="Done"/> is.</param>
internal sealed class SlowWatcher(int expected) : IServerStreamWriter<HealthCheckResponse>
{
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public List<ServingStatus> Told { get; } = [];

    public Task Done => _done.Task;

    public WriteOptions? WriteOptions { get; set; }

    public void Go() => _go.SetResult();

    public Task WriteAsync(HealthCheckResponse message)
    {
        Told.Add(message.Status);
        if (Told.Count == expected)
        {
            _done.SetResult();
        }

        return _go.Task;
    }
}

/// <summary>A call of which only the end matters.</summary>
internal sealed class WatchContext(CancellationToken end) : ServerCallContext
{
    protected override CancellationToken CancellationTokenCore => end;

    protected override string MethodCore => "/grpc.health.v1.Health/Watch";

    protected override string HostCore => "localhost";

    protected override string PeerCore => "";

    protected override DateTime DeadlineCore => DateTime.MaxValue;

    protected override Metadata RequestHeadersCore { get; } = [];

    protected override Metadata ResponseTrailersCore { get; } = [];

    protected override Status StatusCore { get; set; }

    protected override WriteOptions? WriteOptionsCore { get; set; }

    protected override AuthContext AuthContextCore => new(null, []);

    protected override Task WriteResponseHeadersAsyncCore(Metadata responseHeaders) => Task.CompletedTask;

    protected override ContextPropagationToken CreatePropagationTokenCore(ContextPropagationOptions? options) =>
        throw new NotSupportedException();
}
