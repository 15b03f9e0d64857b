using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Realiz3D.Mesh.Testing;

/// <summary>The whole mesh as real processes, started by its app host, with an artifact store of its own.</summary>
public sealed class RunningMesh : IAsyncDisposable
{
    private static readonly TimeSpan s_start = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_job = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan s_stop = TimeSpan.FromSeconds(30);
    private const int KeptLines = 2000;
    private readonly string _directory;
    private readonly Process _host;
    private readonly Queue<string> _log = new();

    private RunningMesh(string directory, IReadOnlyDictionary<string, string> settings)
    {
        _directory = directory;
        // A test run in the background ignores Ctrl+C, and what it starts would inherit that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", "dotnet", ProgramPath("AppHost")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["REALIZ3D_RUN_FILE"] = RunFile,
                ["REALIZ3D_ARTIFACTS"] = Path.Combine(directory, "artifacts"),
            },
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        _host = Process.Start(start)!;
        _host.OutputDataReceived += Note;
        _host.ErrorDataReceived += Note;
        _host.BeginOutputReadLine();
        _host.BeginErrorReadLine();
    }

    /// <summary>Address of the gateway.</summary>
    public string Gateway { get; private set; } = "";

    /// <summary>Address of the list of resources.</summary>
    public string Resources { get; private set; } = "";

    private string RunFile => Path.Combine(_directory, "run");

    /// <summary>Starts it and waits until it can be used.</summary>
    /// <param name="directory">An empty directory.</param>
    /// <param name="settings">Further variables of the environment, for all its processes.</param>
    /// <exception cref="InvalidOperationException">It does not start; the message has its log.</exception>
    public static async Task<RunningMesh> StartAsync(string directory, IReadOnlyDictionary<string, string>? settings = null)
    {
        var mesh = new RunningMesh(directory, settings ?? new Dictionary<string, string>());
        var deadline = DateTime.UtcNow + s_start;
        while (!File.Exists(mesh.RunFile))
        {
            if (mesh._host.HasExited || DateTime.UtcNow > deadline)
            {
                var log = mesh.Log();
                await mesh.DisposeAsync();
                throw new InvalidOperationException($"The mesh does not start:\n{log}");
            }

            await Task.Delay(100);
        }

        var lines = await File.ReadAllLinesAsync(mesh.RunFile);
        string Value(string name) => lines.Single(line => line.StartsWith($"{name}=", StringComparison.Ordinal))[(name.Length + 1)..];
        (mesh.Gateway, mesh.Resources) = (Value("gateway"), Value("resources"));
        return mesh;
    }

    /// <summary>A program of this build.</summary>
    /// <param name="project">Name of its project.</param>
    public static string ProgramPath(string project)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Realiz3D.Mesh.sln")))
        {
            root = root.Parent ?? throw new InvalidOperationException("The tests lie outside the repository.");
        }

        var build = new DirectoryInfo(AppContext.BaseDirectory).Name; // release or debug, as the test itself
        return Path.Combine(root.FullName, "artifacts", "bin", project, build, $"Realiz3D.Mesh.{project}.dll");
    }

    /// <summary>Runs the command line against this mesh.</summary>
    public Task<(int ExitCode, string Output, string Error)> GenerateAsync(params string[] arguments) =>
        GenerateAsync(_ => { }, arguments);

    /// <summary>Runs the command line against this mesh.</summary>
    /// <param name="told">Hears each line of its progress.</param>
    /// <param name="arguments">Arguments of generate.</param>
    public Task<(int ExitCode, string Output, string Error)> GenerateAsync(Action<string> told, params string[] arguments) =>
        RunAsync(told, ["generate", .. arguments]);

    /// <summary>Runs the command line against this mesh.</summary>
    /// <param name="told">Hears each line of its progress.</param>
    /// <param name="arguments">The command and its arguments.</param>
    public async Task<(int ExitCode, string Output, string Error)> RunAsync(Action<string> told, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", [ProgramPath("Cli"), .. arguments, "--gateway", Gateway])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = new StringBuilder();
        while (await process.StandardError.ReadLineAsync().WaitAsync(s_job) is { } line)
        {
            error.AppendLine(line);
            told(line);
        }

        await process.WaitForExitAsync().WaitAsync(s_job);
        return (process.ExitCode, await output, error.ToString());
    }

    /// <summary>Processes of the mesh, the app host included.</summary>
    public IReadOnlyList<int> Processes()
    {
        var children = Directory.GetDirectories("/proc")
            .Select(folder => Path.GetFileName(folder))
            .Where(name => name.All(char.IsAsciiDigit))
            .Select(name => int.Parse(name, CultureInfo.InvariantCulture))
            .ToLookup(ParentOf);
        List<int> found = [_host.Id];
        for (var i = 0; i < found.Count; i++)
        {
            found.AddRange(children[found[i]]);
        }

        return found;
    }

    /// <summary>The command line of a process; empty when it is gone.</summary>
    public static string CommandOf(int process) => ReadProc(process, "cmdline").Replace('\0', ' ');

    /// <summary>Sends a signal to the queue's Redis.</summary>
    /// <param name="signal">STOP makes it fall silent, CONT ends that. (A Redis that dies is soon started again.)</param>
    public void SignalQueue(string signal)
    {
        const string variable = "ConnectionStrings__queue=";
        var setting = Processes()
            .SelectMany(process => ReadProc(process, "environ").Split('\0'))
            .First(entry => entry.StartsWith(variable, StringComparison.Ordinal));
        var port = setting[variable.Length..].Split(',')[0].Split(':')[1];

        // Redis shows its address as its command line.
        var redis = Processes().Single(process =>
            CommandOf(process) is var command
            && command.StartsWith("redis-server", StringComparison.Ordinal)
            && command.Contains($":{port}", StringComparison.Ordinal));
        using var kill = Process.Start("kill", [$"-{signal}", $"{redis}"]);
        kill.WaitForExit();
    }

    /// <summary>Stops it as Ctrl+C does.</summary>
    public async Task StopAsync()
    {
        if (!_host.HasExited)
        {
            using var kill = Process.Start("kill", ["-INT", $"{_host.Id}"]);
            try
            {
                await _host.WaitForExitAsync().WaitAsync(s_stop);
            }
            catch (TimeoutException late)
            {
                throw new InvalidOperationException($"The mesh does not stop:\n{Log()}", late);
            }
        }
    }

    /// <summary>Ends what a failed test has left running, at once, so that its own message is the one that is heard.</summary>
    public ValueTask DisposeAsync()
    {
        if (!_host.HasExited)
        {
            _host.Kill(entireProcessTree: true);
        }

        _host.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>What the mesh has logged last.</summary>
    public string Log()
    {
        lock (_log)
        {
            return string.Join('\n', _log);
        }
    }

    private static int ParentOf(int process)
    {
        // "pid (name) state parent ...", where the name may hold anything.
        var stat = ReadProc(process, "stat");
        return stat.Length == 0
            ? 0
            : int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], CultureInfo.InvariantCulture);
    }

    private static string ReadProc(int process, string file)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/{file}");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private void Note(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
        {
            if (_log.Count == KeptLines)
            {
                _log.Dequeue();
            }

            _log.Enqueue(line.Data ?? "");
        }
    }
}
