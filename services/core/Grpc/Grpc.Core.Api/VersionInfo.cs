namespace Grpc.Core;

/// <summary>Versions of the gRPC release whose API this assembly has.</summary>
public static class VersionInfo
{
    /// <summary>Version of the assembly, the same for all 2.x releases.</summary>
    public const string CurrentAssemblyVersion = "2.0.0.0";

    /// <summary>Version of the assembly's file.</summary>
    public const string CurrentAssemblyFileVersion = "2.85.0.0";

    /// <summary>The release.</summary>
    public const string CurrentVersion = "2.85.0";
}
