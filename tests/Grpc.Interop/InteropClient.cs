using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Grpc.Interop.Wire;

namespace Realiz3D.Mesh.Grpc.Interop;

/// <summary>Runs cases against a server: one line each, <c>passed NAME</c> or <c>failed NAME: reason</c>.</summary>
internal static class InteropClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly Dictionary<string, Func<InteropConnection, Task>> Cases = new()
    {
        ["empty_unary"] = UnaryCases.EmptyUnaryAsync,
        ["large_unary"] = UnaryCases.LargeUnaryAsync,
        ["client_streaming"] = StreamingCases.ClientStreamingAsync,
        ["server_streaming"] = StreamingCases.ServerStreamingAsync,
        ["ping_pong"] = StreamingCases.PingPongAsync,
        ["empty_stream"] = StreamingCases.EmptyStreamAsync,
        ["cancel_after_begin"] = EndingCases.CancelAfterBeginAsync,
        ["cancel_after_first_response"] = EndingCases.CancelAfterFirstResponseAsync,
        ["timeout_on_sleeping_server"] = EndingCases.TimeoutOnSleepingServerAsync,
        ["custom_metadata"] = UnaryCases.CustomMetadataAsync,
        ["status_code_and_message"] = EndingCases.StatusCodeAndMessageAsync,
        ["special_status_message"] = EndingCases.SpecialStatusMessageAsync,
        ["unimplemented_method"] = EndingCases.UnimplementedMethodAsync,
        ["unimplemented_service"] = EndingCases.UnimplementedServiceAsync,
        ["client_compressed_unary"] = CompressedCases.ClientUnaryAsync,
        ["server_compressed_unary"] = CompressedCases.ServerUnaryAsync,
        ["client_compressed_streaming"] = CompressedCases.ClientStreamingAsync,
        ["server_compressed_streaming"] = CompressedCases.ServerStreamingAsync,
    };

    public static async Task<int> RunAsync(Flags flags)
    {
        var failed = 0;
        foreach (var name in flags.TestCases)
        {
            if (await RunAsync(name, flags) is { } reason)
            {
                failed++;
                Console.WriteLine($"failed {name}: {reason.ReplaceLineEndings(" ")}");
            }
            else
            {
                Console.WriteLine($"passed {name}");
            }
        }

        return failed == 0 && flags.TestCases.Count > 0 ? 0 : 1;
    }

    /// <summary>Why the case failed, or null.</summary>
    private static async Task<string?> RunAsync(string name, Flags flags)
    {
        if (!Cases.TryGetValue(name, out var run))
        {
            return "there is no such case";
        }

        using var connection = new InteropConnection(flags);
        try
        {
            await run(connection).WaitAsync(Patience);
            return null;
        }
        catch (Exception failure) when (failure is InteropFailureException or RpcException or TimeoutException)
        {
            return failure.Message;
        }
    }
}

/// <summary>A channel to the server under test.</summary>
internal sealed class InteropConnection : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly CallInvoker _calls;

    public InteropConnection(Flags flags)
    {
        var scheme = flags.UseTls ? "https" : "http";
        _channel = GrpcChannel.ForAddress($"{scheme}://{flags.ServerHost}:{flags.ServerPort}", new GrpcChannelOptions
        {
            CompressionProviders = [new ObservedGzip()],
            HttpHandler = new CancelledReads(new AuthorityHandler(flags.ServerHostOverride, Trust(flags))),
            DisposeHttpClient = true,
            ServiceConfig = flags.ServiceConfig,
        });
        _calls = _channel.Intercept(metadata =>
        {
            foreach (var (key, value) in flags.AdditionalMetadata)
            {
                metadata.Add(key, value);
            }

            return metadata;
        });
    }

    public TestService.TestServiceClient Client => new(_calls);

    public UnimplementedService.UnimplementedServiceClient UnimplementedClient => new(_calls);

    public void Dispose() => _channel.Dispose();

    private static SslClientAuthenticationOptions Trust(Flags flags) => new()
    {
        TargetHost = flags.ServerHostOverride,
        CertificateChainPolicy = !flags.UseTls || !flags.UseTestCa ? null : new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            CustomTrustStore = { TestCertificates.AuthorityIn(flags.Certificates) },
            RevocationMode = X509RevocationMode.NoCheck,
        },
    };

    /// <summary>Names another host than the one that is dialled.</summary>
    private sealed class AuthorityHandler(string? host, SslClientAuthenticationOptions trust)
        : DelegatingHandler(new SocketsHttpHandler { UseProxy = false, SslOptions = trust })
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Host = host;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
