using System.Diagnostics;
using System.Globalization;

namespace Realiz3D.Mesh.Benchmarks.Torch;

/// <summary>PyTorch in a process of its own (peer.py): a line asks, a line answers, and nothing runs there meanwhile.</summary>
internal sealed class TorchPeer : IDisposable
{
    private readonly Process _process;

    public TorchPeer(string python) => _process = Process.Start(
        new ProcessStartInfo(python, [Path.Combine(AppContext.BaseDirectory, "Torch", "peer.py")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;

    /// <summary>The answer to one line.</summary>
    public string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException("The Python side of the benchmark ended; what it said stands above.");
    }

    /// <summary>The times that answer one line, in nanoseconds.</summary>
    public double[] Time(string line) => [.. Ask(line).Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(5)))
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
