using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Aspire.Hosting.Execution;

/// <summary>Starts processes that never outlive this one, and sends them signals.</summary>
/// <remarks>
/// Each runs in a session of its own, so that Ctrl+C reaches only the app host, which then stops them in order. Beside it
/// in that session waits a shell that reads a pipe whose other end only the app host holds: whichever way the app host
/// ends, the kernel closes that end, and the shell kills the session. A parent-death signal would not do: for the
/// kernel the parent is the thread that forked, and a thread may end long before its program.
/// </remarks>
internal static partial class ProcessLauncher
{
    private const int Sigterm = 15;
    private const int Sigkill = 9;

    // The arguments: the signal, then the program. Its standard input is empty; the pipe is the waiting shell's alone,
    // which in turn neither holds the program's output open nor shows its arguments as its own.
    private const string Tie = """
        signal=$1; shift
        exec 3<&0 </dev/null
        (exec /bin/sh -c 'read -r _; kill -s "$0" 0' "$signal" <&3 3<&- >/dev/null 2>&1) &
        exec 3<&-
        exec "$@"
        """;

    private static readonly bool CanTie = !OperatingSystem.IsWindows() && Programs.Find("setsid") is not null;

    /// <summary>Starts a program with its output redirected. It lives at most as long as its standard input stays open.</summary>
    /// <param name="command">What to run.</param>
    /// <exception cref="DistributedApplicationException">It could not be started.</exception>
    public static Process Start(ProcessCommand command)
    {
        // The shell that ties the program would report a missing one only by its exit code.
        var isRelative = command.FileName.Contains('/', StringComparison.Ordinal) && !Path.IsPathRooted(command.FileName);
        if (CanTie && !isRelative && Programs.Find(command.FileName) is null)
        {
            throw new DistributedApplicationException($"{command.FileName} could not be started: there is no such program.");
        }

        try
        {
            return Process.Start(StartInfo(command))!;
        }
        catch (System.ComponentModel.Win32Exception problem)
        {
            throw new DistributedApplicationException($"{command.FileName} could not be started: {problem.Message}.", problem);
        }
    }

    /// <summary>Asks a process to stop.</summary>
    public static void Terminate(Process process) => Signal(process.Id, Sigterm);

    /// <summary>Ends a process and all it has started.</summary>
    public static void KillGroup(Process process)
    {
        // The waiting shell keeps the group's number from being given to others; an ended process's number may be another's.
        if (CanTie)
        {
            Signal(-process.Id, Sigkill);
        }
        else
        {
            process.Kill(entireProcessTree: true);
        }
    }

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
        foreach (var (name, value) in command.Environment)
        {
            start.Environment[name] = value;
        }

        List<string> arguments = [.. command.Arguments];
        if (CanTie)
        {
            // A shell may drop variables that it cannot name, such as services__my-service__http__0; env(1) does not.
            var unnameable = start.Environment.Where(variable => !ShellName().IsMatch(variable.Key)).Select(variable => $"{variable.Key}={variable.Value}");
            start.FileName = "setsid";
            arguments = ["/bin/sh", "-c", Tie, "sh", command.SignalOnOrphan, "env", "--", .. unnameable, command.FileName, .. arguments];
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private static void Signal(int processId, int signal) => _ = SendSignal(processId, signal); // gone already is fine

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex ShellName();

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
    /// <summary>Signal that the session gets when the app host is gone.</summary>
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
