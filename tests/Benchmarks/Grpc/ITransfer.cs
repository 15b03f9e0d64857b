namespace Realiz3D.Mesh.Benchmarks.Grpc;

/// <summary>A client of one of the servers.</summary>
internal interface ITransfer : IDisposable
{
    /// <summary>Sends <see cref="TransferLimits.EchoBytes"/> and waits for them.</summary>
    /// <param name="slot">Which of the calls at a time this is.</param>
    Task EchoAsync(int slot);

    /// <summary>Receives pieces of a stream into memory of ours.</summary>
    Task ReceiveAsync(int count, int bytes);

    /// <summary>A measurement of bytes that did not arrive measures nothing.</summary>
    static void Require(long arrived, long expected)
    {
        if (arrived != expected)
        {
            throw new InvalidOperationException($"{arrived} bytes arrived, {expected} were asked for.");
        }
    }
}
