using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Execution;

/// <summary>Starts processes that never outlive this one, and sends them signals.</summary>
/// <remarks>
/// On Linux each runs as <c>setsid setpriv --pdeathsig KILL program</c>: a session of its own, so that Ctrl+C reaches
/// only the app host, which then stops them in order; and the kernel kills it when the app host dies, however that
/// happens. "The app host" is for the kernel the thread that forked, hence one thread that lives as long as the program.
/// </remarks>
internal sealed partial class ProcessLauncher
{
    private const int Sigterm = 15;
    private const int Sigkill = 9;

    private static readonly bool CanTie = OperatingSystem.IsLinux() && Programs.Find("setsid") is not null && Programs.Find("setpriv") is not null;
    private static readonly BlockingCollection<Action> Work = [];

    static ProcessLauncher()
    {
        var thread = new Thread(() =>
        {
            foreach (var action in Work.GetConsumingEnumerable())
            {
                action();
            }
        })
        {
            IsBackground = true,
            Name = "process starter",
        };
        thread.Start();
    }

    /// <summary>Starts a program with its standard streams redirected.</summary>
    /// <param name="command">What to run.</param>
    /// <exception cref="DistributedApplicationException">It could not be started.</exception>
    public static Task<Process> StartAsync(ProcessCommand command)
    {
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        Work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(StartInfo(command))!);
            }
            catch (System.ComponentModel.Win32Exception problem)
            {
                started.SetException(new DistributedApplicationException(
                    $"{command.FileName} could not be started: {problem.Message}.", problem));
            }
        });
        return started.Task;
    }

    /// <summary>Asks a process to stop.</summary>
    public static void Terminate(Process process) => Signal(process.Id, Sigterm);

    /// <summary>Ends a process and all it has started.</summary>
    public static void KillGroup(Process process) => Signal(CanTie ? -process.Id : process.Id, Sigkill);

    private static ProcessStartInfo StartInfo(ProcessCommand command)
    {
        var start = new ProcessStartInfo
        {
            FileName = command.FileName,
            WorkingDirectory = command.WorkingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (CanTie)
        {
            start.FileName = "setsid";
            foreach (var argument in new[] { "setpriv", "--pdeathsig", command.SignalOnOrphan, "--", command.FileName })
            {
                start.ArgumentList.Add(argument);
            }
        }

        foreach (var argument in command.Arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        return start;
    }

    private static void Signal(int processId, int signal) => _ = SendSignal(processId, signal); // gone already is fine

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}

/// <summary>What to run.</summary>
/// <param name="FileName">The program, by name or path.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Variables beyond those of the app host.</param>
/// <param name="WorkingDirectory">Where it runs.</param>
internal sealed record ProcessCommand(
    string FileName,
    IReadOnlyList<string> Arguments,
    IReadOnlyDictionary<string, string> Environment,
    string WorkingDirectory)
{
    /// <summary>Signal that the kernel sends when the app host is gone.</summary>
    public string SignalOnOrphan { get; init; } = "KILL";
}

/// <summary>Looks programs up as a shell would.</summary>
internal static class Programs
{
    public static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(File.Exists);
}
