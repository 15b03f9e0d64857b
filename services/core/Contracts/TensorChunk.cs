using System.Buffers;
using Google.Protobuf;

namespace Realiz3D.Mesh.Contracts.Tensors.V1;

/// <summary>The part of a chunk that does not travel: the rented buffer its bytes may lie in.</summary>
public sealed partial class TensorChunk
{
    private byte[]? _rented;

    /// <summary>A chunk whose bytes are copied into a rented buffer, and which owns that buffer.</summary>
    internal static TensorChunk Rent(long offset, ReadOnlySequence<byte> data)
    {
        var count = checked((int)data.Length);
        var rented = ArrayPool<byte>.Shared.Rent(count);
        data.CopyTo(rented);
        return new TensorChunk
        {
            Offset = offset,
            Data = UnsafeByteOperations.UnsafeWrap(rented.AsMemory(0, count)),
            _rented = rented,
        };
    }

    /// <summary>Gives the buffer back, if it is a rented one. The chunk is empty afterwards, so that nobody reads on.</summary>
    /// <remarks><see cref="TensorFrames"/> does it for all it reads. A buffer that nobody gives back is collected.</remarks>
    public void GiveBack()
    {
        if (Interlocked.Exchange(ref _rented, null) is { } rented)
        {
            Data = ByteString.Empty;
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
