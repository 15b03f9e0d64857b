using Grpc.Core;

namespace Realiz3D.Mesh.Denoising;

/// <summary>The service's log lines. Prompts are the callers' and are not logged.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Painting in {StepCount} steps, guidance {GuidanceScale}")]
    public static partial void JobStarted(ILogger logger, int stepCount, float guidanceScale);

    [LoggerMessage(2, LogLevel.Warning, "Refused with {Code}: {Problem}")]
    public static partial void Refused(ILogger logger, StatusCode code, string problem);

    [LoggerMessage(3, LogLevel.Warning, "There is no model {Model} in {Folder}; calls have to name another")]
    public static partial void NoDefaultModel(ILogger logger, string model, string folder);

    [LoggerMessage(4, LogLevel.Warning, "Model {Model}: {Warning}")]
    public static partial void ModelWarning(ILogger logger, string model, string warning);

    [LoggerMessage(5, LogLevel.Critical, "{Problem}")]
    public static partial void Stuck(ILogger logger, string problem);

    [LoggerMessage(6, LogLevel.Information, "ConnectionStrings__cache or REALIZ3D_CACHE_MIB says that there is no cache: everything is computed anew")]
    public static partial void NoCache(ILogger logger);

    [LoggerMessage(7, LogLevel.Warning, "The cache does not answer (Redis at {Address}: {Problem}): everything is computed anew until it does")]
    public static partial void CacheLost(ILogger logger, string address, string problem);

    [LoggerMessage(8, LogLevel.Information, "Found finished, painted before by the same request")]
    public static partial void FoundFinished(ILogger logger);
}
