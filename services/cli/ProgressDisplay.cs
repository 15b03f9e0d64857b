using System.Diagnostics;
using System.Globalization;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Spectre.Console;

namespace Realiz3D.Mesh.CommandLine;

/// <summary>Shows a job's stage, step and time left: as a bar on a terminal, else as lines.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan s_lineEvery = TimeSpan.FromSeconds(5);

    /// <summary>Runs work that tells its progress.</summary>
    /// <param name="writer">Where to show it.</param>
    /// <param name="work">The work; calls back with what it hears of the job.</param>
    public static Task<T> ShowAsync<T>(TextWriter writer, Func<Action<WatchResponse>, Task<T>> work) =>
        ReferenceEquals(writer, Console.Error) && !Console.IsErrorRedirected
            ? ShowBarAsync(work)
            : work(Lines(writer));

    /// <summary>What a message says, in one line.</summary>
    public static string Describe(WatchResponse news)
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

    // A line per stage, and one now and then within it.
    private static Action<WatchResponse> Lines(TextWriter writer)
    {
        var last = new WatchResponse();
        var since = Stopwatch.StartNew();
        return news =>
        {
            if (news.State != last.State || news.Stage != last.Stage || since.Elapsed >= s_lineEvery)
            {
                writer.WriteLine(Describe(news));
                last = news;
                since.Restart();
            }
        };
    }

    private static async Task<T> ShowBarAsync<T>(Func<Action<WatchResponse>, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async context =>
            {
                var clock = Stopwatch.StartNew();
                var bar = context.AddTask("submitted");
                return await work(news =>
                {
                    bar.Description = Markup.Escape(Describe(news));
                    bar.Value = Math.Max(bar.Value, 100 * Share(news, clock.Elapsed)); // never backwards
                });
            });
    }

    // Of the time, not of the steps: those of different stages are not alike.
    private static double Share(WatchResponse news, TimeSpan elapsed) => news switch
    {
        { State: JobState.Succeeded } => 1,
        { State: JobState.Running, TimeLeft: { } left } => elapsed / (elapsed + left.ToTimeSpan()),
        _ => 0,
    };
}
