using System.Diagnostics;
using Spectre.Console;

namespace Realiz3D.Mesh.CommandLine;

/// <summary>What is known of some work.</summary>
/// <param name="Phase">Part of the work: a change of it is worth a line.</param>
/// <param name="Text">What is being done.</param>
/// <param name="Share">How much of it is done, 0 to 1.</param>
internal sealed record ProgressNews(string Phase, string Text, double Share);

/// <summary>Shows how work goes on: as a bar on a terminal, else as lines.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan s_lineEvery = TimeSpan.FromSeconds(5);

    /// <summary>Runs work that tells its progress.</summary>
    /// <param name="writer">Where to show it.</param>
    /// <param name="work">The work; calls back with what it hears.</param>
    public static Task<T> ShowAsync<T>(TextWriter writer, Func<Action<ProgressNews>, Task<T>> work) =>
        ReferenceEquals(writer, Console.Error) && !Console.IsErrorRedirected
            ? ShowBarAsync(work)
            : work(Lines(writer));

    // A line per phase, and one now and then within it.
    private static Action<ProgressNews> Lines(TextWriter writer)
    {
        var last = "";
        var since = Stopwatch.StartNew();
        return news =>
        {
            if (news.Phase != last || since.Elapsed >= s_lineEvery)
            {
                writer.WriteLine(news.Text);
                last = news.Phase;
                since.Restart();
            }
        };
    }

    private static async Task<T> ShowBarAsync<T>(Func<Action<ProgressNews>, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return await console.Progress()
            .Columns(new ProgressBarColumn(), new PercentageColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
            .StartAsync(async context =>
            {
                var bar = context.AddTask("submitted");
                return await work(news =>
                {
                    bar.Description = Markup.Escape(news.Text);
                    bar.Value = Math.Max(bar.Value, 100 * news.Share); // never backwards
                });
            });
    }
}
