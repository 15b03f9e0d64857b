namespace Grpc.Core.Interceptors;

/// <summary>A client call as interceptors see it.</summary>
public struct ClientInterceptorContext<TRequest, TResponse>
    where TRequest : class
    where TResponse : class
{
    /// <summary>Describes a call.</summary>
    public ClientInterceptorContext(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        Method = method;
        Host = host;
        Options = options;
    }

    /// <summary>The method that is called.</summary>
    public Method<TRequest, TResponse> Method { get; }

    /// <summary>The host that is named, if not the channel's.</summary>
    public string? Host { get; }

    /// <summary>Options of the call.</summary>
    public CallOptions Options { get; }
}
