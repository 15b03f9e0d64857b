using System.Globalization;

namespace Realiz3D.Mesh.Testing;

/// <summary>What the kernel says about a process.</summary>
public static class ProcessMemory
{
    /// <summary>Proportional set size, a shared page counted once among its sharers: /proc/PID/smaps_rollup, proc(5). 0 when it has ended.</summary>
    public static long ProportionalBytes(int id)
    {
        var line = ReadOrEmpty($"/proc/{id}/smaps_rollup").Split('\n').FirstOrDefault(l => l.StartsWith("Pss:", StringComparison.Ordinal));
        return line is null ? 0 : 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }

    /// <summary>A file under /proc; empty when its process has ended meanwhile.</summary>
    public static string ReadOrEmpty(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
