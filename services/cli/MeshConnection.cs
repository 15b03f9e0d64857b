using Grpc.Core;
using Grpc.Net.Client;
using Realiz3D.Mesh.Contracts;

namespace Realiz3D.Mesh.CommandLine;

/// <summary>The way to the mesh, and its failures in words.</summary>
internal sealed class MeshConnection : IDisposable
{
    /// <summary>Environment variable with the gateway's address.</summary>
    public const string GatewayVariable = "REALIZ3D_GATEWAY";

    private readonly Uri _gateway;

    public MeshConnection(Uri gateway)
    {
        _gateway = gateway;
        Channel = GrpcChannel.ForAddress(gateway, new GrpcChannelOptions
        {
            // A proxy that the environment names knows nothing of this machine's own addresses.
            HttpHandler = new CancelledReads(new SocketsHttpHandler { UseProxy = !gateway.IsLoopback }),
            DisposeHttpClient = true,
        });
    }

    /// <summary>Where the services are reached.</summary>
    public GrpcChannel Channel { get; }

    /// <summary>The address that the user gave.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static Uri Address(string? text) => text switch
    {
        null or "" => throw new UsageException($"No mesh is named; start one with `./mesh up`, or give --gateway URL or {GatewayVariable}."),
        _ when Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" => address,
        _ => throw new UsageException($"The gateway '{text}' is no http or https address."),
    };

    /// <summary>Calls the mesh.</summary>
    /// <exception cref="CommandFailedException">It failed; the message says why.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (RpcException cancelled) when (cancelled.StatusCode == StatusCode.Cancelled)
        {
            throw new OperationCanceledException("The call was cancelled.", cancelled);
        }
        catch (RpcException failure)
        {
            throw new CommandFailedException(Explain(failure));
        }
    }

    public void Dispose() => Channel.Dispose();

    private string Explain(RpcException failure) => failure.StatusCode switch
    {
        // What a proxy without its service answers is no gRPC.
        StatusCode.Unavailable when failure.Status.Detail.StartsWith("Bad gRPC response", StringComparison.Ordinal) =>
            "The service that is asked is not running; see the log of the mesh.",
        // The client says so when no connection came about or one broke; a service has no such exception to show.
        StatusCode.Unavailable or StatusCode.Internal when failure.Status.DebugException is not null =>
            $"The mesh cannot be reached at {_gateway.GetLeftPart(UriPartial.Authority)}; start it with `./mesh up`.",
        StatusCode.DeadlineExceeded when failure.Status.Detail.Length == 0 =>
            $"The mesh at {_gateway.GetLeftPart(UriPartial.Authority)} did not answer in time.",
        _ => failure.Status.Detail,
    };
}
