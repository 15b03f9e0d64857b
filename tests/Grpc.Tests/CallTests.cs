using Grpc.Core;
using Grpc.Core.Interceptors;
using Realiz3D.Mesh.Grpc.Tests.Wire;

namespace Realiz3D.Mesh.Grpc.Tests;

/// <summary>The real client and server, with stubs of the stock plugin, over loopback.</summary>
public class CallTests(CounterHost host) : IClassFixture<CounterHost>
{
    private static DateTime Soon => DateTime.UtcNow + CounterHost.Patience;

    [Fact]
    public async Task Unary_AnswersWithHeadersTrailersAndStatus()
    {
        var headers = new Metadata { { "Test-Text", "plain" }, { "test-bytes-bin", [1, 0, 254] } };
        using var call = host.Client.DoubleAsync(new DoubleRequest { Value = 21 }, headers, Soon);

        var response = await call;

        Assert.Equal(42, response.Value);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Equal([0, 255, 7], (await call.ResponseHeadersAsync).GetValueBytes("answer-bin"));
        Assert.Equal("plain", call.GetTrailers().GetValue("test-text"));
        Assert.Equal([1, 0, 254], call.GetTrailers().GetValueBytes("TEST-bytes-bin"));
    }

    [Fact]
    public void Unary_Blocking_Answers() =>
        Assert.Equal(-6, host.Client.Double(new DoubleRequest { Value = -3 }, deadline: Soon).Value);

    [Theory]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.ResourceExhausted)]
    [InlineData(StatusCode.Unauthenticated)]
    public async Task Unary_ThatFails_CarriesCodeDetailAndTrailers(StatusCode code)
    {
        var failure = await Assert.ThrowsAsync<RpcException>(
            async () => await host.Client.DoubleAsync(new DoubleRequest { FailWith = (int)code }, deadline: Soon));

        Assert.Equal(code, failure.StatusCode);
        Assert.Equal($"asked to fail with {(int)code}", failure.Status.Detail);
        Assert.Equal("asked", failure.Trailers.GetValue("why"));
    }

    [Fact]
    public async Task Unary_TheDeadlineArrivesAtTheServer()
    {
        var deadline = DateTime.UtcNow.AddSeconds(17);
        await host.Client.DoubleAsync(new DoubleRequest { Value = 1 }, deadline: deadline);

        Assert.InRange(host.Marks.Deadline, deadline.AddSeconds(-2), deadline.AddSeconds(2));
    }

    [Fact]
    public async Task ServerStream_KeepsTheOrder()
    {
        using var call = host.Client.Count(new CountRequest { Last = 500 }, deadline: Soon);

        var values = new List<int>();
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            values.Add(response.Value);
        }

        Assert.Equal(Enumerable.Range(1, 500), values);
    }

    [Fact]
    public async Task ServerStream_PastItsDeadline_EndsWithDeadlineExceeded()
    {
        using var call = host.Client.Count(new CountRequest(), deadline: DateTime.UtcNow.AddMilliseconds(200));

        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext())
            {
            }
        });

        Assert.Equal(StatusCode.DeadlineExceeded, failure.StatusCode);
    }

    [Fact]
    public async Task ServerStream_Cancelled_StopsTheServer()
    {
        using var cancel = new CancellationTokenSource();
        using var call = host.Client.Count(new CountRequest(), deadline: Soon, cancellationToken: cancel.Token);
        Assert.True(await call.ResponseStream.MoveNext());

        await cancel.CancelAsync();

        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await call.ResponseStream.MoveNext())
            {
            }
        });
        Assert.Equal(StatusCode.Cancelled, failure.StatusCode);
        await host.Marks.Cancelled.Task.WaitAsync(CounterHost.Patience);
    }

    [Fact]
    public async Task ClientStream_SumsEveryRequest()
    {
        using var call = host.Client.Sum(deadline: Soon);
        foreach (var value in Enumerable.Range(1, 100))
        {
            await call.RequestStream.WriteAsync(new SumRequest { Value = value });
        }

        await call.RequestStream.CompleteAsync();

        Assert.Equal(5050, (await call).Value);
    }

    [Fact]
    public async Task Duplex_AnswersEachRequestBeforeTheNext()
    {
        using var call = host.Client.Accumulate(deadline: Soon);
        var sums = new List<long>();
        foreach (var value in new long[] { 5, -2, 40 })
        {
            await call.RequestStream.WriteAsync(new AccumulateRequest { Value = value });
            Assert.True(await call.ResponseStream.MoveNext());
            sums.Add(call.ResponseStream.Current.Value);
        }

        await call.RequestStream.CompleteAsync();

        Assert.False(await call.ResponseStream.MoveNext());
        Assert.Equal([5, 3, 43], sums);
    }

    [Fact]
    public async Task Message_OverTheServersLimit_IsResourceExhausted()
    {
        var padding = Google.Protobuf.ByteString.CopyFrom(new byte[5 << 20]);

        var failure = await Assert.ThrowsAsync<RpcException>(
            async () => await host.Client.DoubleAsync(new DoubleRequest { Padding = padding }, deadline: Soon));

        Assert.Equal(StatusCode.ResourceExhausted, failure.StatusCode);
    }

    [Fact]
    public async Task Interceptors_RunInTheOrderGiven()
    {
        var invoker = host.Channel.Intercept(Append("c")).Intercept(Append("a"), Append("b"));
        using var call = new CounterService.CounterServiceClient(invoker)
            .DoubleAsync(new DoubleRequest { Value = 1 }, deadline: Soon);
        await call;

        Assert.Equal("abc", call.GetTrailers().GetValue("test-order"));

        static Interceptor Append(string letter) => new AppendingInterceptor(letter);
    }

    private sealed class AppendingInterceptor(string letter) : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            var order = context.Options.Headers?.GetValue("test-order") + letter;
            var options = context.Options.WithHeaders(new Metadata { { "test-order", order } });
            return continuation(request, new(context.Method, context.Host, options));
        }
    }
}
