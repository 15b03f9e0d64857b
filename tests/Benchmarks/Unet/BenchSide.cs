using System.Diagnostics;
using System.Globalization;

namespace Realiz3D.Mesh.Benchmarks.Unet;

/// <summary>What a process is for.</summary>
internal enum BenchMeasure
{
    /// <summary>Seconds; the allocator keeps freed blocks, as usual.</summary>
    Time,

    /// <summary>Bytes; the allocator keeps no block of 64 KiB or more, so that what is resident is what is in use.</summary>
    Memory,
}

/// <summary>A process that holds one side's network and answers on its standard output, a line for a line.</summary>
internal sealed class BenchSide : IDisposable
{
    private readonly Process _process;

    /// <param name="measure">What it is for.</param>
    /// <param name="program">Program.</param>
    /// <param name="arguments">Its arguments.</param>
    public BenchSide(BenchMeasure measure, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        if (measure == BenchMeasure.Memory)
        {
            start.Environment["MALLOC_MMAP_THRESHOLD_"] = "65536";  // mallopt(3)
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
    }

    /// <summary>Time and memory of a step.</summary>
    /// <param name="batch">Items.</param>
    /// <param name="steps">Steps to average over.</param>
    /// <returns>Seconds per step, and bytes at the peak beyond those at rest.</returns>
    public (double Seconds, double Bytes) Measure(int batch, int steps)
    {
        var words = Ask($"run {batch} {steps}").Split(' ');
        return (double.Parse(words[0], CultureInfo.InvariantCulture), double.Parse(words[1], CultureInfo.InvariantCulture));
    }

    /// <summary>The prediction for the fixed input.</summary>
    /// <param name="file">Where the side shall write it.</param>
    /// <returns>float32 values.</returns>
    public byte[] Save(string file)
    {
        Ask($"save {file}");
        return File.ReadAllBytes(file);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit(TimeSpan.FromSeconds(10));
        _process.Dispose();
    }

    private string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException($"{_process.StartInfo.FileName} ended; what it said stands above.");
    }
}
