using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Realiz3D.Mesh.Grpc.Tests;

/// <summary>The objects that stand for calls, as a transport makes them and as tests of clients do.</summary>
public class CallObjectTests
{
    private static readonly Task<Metadata> Headers = Task.FromResult(new Metadata { { "kind", "headers" } });
    private static readonly Metadata Trailers = new() { { "kind", "trailers" } };
    private static readonly Status Gone = new(StatusCode.NotFound, "gone");
    private static readonly Reader Responses = new();
    private static readonly Writer Requests = new();
    private static readonly Task<string> Response = Task.FromResult("answer");

    [Fact]
    public void Call_OfFunctions_AnswersWithWhatTheySay()
    {
        var ended = 0;
        Check(new AsyncUnaryCall<string>(Response, Headers, () => Gone, () => Trailers, () => ended++));
        Check(new AsyncClientStreamingCall<string, string>(Requests, Response, Headers, () => Gone, () => Trailers, () => ended++));
        Check(new AsyncServerStreamingCall<string>(Responses, Headers, () => Gone, () => Trailers, () => ended++));
        Check(new AsyncDuplexStreamingCall<string, string>(Requests, Responses, Headers, () => Gone, () => Trailers, () => ended++));

        Assert.Equal(4, ended);
    }

    [Fact]
    public void Call_WithAState_HandsItToEveryFunction()
    {
        var ended = new int[1];
        Check(new AsyncUnaryCall<string>(Response, HeadersOf, StatusOf, TrailersOf, End, ended));
        Check(new AsyncClientStreamingCall<string, string>(Requests, Response, HeadersOf, StatusOf, TrailersOf, End, ended));
        Check(new AsyncServerStreamingCall<string>(Responses, HeadersOf, StatusOf, TrailersOf, End, ended));
        Check(new AsyncDuplexStreamingCall<string, string>(Requests, Responses, HeadersOf, StatusOf, TrailersOf, End, ended));

        Assert.Equal(4, ended[0]);

        Task<Metadata> HeadersOf(object state) => Of(state, Headers);
        Status StatusOf(object state) => Of(state, Gone);
        Metadata TrailersOf(object state) => Of(state, Trailers);
        void End(object state) => Of(state, ended)[0]++;
        T Of<T>(object state, T value)
        {
            Assert.Same(ended, state);
            return value;
        }
    }

    /// <summary>Test doubles often give only what they need.</summary>
    [Fact]
    public async Task Call_MadeOfAResponseOnly_HasThat()
    {
        var call = new AsyncUnaryCall<string>(Response, null!, null!, null!, null!);

        Assert.Equal("answer", await call);
        Assert.Equal("answer", await call.ConfigureAwait(false));
        Assert.Null(call.ResponseHeadersAsync);
        var context = new ClientInterceptorContext<string, string>(null!, null, default);
        Assert.Null(context.Method);
    }

    private static void Check(AsyncUnaryCall<string> call)
    {
        Assert.Same(Response, call.ResponseAsync);
        Check(call.ResponseHeadersAsync, call.GetStatus(), call.GetTrailers());
        call.Dispose();
    }

    private static void Check(AsyncClientStreamingCall<string, string> call)
    {
        Assert.Same(Requests, call.RequestStream);
        Assert.Same(Response, call.ResponseAsync);
        Check(call.ResponseHeadersAsync, call.GetStatus(), call.GetTrailers());
        call.Dispose();
    }

    private static void Check(AsyncServerStreamingCall<string> call)
    {
        Assert.Same(Responses, call.ResponseStream);
        Check(call.ResponseHeadersAsync, call.GetStatus(), call.GetTrailers());
        call.Dispose();
    }

    private static void Check(AsyncDuplexStreamingCall<string, string> call)
    {
        Assert.Same(Requests, call.RequestStream);
        Assert.Same(Responses, call.ResponseStream);
        Check(call.ResponseHeadersAsync, call.GetStatus(), call.GetTrailers());
        call.Dispose();
    }

    private static void Check(Task<Metadata> headers, Status status, Metadata trailers)
    {
        Assert.Same(Headers, headers);
        Assert.Equal(Gone, status);
        Assert.Same(Trailers, trailers);
    }

    private sealed class Reader : IAsyncStreamReader<string>
    {
        public string Current => "";

        public Task<bool> MoveNext(CancellationToken cancellationToken) => Task.FromResult(false);
    }

    private sealed class Writer : IClientStreamWriter<string>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(string message) => Task.CompletedTask;

        public Task CompleteAsync() => Task.CompletedTask;
    }
}
