namespace Realiz3D.Mesh.Gateway;

/// <summary>How much the gateway lets through. Section "Gateway" of the configuration.</summary>
internal sealed record GatewayOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Gateway";

    /// <summary>What is valid, in one sentence.</summary>
    public const string Rule =
        "Gateway: MaxRequestBytes, MaxUploadBytes, CallsPerSecond and Burst must be at least 1, HealthInterval and SilenceLimit positive.";

    /// <summary>Largest request in bytes, all messages of a stream together.</summary>
    public long MaxRequestBytes { get; init; } = 64 << 20;

    /// <summary>Largest upload of a file in bytes. More than any file may have: the service that takes it says so in its own words.</summary>
    public long MaxUploadBytes { get; init; } = 320 << 20;

    /// <summary>Calls per second that one client may start, on average.</summary>
    public int CallsPerSecond { get; init; } = 50;

    /// <summary>Calls that one client may start at once.</summary>
    public int Burst { get; init; } = 200;

    /// <summary>Time between two looks at a pod's health.</summary>
    public TimeSpan HealthInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a call may pass without a byte either way. Long: a stage may work in silence.</summary>
    public TimeSpan SilenceLimit { get; init; } = TimeSpan.FromHours(1);

    /// <summary>Whether every limit makes sense.</summary>
    public bool IsValid =>
        MaxRequestBytes >= 1 && MaxUploadBytes >= 1 && CallsPerSecond >= 1 && Burst >= 1
        && HealthInterval > TimeSpan.Zero && SilenceLimit > TimeSpan.Zero;
}
