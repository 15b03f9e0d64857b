using System.Globalization;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Name and notes, which every resource has.</summary>
/// <param name="name">Name, unique in the application.</param>
public abstract class Resource(string name) : IResource
{
    public virtual string Name { get; } = name;

    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}

/// <summary>A .NET project of the solution, run as a process.</summary>
/// <param name="name">Name, unique in the application.</param>
public class ProjectResource(string name)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport;

/// <summary>Any other program, run as a process.</summary>
/// <param name="name">Name, unique in the application.</param>
/// <param name="command">The program.</param>
/// <param name="workingDirectory">Where it runs.</param>
public class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    public string Command { get; } = command;

    public string WorkingDirectory { get; } = workingDirectory;
}

/// <summary>A program that upstream runs from a container image.</summary>
/// <param name="name">Name, unique in the application.</param>
/// <param name="entrypoint">The program within the image.</param>
public class ContainerResource(string name, string? entrypoint = null)
    : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
{
    public string? Entrypoint { get; set; } = entrypoint;
}

/// <summary>A Redis server of this application's own.</summary>
/// <param name="name">Name, unique in the application.</param>
public class RedisResource(string name) : ContainerResource(name, "/bin/sh"), IResourceWithConnectionString
{
    internal const string PrimaryEndpointName = "tcp";

    /// <summary>Known to the processes that reference the server and to no one else.</summary>
    internal string Password { get; } = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(16));

    public EndpointReference PrimaryEndpoint => new(this, PrimaryEndpointName);

    public ValueTask<string?> GetConnectionStringAsync(CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<string?>($"{PrimaryEndpoint.Host}:{PrimaryEndpoint.Port},password={Password}");

    /// <summary>The parts of the connection string, for clients that do not read it. The password has hexadecimal digits only.</summary>
    internal IEnumerable<(string Property, string Value)> ConnectionProperties() =>
    [
        ("Host", PrimaryEndpoint.Host),
        ("Port", PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture)),
        ("Password", Password),
        ("Uri", $"redis://:{Password}@{PrimaryEndpoint.Host}:{PrimaryEndpoint.Port}"),
    ];
}
