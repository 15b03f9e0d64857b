using System.Diagnostics;
using System.Globalization;

namespace Realiz3D.Mesh.Benchmarks.Unet;

/// <summary>What a step costs this process, memory as Linux counts it.</summary>
internal static class StepCost
{
    /// <summary>Time and memory of a step.</summary>
    /// <param name="steps">Steps to average over.</param>
    /// <param name="step">The step.</param>
    /// <returns>Seconds per step, and bytes at the peak beyond those at rest.</returns>
    public static (double Seconds, long Bytes) Measure(int steps, Action step)
    {
        File.WriteAllText("/proc/self/clear_refs", "5");    // the high-water mark starts again
        var (rest, clock) = (Bytes("VmRSS:"), Stopwatch.StartNew());
        for (var i = 0; i < steps; i++)
        {
            step();
        }

        return (clock.Elapsed.TotalSeconds / steps, Bytes("VmHWM:") - rest);
    }

    private static long Bytes(string key)
    {
        var line = File.ReadLines("/proc/self/status").First(l => l.StartsWith(key, StringComparison.Ordinal));
        return 1024 * long.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
