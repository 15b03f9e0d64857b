using System.Diagnostics;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Benchmarks.Soak;

/// <summary>A process at a checkpoint.</summary>
/// <param name="Counts">Its calls and tensors when all is quiet and the model is unloaded.</param>
/// <param name="HeapBytes">Managed heap after a full collection, the model loaded, the pools' idle arrays given back or left out.</param>
/// <param name="PssBytes">Proportional set size at that moment.</param>
internal sealed record ProcessState(ProbeReading Counts, long HeapBytes, long PssBytes);

/// <summary>All processes after a number of calls.</summary>
/// <param name="Calls">Calls made.</param>
/// <param name="Processes">By name.</param>
internal sealed record Checkpoint(int Calls, IReadOnlyDictionary<string, ProcessState> Processes)
{
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(60);

    // A pool keeps what lies idle for a minute, then gives back an array of each size every quarter of one.
    private static readonly TimeSpan s_between = TimeSpan.FromSeconds(16);
    private static readonly TimeSpan s_settle = TimeSpan.FromMinutes(6);

    /// <summary>Waits until no call lives, reads the memory, unloads the model and counts what is left.</summary>
    /// <param name="calls">Calls made.</param>
    /// <param name="folder">Folder of the probes.</param>
    /// <param name="unload">Unloads what may hold tensors.</param>
    /// <param name="settle">Whether to wait until pools have given back what lies idle in them.</param>
    /// <param name="cancel">Stops it.</param>
    public static async Task<Checkpoint> TakeAsync(
        int calls, string folder, Func<Task> unload, bool settle, CancellationToken cancel)
    {
        var sockets = Directory.GetFiles(folder);
        await QuietAsync(sockets, _ => true, cancel);
        if (settle)
        {
            await SettleAsync(sockets, cancel);
        }

        var memory = new Dictionary<string, (long Heap, long Pss)>();
        foreach (var socket in sockets)
        {
            if (await Probe.ReadAsync(socket, Probe.Collect, cancel) is { } reading)
            {
                memory[reading.Name] = (reading.HeapBytes, ProcessMemory.ProportionalBytes(reading.ProcessId));
            }
        }

        await unload();
        var counts = await QuietAsync(sockets, reading => reading.Tensors == 0, cancel);
        return new Checkpoint(calls, counts.ToDictionary(
            reading => reading.Name,
            reading => new ProcessState(reading, memory[reading.Name].Heap, memory[reading.Name].Pss)));
    }

    /// <summary>
    /// Collects now and then for a time, the same at each checkpoint: .NET's array pools give back what lies idle in them
    /// piece by piece, at collections, and shall not be taken for growth or its absence.
    /// </summary>
    private static async Task SettleAsync(string[] sockets, CancellationToken cancel)
    {
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < s_settle; await Task.Delay(s_between, cancel))
        {
            foreach (var socket in sockets)
            {
                await Probe.ReadAsync(socket, Probe.Collect, cancel);
            }
        }
    }

    /// <summary>Reads every process when it is quiet, or as it is when it does not become so.</summary>
    private static async Task<List<ProbeReading>> QuietAsync(string[] sockets, Predicate<ProbeReading> isEmpty, CancellationToken cancel)
    {
        var since = Stopwatch.GetTimestamp();
        List<ProbeReading> readings = [];
        foreach (var socket in sockets)
        {
            var reading = await Probe.ReadAsync(socket, Probe.Look, cancel);
            while (reading is not null
                && !(reading.Serving == 0 && reading.Calling == 0 && isEmpty(reading))
                && Stopwatch.GetElapsedTime(since) < s_quiet)
            {
                await Task.Delay(50, cancel);
                reading = await Probe.ReadAsync(socket, Probe.Look, cancel);
            }

            if (reading is not null)
            {
                readings.Add(reading);
            }
        }

        return readings;
    }
}
