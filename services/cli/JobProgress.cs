using System.Globalization;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.CommandLine;

/// <summary>What is heard of a job, in a line.</summary>
internal static class JobProgress
{
    /// <summary>What a message says.</summary>
    /// <param name="news">The message.</param>
    /// <param name="elapsed">Since the job was submitted.</param>
    public static ProgressNews Of(WatchResponse news, TimeSpan elapsed) => new($"{news.State} {news.Stage}", Describe(news), Share(news, elapsed));

    private static string Describe(WatchResponse news)
    {
        var what = news.State switch
        {
            JobState.Queued when news.QueuePosition > 0 => $"waiting, {news.QueuePosition} ahead",
            JobState.Queued => "waiting",
            JobState.Succeeded => "done",
            JobState.Failed => "failed",
            JobState.Canceled => "cancelled",
            _ when news.Stage == Stage.Unspecified => "starting",
            _ => $"{(int)news.Stage}/4 {NameOf(news.Stage)}{Steps(news.Progress)}",
        };
        return news.TimeLeft is { } left
            ? string.Create(CultureInfo.InvariantCulture, $"{what}, {Math.Ceiling(left.ToTimeSpan().TotalSeconds):0} s left")
            : what;
    }

    private static string NameOf(Stage stage) => stage.ToString().ToLowerInvariant();

    private static string Steps(StageProgress? progress) => progress switch
    {
        null => "",
        { Step: 0, Message.Length: > 0 } => $", {progress.Message}",
        _ => $", step {progress.Step} of {progress.StepCount}",
    };

    // Of the time, not of the steps: those of different stages are not alike.
    private static double Share(WatchResponse news, TimeSpan elapsed) => news switch
    {
        { State: JobState.Succeeded } => 1,
        { State: JobState.Running, TimeLeft: { } left } => elapsed / (elapsed + left.ToTimeSpan()),
        _ => 0,
    };
}
