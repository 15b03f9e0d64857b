using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Realiz3D.Mesh.ServiceDefaults;

/// <summary>Gives unary calls a deadline when their caller set none. Streams may last: they report progress instead.</summary>
internal sealed class DeadlineInterceptor : Interceptor
{
    /// <summary>Longer than any unary call of the mesh needs, loading a model included.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        AsyncUnaryCallContinuation<TRequest, TResponse> continuation) => continuation(request, WithDeadline(context));

    public override TResponse BlockingUnaryCall<TRequest, TResponse>(
        TRequest request,
        ClientInterceptorContext<TRequest, TResponse> context,
        BlockingUnaryCallContinuation<TRequest, TResponse> continuation) => continuation(request, WithDeadline(context));

    private static ClientInterceptorContext<TRequest, TResponse> WithDeadline<TRequest, TResponse>(
        ClientInterceptorContext<TRequest, TResponse> context)
        where TRequest : class
        where TResponse : class => context.Options.Deadline is null
            ? new(context.Method, context.Host, context.Options.WithDeadline(DateTime.UtcNow + Longest))
            : context;
}
