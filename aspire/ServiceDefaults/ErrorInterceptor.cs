using System.Diagnostics;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.Logging;

namespace Realiz3D.Mesh.ServiceDefaults;

/// <summary>Ends every served call with a status that says enough and no more.</summary>
/// <remarks>
/// A status that the method chose passes. A call that was cancelled or too slow says so. Anything else is a bug: it is
/// logged in full, and the caller gets INTERNAL with one sentence and the id under which the log has it.
/// </remarks>
internal sealed partial class ErrorInterceptor(ILogger<ErrorInterceptor> logger) : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request,
        ServerCallContext context,
        UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(request, context).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw Translate(failure, context);
        }
    }

    public override async Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        ServerCallContext context,
        ClientStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            return await continuation(requestStream, context).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw Translate(failure, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(request, responseStream, context).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw Translate(failure, context);
        }
    }

    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not RpcException)
        {
            throw Translate(failure, context);
        }
    }

    private RpcException Translate(Exception failure, ServerCallContext context)
    {
        if (context.CancellationToken.IsCancellationRequested)
        {
            return new RpcException(DateTime.UtcNow >= context.Deadline
                ? new Status(StatusCode.DeadlineExceeded, "The call's deadline passed before it was done.")
                : new Status(StatusCode.Cancelled, "The call was cancelled."));
        }

        var id = Activity.Current?.TraceId.ToString() ?? Guid.NewGuid().ToString("N");
        CallFailed(logger, context.Method, id, failure);
        return new RpcException(
            new Status(StatusCode.Internal, $"The service failed unexpectedly; its log has the details under {id}."));
    }

    [LoggerMessage(1, LogLevel.Error, "{Method} failed unexpectedly ({Id})")]
    private static partial void CallFailed(ILogger logger, string method, string id, Exception failure);
}
