using Google.Protobuf;
using Grpc.Core;
using Realiz3D.Mesh.Benchmarks.Grpc.Wire;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Tensors.V1;

namespace Realiz3D.Mesh.Benchmarks.Grpc;

/// <summary>Our server: tensors in frames of <see cref="TensorFrames"/>, and larger chunks in the same messages.</summary>
internal sealed class TransferEndpoint : TransferService.TransferServiceBase
{
    private static readonly byte[] Elements = new byte[TransferLimits.StreamBytes];

    public override Task<EchoResponse> Echo(EchoRequest request, ServerCallContext context) =>
        Task.FromResult(new EchoResponse { Data = request.Data });

    public override async Task Send(
        SendRequest request,
        IServerStreamWriter<SendResponse> responseStream,
        ServerCallContext context)
    {
        var length = checked(request.ChunkCount * request.ChunkBytes);
        var tensor = new TensorPayload("x", ElementType.U8, [length], Elements.AsMemory(0, length));
        var frames = request.ChunkBytes == TensorFrames.MaxChunkBytes
            ? TensorFrames.Split(tensor)
            : TensorFrames.Split(tensor).Take(1).Concat(Chunks(tensor.Bytes, request.ChunkBytes));
        foreach (var frame in frames)
        {
            await responseStream.WriteAsync(new SendResponse { Frame = frame }, context.CancellationToken);
        }
    }

    /// <summary>Chunks of a size that <see cref="TensorFrames"/> does not make.</summary>
    private static IEnumerable<TensorFrame> Chunks(ReadOnlyMemory<byte> bytes, int chunkBytes)
    {
        for (var offset = 0; offset < bytes.Length; offset += chunkBytes)
        {
            var data = UnsafeByteOperations.UnsafeWrap(bytes.Slice(offset, chunkBytes));
            yield return new TensorFrame { Chunk = new TensorChunk { Offset = offset, Data = data } };
        }
    }
}
