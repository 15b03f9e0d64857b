using Grpc.Core;
using Grpc.Core.Interceptors;
using Realiz3D.Mesh.Grpc.Tests.Wire;

namespace Realiz3D.Mesh.Grpc.Tests;

/// <summary>Interceptors of clients and servers, for every kind of call.</summary>
public class InterceptorTests(CounterHost host) : IClassFixture<CounterHost>
{
    private static CallOptions Soon => new(deadline: DateTime.UtcNow + CounterHost.Patience);

    [Fact]
    public async Task Client_SeesEveryKindOfCall_AndTheServerToo()
    {
        var seen = new List<string>();
        var client = new CounterService.CounterServiceClient(host.Channel.Intercept(new NotingInterceptor(seen)));
        host.Marks.Intercepted.Clear();

        Assert.Equal(2, client.Double(new DoubleRequest { Value = 1 }, Soon).Value);
        Assert.Equal(4, (await client.DoubleAsync(new DoubleRequest { Value = 2 }, Soon)).Value);
        using (var count = client.Count(new CountRequest { Last = 1 }, Soon))
        {
            Assert.Equal(1, await count.ResponseStream.ReadAllAsync().CountAsync());
        }

        using (var sum = client.Sum(Soon))
        {
            await sum.RequestStream.CompleteAsync();
            Assert.Equal(0, (await sum).Value);
        }

        using (var accumulate = client.Accumulate(Soon))
        {
            await accumulate.RequestStream.CompleteAsync();
            Assert.False(await accumulate.ResponseStream.MoveNext());
        }

        Assert.Equal(["blocking Double", "Double", "Count", "Sum", "Accumulate"], seen);
        Assert.Equal(["unary", "unary", "server stream", "client stream", "duplex"], host.Marks.Intercepted);
    }

    [Fact]
    public async Task Client_HeadersAreChangedByAFunction_AndTheHostIsNamed()
    {
        var hosts = new List<string>();
        var invoker = host.Channel
            .Intercept(new NotingInterceptor(hosts, context => context.Host))
            .Intercept(metadata =>
            {
                metadata.Add("test-added", "yes");
                return metadata;
            });
        using var call = new CounterService.CounterServiceClient(invoker).WithHost("elsewhere").DoubleAsync(
            new DoubleRequest { Value = 1 }, Soon.WithHeaders(new Metadata { { "test-own", "kept" } }));
        await call;

        Assert.Equal("yes", call.GetTrailers().GetValue("test-added"));
        Assert.Equal("kept", call.GetTrailers().GetValue("test-own"));
        Assert.Equal(["elsewhere"], hosts);
    }

    [Fact]
    public void Client_MadeForTests_RefusesWhatIsNotReplaced()
    {
        var client = new BareClient();

        Assert.Throws<NotImplementedException>(() => client.Double(new DoubleRequest()));
        Assert.Throws<NotImplementedException>(() => client.Accumulate());
    }

    [Fact]
    public void Intercept_WithNothing_IsRefused()
    {
        Assert.Throws<ArgumentNullException>(() => host.Channel.Intercept((Interceptor)null!));
        Assert.Throws<ArgumentNullException>(() => host.Channel.Intercept((Func<Metadata, Metadata>)null!));
        Assert.Throws<ArgumentNullException>(() => ((ChannelBase)null!).Intercept(new NotingInterceptor([])));
    }

    [Fact]
    public async Task StreamWriter_WithoutTokensOfItsOwn_RefusesOneThatCanCancel()
    {
        var writer = new BareWriter();
        using var cancel = new CancellationTokenSource();

        await ((IAsyncStreamWriter<string>)writer).WriteAsync("first", CancellationToken.None);
        await Assert.ThrowsAsync<NotSupportedException>(
            () => ((IAsyncStreamWriter<string>)writer).WriteAsync("second", cancel.Token));
        Assert.Equal(["first"], writer.Written);
    }

    private sealed class BareClient : CounterService.CounterServiceClient;

    private sealed class BareWriter : IAsyncStreamWriter<string>
    {
        public List<string> Written { get; } = [];

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(string message)
        {
            Written.Add(message);
            return Task.CompletedTask;
        }
    }
}
