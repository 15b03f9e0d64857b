using System.Buffers.Binary;
using System.Net.Sockets;

namespace Realiz3D.Mesh.Benchmarks.Grpc;

/// <summary>Raw TCP, a connection for each of the calls at a time.</summary>
internal sealed class TcpTransfer : ITransfer
{
    private readonly NetworkStream[] _streams;
    private readonly byte[][] _echoes;
    private readonly byte[] _tensor = new byte[TransferLimits.StreamBytes];

    public TcpTransfer(int port)
    {
        _streams = [.. Enumerable.Range(0, TransferLimits.MaxInFlight).Select(_ => Connect(port))];
        _echoes = [.. _streams.Select(_ => Request(0, TransferLimits.EchoBytes, TransferLimits.EchoBytes))];
    }

    public async Task EchoAsync(int slot)
    {
        await _streams[slot].WriteAsync(_echoes[slot]);
        await _streams[slot].ReadExactlyAsync(_echoes[slot].AsMemory(TcpTransferServer.RequestBytes));
    }

    public async Task ReceiveAsync(int count, int bytes)
    {
        await _streams[0].WriteAsync(Request(count, bytes, 0));
        await _streams[0].ReadExactlyAsync(_tensor.AsMemory(0, count * bytes));
    }

    public void Dispose()
    {
        foreach (var stream in _streams)
        {
            stream.Dispose();
        }
    }

    private static NetworkStream Connect(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect("127.0.0.1", port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    private static byte[] Request(int count, int bytes, int payloadBytes)
    {
        var request = new byte[TcpTransferServer.RequestBytes + payloadBytes];
        BinaryPrimitives.WriteInt32LittleEndian(request, count);
        BinaryPrimitives.WriteInt32LittleEndian(request.AsSpan(sizeof(int)), bytes);
        return request;
    }
}
