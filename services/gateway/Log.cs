namespace Realiz3D.Mesh.Gateway;

/// <summary>What the gateway logs: faults of what lies behind it. Callers that leave or are refused know so themselves.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Warning, "The service '{Resource}' did not answer: {Reason}")]
    public static partial void NoAnswer(ILogger logger, string resource, string? reason);

    [LoggerMessage(2, LogLevel.Warning, "The service '{Resource}' broke off its answer: {Reason}")]
    public static partial void AnswerBroke(ILogger logger, string resource, string? reason);
}
