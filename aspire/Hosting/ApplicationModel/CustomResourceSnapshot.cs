using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is true of a resource at one moment.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>Project, Executable, Container.</summary>
    public required string ResourceType { get; init; }

    /// <summary>One of <see cref="KnownResourceStates"/>.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>What its health checks say; null while it does not run.</summary>
    public HealthStatus? HealthStatus { get; internal init; }

    /// <summary>With which code its process last ended.</summary>
    public int? ExitCode { get; init; }

    public DateTime? StartTimeStamp { get; init; }

    public DateTime? StopTimeStamp { get; init; }

    /// <summary>Where others reach it.</summary>
    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    /// <summary>Why it does not run, in one sentence.</summary>
    internal string? Reason { get; init; }
}

/// <summary>How far a resource has come.</summary>
/// <param name="Text">One of <see cref="KnownResourceStates"/>.</param>
/// <param name="Style">How a page may show it.</param>
public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    public static implicit operator ResourceStateSnapshot?(string? s) => s is null ? null : new(s, null);
}

/// <summary>An address of a resource.</summary>
/// <param name="Name">Name of the endpoint.</param>
/// <param name="Url">The address.</param>
/// <param name="IsInternal">Only the application itself uses it.</param>
public sealed record UrlSnapshot(string? Name, string Url, bool IsInternal);

/// <summary>The states in which resources are.</summary>
public static class KnownResourceStates
{
    /// <summary>Those that it depends on are not healthy yet.</summary>
    public static readonly string Waiting = nameof(Waiting);

    /// <summary>Its process is about to start, or to start again.</summary>
    public static readonly string Starting = nameof(Starting);

    public static readonly string Running = nameof(Running);

    /// <summary>It was given up.</summary>
    public static readonly string FailedToStart = nameof(FailedToStart);

    /// <summary>It was told to stop.</summary>
    public static readonly string Exited = nameof(Exited);
}
