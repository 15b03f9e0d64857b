using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;

namespace Realiz3D.Mesh.ServiceDefaults;

/// <summary>Gives freed native memory back to the system when the process falls idle.</summary>
/// <remarks>
/// glibc keeps what libtorch frees for the next tensors, which makes a step twice as fast, but it also keeps it when there is no next one,
/// scattered over a heap that only grows. malloc_trim(3) gives back every free page. It is called once after each time of work, so that
/// work never waits for pages that it has just lost. Where the C library has no such function, nothing is done.
/// </remarks>
internal sealed class IdleTrim : BackgroundService
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_idle = s_interval / 20;      // of processor time in an interval
    private static readonly MallocTrim? s_trim = Find();
    private bool _hasWorked;

    private delegate int MallocTrim(nuint pad);

    /// <summary>Gives back what is free, now.</summary>
    /// <returns>Whether the C library knows how.</returns>
    public static bool Trim()
    {
        s_trim?.Invoke(0);
        return s_trim is not null;
    }

    /// <summary>Whether it is time to trim: the first idle interval after work.</summary>
    /// <param name="worked">Processor time of the process in the last interval.</param>
    public bool IsDue(TimeSpan worked)
    {
        var isDue = _hasWorked && worked <= s_idle;
        _hasWorked = worked > s_idle;
        return isDue;
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_interval);
        for (var before = Environment.CpuUsage.TotalTime; await timer.WaitForNextTickAsync(stoppingToken);)
        {
            var now = Environment.CpuUsage.TotalTime;
            if (IsDue(now - before))
            {
                Trim();
            }

            before = now;
        }
    }

    private static MallocTrim? Find() =>
        NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "malloc_trim", out var address)
            ? Marshal.GetDelegateForFunctionPointer<MallocTrim>(address)
            : null;
}
