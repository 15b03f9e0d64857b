using Grpc.Core;
using Realiz3D.Mesh.Grpc.Tests.Wire;

namespace Realiz3D.Mesh.Grpc.Tests;

/// <summary>Serves the test service, and leaves marks by which tests see what arrived.</summary>
internal sealed class CounterEndpoint(CallMarks marks) : CounterService.CounterServiceBase
{
    public override async Task<DoubleResponse> Double(DoubleRequest request, ServerCallContext context)
    {
        marks.Deadline = context.Deadline;
        foreach (var entry in context.RequestHeaders.Where(entry => entry.Key.StartsWith("test-", StringComparison.Ordinal)))
        {
            context.ResponseTrailers.Add(entry);
        }

        await context.WriteResponseHeadersAsync(new Metadata { { "answer-bin", [0, 255, 7] } });
        return request.FailWith == 0
            ? new DoubleResponse { Value = request.Value * 2 }
            : throw new RpcException(
                new Status((StatusCode)request.FailWith, $"asked to fail with {request.FailWith}"),
                new Metadata { { "why", "asked" } });
    }

    public override async Task Count(
        CountRequest request,
        IServerStreamWriter<CountResponse> responseStream,
        ServerCallContext context)
    {
        try
        {
            for (var i = 1; request.Last == 0 || i <= request.Last; i++)
            {
                await responseStream.WriteAsync(new CountResponse { Value = i }, context.CancellationToken);
                await Task.Delay(request.Last == 0 ? 5 : 0, context.CancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            marks.Cancelled.TrySetResult();
            throw;
        }
    }

    public override async Task<SumResponse> Sum(IAsyncStreamReader<SumRequest> requestStream, ServerCallContext context)
    {
        var sum = 0L;
        while (await requestStream.MoveNext())
        {
            sum += requestStream.Current.Value;
        }

        return new SumResponse { Value = sum };
    }

    public override async Task Accumulate(
        IAsyncStreamReader<AccumulateRequest> requestStream,
        IServerStreamWriter<AccumulateResponse> responseStream,
        ServerCallContext context)
    {
        var sum = 0L;
        await foreach (var request in requestStream.ReadAllAsync(context.CancellationToken))
        {
            sum += request.Value;
            await responseStream.WriteAsync(new AccumulateResponse { Value = sum });
        }
    }
}

/// <summary>What the endpoint saw.</summary>
internal sealed class CallMarks
{
    /// <summary>Deadline of the last unary call, UTC.</summary>
    public DateTime Deadline { get; set; }

    /// <summary>Kinds of the calls that the server's interceptor saw, in order.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Intercepted { get; } = new();

    /// <summary>Ends when a count is cancelled.</summary>
    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
