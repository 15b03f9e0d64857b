using System.Diagnostics;
using System.Globalization;

namespace Realiz3D.Mesh.Benchmarks.Grpc;

/// <summary>A program on one core, which answers lines with lines and ends with its input, so also when this process ends.</summary>
internal sealed class PinnedProcess : IDisposable
{
    private readonly string _name;
    private readonly Process _process;

    /// <param name="name">Who it is, for messages.</param>
    /// <param name="core">The core it may use.</param>
    /// <param name="command">Program and arguments.</param>
    public PinnedProcess(string name, int core, params string[] command)
    {
        _name = name;
        // Set before the program starts its threads; later it would hold for one of them only.
        var start = new ProcessStartInfo("taskset", ["-c", core.ToString(CultureInfo.InvariantCulture), .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException($"The {name} did not start.");
    }

    /// <summary>Time that its core has worked for it.</summary>
    public TimeSpan Busy
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Numbers of the cores this process may use.</summary>
    public static int[] Cores()
    {
        const string Key = "Cpus_allowed_list:";
        var list = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Key, StringComparison.Ordinal))[Key.Length..];
        return [.. list.Split(',').SelectMany(range =>
        {
            var ends = range.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture)).ToArray();
            return Enumerable.Range(ends[0], ends[^1] - ends[0] + 1);
        })];
    }

    /// <summary>Reads the line that says where a server listens.</summary>
    public async Task<int> ReadPortAsync(CancellationToken cancel)
    {
        const string Start = "listening on ";
        var line = await ReadAsync(cancel);
        return line.StartsWith(Start, StringComparison.Ordinal)
            ? int.Parse(line[Start.Length..], CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"The {_name} said: {line}");
    }

    /// <summary>Sends a line and reads the answer, <c>name=number</c> each.</summary>
    public async Task<Dictionary<string, double>> AskAsync(string line, CancellationToken cancel)
    {
        await _process.StandardInput.WriteLineAsync(line.AsMemory(), cancel);
        await _process.StandardInput.FlushAsync(cancel);
        var answer = await ReadAsync(cancel);
        return answer.Split(' ').Select(pair => pair.Split('=')).ToDictionary(
            pair => pair[0],
            pair => double.Parse(pair[1], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    private async Task<string> ReadAsync(CancellationToken cancel) =>
        await _process.StandardOutput.ReadLineAsync(cancel)
        ?? throw new InvalidOperationException($"The {_name} ended; what it said stands above.");
}
