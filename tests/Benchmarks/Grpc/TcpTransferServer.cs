using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Realiz3D.Mesh.Benchmarks.Grpc;

/// <summary>Raw TCP: a request is two numbers, the pieces wanted and their size; none wanted means an echo.</summary>
internal sealed class TcpTransferServer : IDisposable
{
    /// <summary>Bytes of a request.</summary>
    public const int RequestBytes = 2 * sizeof(int);

    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);

    public TcpTransferServer()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        while (true)
        {
            _ = ServeAsync(await _listener.AcceptAsync());
        }
    }

    private static async Task ServeAsync(Socket socket)
    {
        socket.NoDelay = true;
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        var request = new byte[RequestBytes];
        var piece = Array.Empty<byte>();
        while (await stream.ReadAtLeastAsync(request, RequestBytes, throwOnEndOfStream: false) == RequestBytes)
        {
            var count = BinaryPrimitives.ReadInt32LittleEndian(request);
            var bytes = BinaryPrimitives.ReadInt32LittleEndian(request.AsSpan(sizeof(int)));
            piece = piece.Length == bytes ? piece : new byte[bytes];
            if (count == 0)
            {
                await stream.ReadExactlyAsync(piece);
                count = 1;
            }

            for (var i = 0; i < count; i++)
            {
                await stream.WriteAsync(piece);
            }
        }
    }
}
