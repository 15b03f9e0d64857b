using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;
using Realiz3D.Mesh.Benchmarks.Grpc.Wire;
using Realiz3D.Mesh.Contracts;

namespace Realiz3D.Mesh.Benchmarks.Grpc;

/// <summary>Our gRPC client: reads tensors with <see cref="TensorFrames"/> and pooled chunks.</summary>
internal sealed class GrpcTransfer : ITransfer
{
    private readonly GrpcChannel _channel;
    private readonly TransferService.TransferServiceClient _client;
    private readonly EchoRequest _request = new() { Data = ByteString.CopyFrom(new byte[TransferLimits.EchoBytes]) };
    private readonly byte[] _tensor = new byte[TransferLimits.StreamBytes];

    public GrpcTransfer(int port)
    {
        _channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        _client = new(_channel.Intercept(new PooledFramesInterceptor()));
    }

    public async Task EchoAsync(int slot) => ITransfer.Require((await _client.EchoAsync(_request)).Data.Length, TransferLimits.EchoBytes);

    public async Task ReceiveAsync(int count, int bytes)
    {
        using var call = _client.Send(new SendRequest { ChunkCount = count, ChunkBytes = bytes });
        long received = 0;
        if (bytes == TensorFrames.MaxChunkBytes)
        {
            var frames = call.ResponseStream.ReadAllAsync().Select(response => response.Frame);
            await foreach (var tensor in TensorFrames.ReadAllAsync(frames, _ => _tensor))
            {
                received += tensor.Bytes.Length;
            }
        }
        else
        {
            await foreach (var response in call.ResponseStream.ReadAllAsync())
            {
                if (response.Frame.Chunk is { } chunk)
                {
                    chunk.Data.Span.CopyTo(_tensor.AsSpan((int)chunk.Offset));
                    received += chunk.Data.Length;
                    chunk.GiveBack();
                }
            }
        }

        ITransfer.Require(received, (long)count * bytes);
    }

    public void Dispose() => _channel.Dispose();
}
