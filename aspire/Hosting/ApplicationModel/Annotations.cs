namespace Aspire.Hosting.ApplicationModel;

/// <summary>An endpoint of a resource.</summary>
/// <param name="Name">Name, such as "http".</param>
/// <param name="UriScheme">Scheme of its address.</param>
/// <param name="Port">The port that others connect to, or null for a free one.</param>
/// <param name="TargetPort">The port that the process listens on, or null for the same (a free one if there are replicas).</param>
/// <param name="EnvironmentVariable">Variable that tells the process its port, if it wants one.</param>
/// <param name="IsProxied">Somebody else may listen on <paramref name="Port"/> in place of the process.</param>
internal sealed record EndpointAnnotation(
    string Name,
    string UriScheme,
    int? Port,
    string? EnvironmentVariable,
    int? TargetPort = null,
    bool IsProxied = true) : IResourceAnnotation
{
    /// <summary>Clear-text HTTP/2 by prior knowledge, as gRPC speaks it.</summary>
    public bool IsHttp2 { get; set; }

    /// <summary>The port others connect to. Set when the application starts.</summary>
    public int? AllocatedPort { get; set; }
}

internal sealed record EnvironmentAnnotation(Func<EnvironmentCallbackContext, Task> Callback) : IResourceAnnotation;

internal sealed record ArgumentsAnnotation(Func<CommandLineArgsCallbackContext, Task> Callback) : IResourceAnnotation;

internal sealed record WaitAnnotation(IResource Resource) : IResourceAnnotation;

internal sealed record ReplicaAnnotation(int Replicas) : IResourceAnnotation;

internal sealed record HttpHealthAnnotation(string Path, int StatusCode, string? EndpointName) : IResourceAnnotation;

internal sealed record ProjectPathAnnotation(string ProjectPath) : IResourceAnnotation;

/// <summary>Lets a callback set environment variables when the resource starts.</summary>
public sealed class EnvironmentCallbackContext
{
    internal EnvironmentCallbackContext(IResource resource, CancellationToken cancellationToken) =>
        (Resource, CancellationToken) = (resource, cancellationToken);

    /// <summary>Names and values: text, or an <see cref="IValueProvider"/>.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; } = [];

    public IResource Resource { get; }

    public CancellationToken CancellationToken { get; }
}

/// <summary>Lets a callback set command-line arguments when the resource starts.</summary>
public sealed class CommandLineArgsCallbackContext
{
    internal CommandLineArgsCallbackContext(IResource resource, CancellationToken cancellationToken) =>
        (Resource, CancellationToken) = (resource, cancellationToken);

    /// <summary>Arguments: text, or an <see cref="IValueProvider"/>.</summary>
    public IList<object> Args { get; } = [];

    public IResource Resource { get; }

    public CancellationToken CancellationToken { get; }
}
