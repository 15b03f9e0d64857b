using System.Globalization;
using System.Runtime.InteropServices;

namespace Realiz3D.Mesh.ServiceDefaults.Tests;

public class IdleTrimTests
{
    [Fact]
    public void Trim_GivesBackFreeMemoryBelowWhatIsInUse()
    {
        // 128 MiB in small pieces. The last one stays, so that the heap cannot shrink from its end.
        const int size = 16 << 10;
        var pieces = Enumerable.Range(0, 8192).Select(_ => Marshal.AllocHGlobal(size)).ToArray();
        foreach (var piece in pieces)
        {
            Marshal.Copy(new byte[size], 0, piece, size);
        }

        var full = ResidentBytes();
        Array.ForEach(pieces[..^1], Marshal.FreeHGlobal);

        Assert.True(IdleTrim.Trim());

        var given = full - ResidentBytes();
        Marshal.FreeHGlobal(pieces[^1]);
        Assert.True(given > 100L << 20, $"{given} bytes were given back.");
    }

    [Fact]
    public void IsDue_OnceAfterWork()
    {
        using var trim = new IdleTrim();
        var (work, idle) = (TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(0.1));

        Assert.Equal(
            [false, false, false, true, false, false, true],
            new[] { idle, work, work, idle, idle, work, idle }.Select(trim.IsDue));
    }

    private static long ResidentBytes() =>
        long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture) * Environment.SystemPageSize;
}
