using System.Globalization;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.Studio;

/// <summary>Says in words where a job stands.</summary>
internal static class JobText
{
    public static IReadOnlyList<Stage> Stages { get; } = [Stage.Views, Stage.Geometry, Stage.Appearance, Stage.Metrics];

    public static string NameOf(Stage stage) => stage switch
    {
        Stage.Views => "Views",
        Stage.Geometry => "Geometry",
        Stage.Appearance => "Appearance",
        Stage.Metrics => "Report",
        _ => "Queue",
    };

    /// <summary>"done", "now" or "ahead".</summary>
    public static string StandingOf(Stage stage, WatchResponse update) => update switch
    {
        { State: JobState.Succeeded } => "done",
        _ when stage < update.Stage => "done",
        _ when stage == update.Stage => "now",
        _ => "ahead",
    };

    /// <summary>Share of the job that is done, 0 to 1, each stage counted alike.</summary>
    public static string Fraction(WatchResponse update)
    {
        var finished = Math.Max((int)update.Stage - 1, 0);
        var within = update.Progress is { StepCount: > 0 } progress ? Math.Clamp((double)progress.Step / progress.StepCount, 0, 1) : 0;
        return ((finished + within) / Stages.Count).ToString("0.###", CultureInfo.InvariantCulture);
    }

    /// <summary>One line: the state, the step, the time left.</summary>
    public static string Describe(WatchResponse update) => update.State switch
    {
        JobState.Queued when update.QueuePosition > 0 => $"Waiting; {update.QueuePosition} ahead.",
        JobState.Queued => "Waiting for a worker.",
        JobState.Running => Running(update),
        JobState.Succeeded => "Done.",
        JobState.Failed => "Failed.",
        JobState.Canceled => "Cancelled.",
        _ => "",
    };

    private static string Running(WatchResponse update)
    {
        var step = update.Progress is { StepCount: > 0 } progress ? $", step {progress.Step} of {progress.StepCount}" : "";
        var left = update.TimeLeft is { } time ? $", {Math.Ceiling(time.ToTimeSpan().TotalSeconds):0} s left" : "";
        return $"{NameOf(update.Stage)}{step}{left}.";
    }
}
