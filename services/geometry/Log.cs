namespace Realiz3D.Mesh.Shaping;

/// <summary>What this service logs. Captions are not.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Reconstruction of {Views} starts")]
    public static partial void ReconstructStarted(ILogger logger, string views);

    [LoggerMessage(2, LogLevel.Information, "Scene with seed {Seed} starts")]
    public static partial void SceneStarted(ILogger logger, ulong seed);

    [LoggerMessage(4, LogLevel.Information, "Processing of {Mesh} starts, {Operations} operations")]
    public static partial void ProcessStarted(ILogger logger, string mesh, int operations);

    [LoggerMessage(5, LogLevel.Information, "Controls of {Mesh} at {Views} cameras start")]
    public static partial void ControlsStarted(ILogger logger, string mesh, int views);

    [LoggerMessage(3, LogLevel.Information, "A call was refused: {Problem}")]
    public static partial void Refused(ILogger logger, string problem);
}
