using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving;

/// <summary>Runs a network over the rows of a batch.</summary>
/// <remarks>
/// On a GPU all rows go through as one batch. On the CPU each row is a pass of its own on a thread of its own: the
/// operations of small networks are too short to be worth sharing among threads, and a row's result does not depend on
/// what else is in the batch, so that the same seed gives the same bytes in company and alone.
/// </remarks>
public static class Rows
{
    /// <summary>Runs all rows, without gradients.</summary>
    /// <param name="device">Where the network is.</param>
    /// <param name="count">Rows, at least 1.</param>
    /// <param name="pass">Runs <c>length</c> rows from <c>start</c> and returns as many. Called on several threads.</param>
    /// <returns>The rows in order. The caller disposes them.</returns>
    public static Tensor Run(Device device, int count, Func<long, long, Tensor> pass)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        if (device.type != DeviceType.CPU)
        {
            return pass(0, count).MoveToOuterDisposeScope();
        }

        var rows = new Tensor[count];
        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, row =>
            {
                set_num_threads(1);
                using var inner = NewDisposeScope();
                using var untracked = no_grad();
                rows[row] = pass(row, 1).DetachFromDisposeScope();
            });
        }
        finally
        {
            // A row that fails leaves the others behind.
            scope.Attach([.. rows.Where(row => row is not null)]);
        }

        return cat(rows, 0).MoveToOuterDisposeScope();
    }
}
