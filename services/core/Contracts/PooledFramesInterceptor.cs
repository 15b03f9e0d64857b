using Grpc.Core.Interceptors;

namespace Realiz3D.Mesh.Contracts;

/// <summary>Lets a client read the tensor streams of its answers through <see cref="PooledFrames"/>.</summary>
public sealed class PooledFramesInterceptor : Interceptor
{
    /// <inheritdoc/>
    public override Grpc.Core.AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncServerStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        return continuation(request, Pooled(context));
    }

    /// <inheritdoc/>
    public override Grpc.Core.AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncDuplexStreamingCallContinuation<TRequest, TResponse> continuation)
    {
        ArgumentNullException.ThrowIfNull(continuation);
        return continuation(Pooled(context));
    }

    private static ClientInterceptorContext<TRequest, TResponse> Pooled<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class
        where TResponse : class => new(PooledFrames.Of(context.Method), context.Host, context.Options);
}
