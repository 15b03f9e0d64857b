namespace Realiz3D.Mesh.Measuring;

/// <summary>What the service logs.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Measuring asset {AssetId} against views {ViewsId}")]
    public static partial void EvaluationStarted(ILogger logger, string assetId, string viewsId);

    [LoggerMessage(2, LogLevel.Information, "Refused: {Problem}")]
    public static partial void Refused(ILogger logger, string problem);
}
