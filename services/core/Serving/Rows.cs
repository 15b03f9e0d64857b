using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving;

/// <summary>Runs a network over the rows of a batch.</summary>
/// <remarks>
/// On a GPU rows go through as one pass. On the CPU they are parted among threads, a pass of one thread each: the operations of
/// small networks are too short to be worth sharing among threads.
/// </remarks>
public static class Rows
{
    /// <summary>Runs all rows, without gradients. On the CPU each is a pass of its own, so that none depends on the others.</summary>
    /// <param name="device">Where the network is.</param>
    /// <param name="count">Rows, at least 1.</param>
    /// <param name="pass">Runs <c>length</c> rows from <c>start</c> and returns as many. Called on several threads.</param>
    /// <returns>The rows in order. The caller disposes them.</returns>
    public static Tensor Run(Device device, int count, Func<long, long, Tensor> pass) =>
        device.type == DeviceType.CPU ? OnThreads(count, 1, pass) : InTurns(count, count, pass);

    /// <summary>
    /// Runs all rows, without gradients, in as few passes as there are threads. Larger matrix products round otherwise, so a row
    /// may depend on its company in the last bits; the same rows in the same order give the same bytes.
    /// </summary>
    /// <param name="device">Where the network is.</param>
    /// <param name="count">Rows, at least 1.</param>
    /// <param name="limit">Most rows of a pass, at least 1.</param>
    /// <param name="pass">Runs <c>length</c> rows from <c>start</c> and returns as many. Called on several threads.</param>
    /// <returns>The rows in order. The caller disposes them.</returns>
    internal static Tensor RunTogether(Device device, int count, int limit, Func<long, long, Tensor> pass)
    {
        var length = Math.Min(LargestPass(device, count), limit);
        return device.type == DeviceType.CPU ? OnThreads(count, length, pass) : InTurns(count, length, pass);
    }

    /// <summary>Runs all rows, without gradients, each as a pass of its own on any device, so that none depends on the others.</summary>
    /// <param name="device">Where the network is.</param>
    /// <param name="count">Rows, at least 1.</param>
    /// <param name="pass">Runs one row.</param>
    /// <returns>The rows in order. The caller disposes them.</returns>
    public static Tensor RunEach(Device device, int count, Func<long, Tensor> pass) => device.type == DeviceType.CPU
        ? OnThreads(count, 1, (start, _) => pass(start))
        : InTurns(count, 1, (start, _) => pass(start));

    /// <summary>Rows of the largest pass of <see cref="RunTogether"/> without a limit.</summary>
    internal static int LargestPass(Device device, int count) => device.type == DeviceType.CPU
        ? (count + Environment.ProcessorCount - 1) / Environment.ProcessorCount
        : count;

    private static Tensor InTurns(int count, int length, Func<long, long, Tensor> pass)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var parts = Parts(count, length).Select(part => pass(part.Start, part.Length)).ToArray();
        return (parts.Length == 1 ? parts[0] : cat(parts, 0)).MoveToOuterDisposeScope();
    }

    private static Tensor OnThreads(int count, int length, Func<long, long, Tensor> pass)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var parts = Parts(count, length).ToArray();
        var rows = new Tensor[parts.Length];
        try
        {
            Parallel.For(0, parts.Length, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, part =>
            {
                set_num_threads(1);
                using var inner = NewDisposeScope();
                using var untracked = no_grad();
                rows[part] = pass(parts[part].Start, parts[part].Length).DetachFromDisposeScope();
            });
        }
        finally
        {
            // A part that fails leaves the others behind.
            scope.Attach([.. rows.Where(row => row is not null)]);
        }

        return cat(rows, 0).MoveToOuterDisposeScope();
    }

    private static IEnumerable<(int Start, int Length)> Parts(int count, int length)
    {
        for (var start = 0; start < count; start += length)
        {
            yield return (start, Math.Min(length, count - start));
        }
    }
}
