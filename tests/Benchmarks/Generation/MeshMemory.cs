using System.Globalization;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Benchmarks.Generation;

/// <summary>Samples the memory of the mesh once a second: the sum of PSS over the app host's process tree, Redis included.</summary>
/// <remarks>PSS counts a shared page once among its sharers: /proc/PID/smaps_rollup, proc(5).</remarks>
internal sealed class MeshMemory : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _sampling;
    private readonly int _root;

    /// <param name="root">Process id of the app host.</param>
    public MeshMemory(int root)
    {
        _root = root;
        _sampling = SampleAsync();
    }

    /// <summary>The largest sum seen, bytes.</summary>
    public long PeakBytes { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _sampling;
        _stop.Dispose();
    }

    private async Task SampleAsync()
    {
        using var clock = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            do
            {
                PeakBytes = Math.Max(PeakBytes, ProcessTree(_root).Sum(ProcessMemory.ProportionalBytes));
            }
            while (await clock.WaitForNextTickAsync(_stop.Token));
        }
        catch (OperationCanceledException)
        {
            // The job has ended.
        }
    }

    private static List<int> ProcessTree(int root)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), out var id) ? id : 0)
            .Where(id => id > 0)
            .ToLookup(Parent);
        List<int> tree = [root];
        for (var i = 0; i < tree.Count; i++)
        {
            tree.AddRange(children[tree[i]]);
        }

        return tree;
    }

    // Fields of /proc/PID/stat after the name in parentheses: state, parent, ...
    private static int Parent(int id)
    {
        var stat = ProcessMemory.ReadOrEmpty($"/proc/{id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length > 1 ? int.Parse(fields[1], CultureInfo.InvariantCulture) : 0;
    }
}
