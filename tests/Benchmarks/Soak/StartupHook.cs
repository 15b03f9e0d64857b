using Realiz3D.Mesh.Benchmarks.Soak;

/// <summary>
/// The runtime calls this before a program's own Main where DOTNET_STARTUP_HOOKS names this assembly; so the soak looks
/// into the services as they are. Name and lack of a namespace are the runtime's rule.
/// </summary>
internal static class StartupHook
{
    public static void Initialize() => Probe.Open();
}
