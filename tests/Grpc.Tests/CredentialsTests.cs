using Grpc.Core;
using Grpc.Net.Client;
using Realiz3D.Mesh.Grpc.Tests.Wire;

namespace Realiz3D.Mesh.Grpc.Tests;

/// <summary>What credentials are made of, as the client library is told, and what they add to calls.</summary>
public class CredentialsTests(CounterHost host) : IClassFixture<CounterHost>
{
    [Fact]
    public void Channel_CallCredentialsDoNotRideOnClearText()
    {
        var call = Adding("authorization", "secret");

        Assert.Equal(
            "CallCredentials can't be composed with InsecureCredentials. CallCredentials must be used with secure channel credentials like SslCredentials.",
            Assert.Throws<ArgumentException>(() => ChannelCredentials.Create(ChannelCredentials.Insecure, call)).Message);
        Assert.Throws<ArgumentNullException>(() => ChannelCredentials.Create(null!, call));
        Assert.Throws<ArgumentNullException>(() => ChannelCredentials.Create(ChannelCredentials.SecureSsl, null!));

        // What is composed already takes no second set.
        var composite = ChannelCredentials.Create(ChannelCredentials.SecureSsl, call);
        Assert.Throws<ArgumentException>(() => ChannelCredentials.Create(composite, call));
    }

    [Fact]
    public void Channel_TellsWhatItIsMadeOf()
    {
        var call = Adding("a", "b");
        var pair = new KeyCertificatePair("chain", "key");
        VerifyPeerCallback verify = _ => true;
        var seen = new ChannelParts();
        var state = new object();

        ChannelCredentials.Insecure.InternalPopulateConfiguration(seen, state);
        new SslCredentials("roots", pair, verify).InternalPopulateConfiguration(seen, state);
        ChannelCredentials.Create(ChannelCredentials.SecureSsl, call).InternalPopulateConfiguration(seen, state);

        List<(object State, object? First, object? Second, object? Third)> parts =
        [
            (state, null, null, null),
            (state, "roots", pair, verify),
            (state, ChannelCredentials.SecureSsl, call, null),
        ];
        Assert.Equal(parts, seen.Parts);
        Assert.Same(ChannelCredentials.SecureSsl, ChannelCredentials.SecureSsl);
        Assert.Null(((SslCredentials)ChannelCredentials.SecureSsl).RootCertificates);
        Assert.Equal(("chain", "key"), (pair.CertificateChain, pair.PrivateKey));
    }

    [Fact]
    public void Call_TellsWhatItIsMadeOf()
    {
        AsyncAuthInterceptor interceptor = (_, _) => Task.CompletedTask;
        var single = CallCredentials.FromInterceptor(interceptor);
        var other = Adding("a", "b");
        var seen = new CallParts();

        single.InternalPopulateConfiguration(seen, "state");
        CallCredentials.Compose(single, other).InternalPopulateConfiguration(seen, "state");

        Assert.Equal(interceptor, seen.Interceptor);
        Assert.Equal([single, other], seen.Composite);
        Assert.Throws<ArgumentException>(() => CallCredentials.Compose(single));
        Assert.Throws<ArgumentNullException>(() => CallCredentials.FromInterceptor(null!));
    }

    /// <summary>Loopback is clear text, so the channel says explicitly that nobody listens.</summary>
    [Fact]
    public async Task Call_CredentialsAddTheirHeaders_InOrder_KnowingTheMethod()
    {
        var contexts = new List<AuthInterceptorContext>();
        var credentials = CallCredentials.Compose(
            CallCredentials.FromInterceptor((context, metadata) =>
            {
                contexts.Add(context);
                metadata.Add("test-order", "first");
                return Task.CompletedTask;
            }),
            Adding("test-order", "second"));
        using var channel = GrpcChannel.ForAddress(
            $"http://{host.Channel.Target}",
            new GrpcChannelOptions { UnsafeUseInsecureChannelCallCredentials = true });
        using var call = new CounterService.CounterServiceClient(channel).DoubleAsync(
            new DoubleRequest { Value = 4 },
            new CallOptions(deadline: DateTime.UtcNow + CounterHost.Patience, credentials: credentials));

        Assert.Equal(8, (await call).Value);
        Assert.Equal(
            ["first", "second"],
            call.GetTrailers().GetAll("test-order").SelectMany(entry => entry.Value.Split(',', StringSplitOptions.TrimEntries)));
        var context = Assert.Single(contexts);
        Assert.Equal("Double", context.MethodName);
        Assert.EndsWith("/realiz3d.mesh.grpctests.v1.CounterService", context.ServiceUrl, StringComparison.Ordinal);
    }

    private static CallCredentials Adding(string key, string value) => CallCredentials.FromInterceptor((_, metadata) =>
    {
        metadata.Add(key, value);
        return Task.CompletedTask;
    });

    private sealed class ChannelParts : ChannelCredentialsConfiguratorBase
    {
        public List<(object State, object? First, object? Second, object? Third)> Parts { get; } = [];

        public override void SetInsecureCredentials(object state) => Parts.Add((state, null, null, null));

        public override void SetSslCredentials(
            object state, string? rootCertificates, KeyCertificatePair? keyCertificatePair, VerifyPeerCallback? verifyPeerCallback) =>
            Parts.Add((state, rootCertificates, keyCertificatePair, verifyPeerCallback));

        public override void SetCompositeCredentials(
            object state, ChannelCredentials channelCredentials, CallCredentials callCredentials) =>
            Parts.Add((state, channelCredentials, callCredentials, null));
    }

    private sealed class CallParts : CallCredentialsConfiguratorBase
    {
        public AsyncAuthInterceptor? Interceptor { get; private set; }

        public IReadOnlyList<CallCredentials> Composite { get; private set; } = [];

        public override void SetAsyncAuthInterceptorCredentials(object? state, AsyncAuthInterceptor interceptor) =>
            Interceptor = interceptor;

        public override void SetCompositeCredentials(object? state, IReadOnlyList<CallCredentials> credentials) =>
            Composite = credentials;
    }
}
