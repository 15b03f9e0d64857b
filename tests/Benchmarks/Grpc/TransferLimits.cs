namespace Realiz3D.Mesh.Benchmarks.Grpc;

/// <summary>Sizes that both sides agree on.</summary>
internal static class TransferLimits
{
    /// <summary>Bytes in a unary message, both ways.</summary>
    public const int EchoBytes = 1024;

    /// <summary>Bytes in one stream; a measurement repeats it until its time is over.</summary>
    public const int StreamBytes = 32 * 1024 * 1024;

    /// <summary>Most calls at a time.</summary>
    public const int MaxInFlight = 32;
}
