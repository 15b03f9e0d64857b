using Grpc.Core;

namespace Realiz3D.Mesh.Contracts;

/// <summary>Lets a service read the tensor streams of its requests through <see cref="PooledFrames"/>.</summary>
/// <remarks>
/// The service names a binding method of its own, which hands its generated one this binder:
/// <code>
/// [BindServiceMethod(typeof(EchoEndpoint), nameof(Bind))]
/// class EchoEndpoint : EchoService.EchoServiceBase
/// {
///     public static void Bind(ServiceBinderBase binder, EchoService.EchoServiceBase? service) =>
///         EchoService.BindService(new PooledFramesBinder(binder), service);
/// </code>
/// </remarks>
public sealed class PooledFramesBinder(ServiceBinderBase binder) : ServiceBinderBase
{
    /// <inheritdoc/>
    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        UnaryServerMethod<TRequest, TResponse>? handler) => binder.AddMethod(method, handler);

    /// <inheritdoc/>
    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        ClientStreamingServerMethod<TRequest, TResponse>? handler) => binder.AddMethod(PooledFrames.Of(method), handler);

    /// <inheritdoc/>
    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        ServerStreamingServerMethod<TRequest, TResponse>? handler) => binder.AddMethod(method, handler);

    /// <inheritdoc/>
    public override void AddMethod<TRequest, TResponse>(
        Method<TRequest, TResponse> method,
        DuplexStreamingServerMethod<TRequest, TResponse>? handler) => binder.AddMethod(PooledFrames.Of(method), handler);
}
