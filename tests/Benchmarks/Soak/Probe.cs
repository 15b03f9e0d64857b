using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Realiz3D.Mesh.Benchmarks.Soak;

/// <summary>What one process says about itself.</summary>
/// <param name="Name">Its resource's name.</param>
/// <param name="ProcessId">Its process id.</param>
/// <param name="Serving">HTTP requests that it has begun to serve and not ended.</param>
/// <param name="Calling">gRPC calls that it has begun as a client and not ended.</param>
/// <param name="Tensors">Live tensors, over all threads.</param>
/// <param name="Forgotten">Tensors that nobody disposed and the collector ended, while that is watched.</param>
/// <param name="HeapBytes">Managed heap without the <see cref="TransportPool"/>'s idle blocks; after a full collection if one was asked for.</param>
internal sealed record ProbeReading(
    string Name, int ProcessId, long Serving, long Calling, long Tensors, long Forgotten, long HeapBytes);

/// <summary>Answers, from inside a process, how many calls and tensors live there.</summary>
/// <remarks>
/// It listens on the Unix socket FOLDER/PID. A request is one byte: <see cref="Look"/>, or <see cref="Collect"/> for a look
/// after a full collection. Only the runtime's own libraries are used, for they are there in every program.
/// </remarks>
internal static class Probe
{
    /// <summary>Environment variable with the folder of the sockets.</summary>
    public const string FolderVariable = "REALIZ3D_SOAK_PROBES";

    /// <summary>Request: counts as they are.</summary>
    public const byte Look = 0;

    /// <summary>Request: collect everything first.</summary>
    public const byte Collect = 1;

    private static LiveCalls? s_calls;
    private static ForgottenTensors? s_forgotten;
    private static TransportPool? s_pool;

    /// <summary>Starts to answer, where the soak asks for it; for as long as the process lives.</summary>
    public static void Open()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } folder)
        {
            return;
        }

        (s_calls, s_forgotten, s_pool) = (new LiveCalls(), new ForgottenTensors(), new TransportPool());
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder, $"{Environment.ProcessId}")));
        listener.Listen();
        new Thread(() => Answer(listener)) { IsBackground = true, Name = "soak probe" }.Start();
    }

    /// <summary>Asks a process; null when it has ended.</summary>
    public static async Task<ProbeReading?> ReadAsync(string socket, byte request, CancellationToken cancel)
    {
        try
        {
            using var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancel);
            await using var stream = new NetworkStream(connection);
            await stream.WriteAsync(new[] { request }, cancel);
            return await JsonSerializer.DeserializeAsync<ProbeReading>(stream, cancellationToken: cancel);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private static void Answer(Socket listener)
    {
        var request = new byte[1];
        while (true)
        {
            using var connection = listener.Accept();
            if (connection.Receive(request) == 1)
            {
                connection.Send(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(Read(request[0] == Collect))));
            }
        }
    }

    private static ProbeReading Read(bool collect)
    {
        for (var round = 0; collect && round < 3; round++)
        {
            // Finalizers may free what the next round then finds.
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            GC.WaitForPendingFinalizers();
        }

        return new ProbeReading(
            Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME") ?? AppDomain.CurrentDomain.FriendlyName.Split('.')[^1],
            Environment.ProcessId,
            s_calls!.Serving,
            s_calls!.Calling,
            LiveTensors(),
            s_forgotten!.Count,
            GC.GetTotalMemory(forceFullCollection: false) - s_pool!.IdleBytes);
    }

    /// <summary>TorchSharp's own count, in processes that have loaded it.</summary>
    private static long LiveTensors() => ForgottenTensors.TensorType is { } tensor
        ? (long)tensor.GetProperty("TotalCount")!.GetValue(null)!
        : 0;
}
