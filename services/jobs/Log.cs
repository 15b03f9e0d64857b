using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.Jobs;

/// <summary>What this service logs. Prompts are not.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Job {Id} starts, attempt {Attempt}, {Finished} stages are done")]
    public static partial void JobStarted(ILogger logger, string id, int attempt, int finished);

    [LoggerMessage(2, LogLevel.Information, "Job {Id} ended: {State}")]
    public static partial void JobEnded(ILogger logger, string id, JobState state);

    [LoggerMessage(3, LogLevel.Information, "Job {Id} is no longer this worker's")]
    public static partial void JobLeft(ILogger logger, string id);

    [LoggerMessage(4, LogLevel.Warning, "Job {Id} failed at {Stage}: {Message}")]
    public static partial void JobFailed(ILogger logger, string id, Stage stage, string message);

    [LoggerMessage(5, LogLevel.Error, "Job {Id} broke")]
    public static partial void JobBroke(ILogger logger, string id, Exception bug);

    [LoggerMessage(6, LogLevel.Warning, "{Message}")]
    public static partial void StoreLost(ILogger logger, string message);

    [LoggerMessage(7, LogLevel.Information, "A job was refused: {Problem}")]
    public static partial void JobRefused(ILogger logger, string problem);

    [LoggerMessage(8, LogLevel.Information, "{Service} is full; job {Id} waits")]
    public static partial void ServiceFull(ILogger logger, string service, string id);

    [LoggerMessage(9, LogLevel.Warning, "{Service} cannot be reached for job {Id}: {Detail}")]
    public static partial void ServiceUnavailable(ILogger logger, string service, string id, string detail);

    [LoggerMessage(10, LogLevel.Error, "A worker broke; it goes on with the next job")]
    public static partial void WorkerBroke(ILogger logger, Exception bug);

    [LoggerMessage(11, LogLevel.Information, "File {Id} was taken: {MediaType}, {Bytes} bytes, for '{Tenant}'")]
    public static partial void FileTaken(ILogger logger, string id, string mediaType, long bytes, string tenant);

    [LoggerMessage(12, LogLevel.Information, "A file was refused: {Problem}")]
    public static partial void FileRefused(ILogger logger, string problem);
}
