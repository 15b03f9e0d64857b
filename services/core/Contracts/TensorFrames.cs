using System.Runtime.CompilerServices;
using Google.Protobuf;
using Realiz3D.Mesh.Contracts.Tensors.V1;

namespace Realiz3D.Mesh.Contracts;

/// <summary>Tensors as streams of frames: a header, then chunks in order without a gap.</summary>
/// <remarks>
/// Chunks of 64 KiB stay below .NET's large-object limit and far below gRPC's message limit, and leave room for progress
/// between them. Everything received is checked against the header; the first breach ends the stream. Nothing is copied on
/// the way out: frames show the tensor's memory. On the way in, chunks that a <see cref="PooledFrames"/> marshaller read
/// lie in rented buffers, which go back as soon as their bytes stand in the tensor.
/// </remarks>
public static class TensorFrames
{
    /// <summary>Most bytes in a chunk.</summary>
    public const int MaxChunkBytes = 64 * 1024;

    /// <summary>Most bytes in a tensor; more travels as an artifact.</summary>
    public const int MaxTensorBytes = 256 * 1024 * 1024;

    /// <summary>The frames of a tensor. They show its memory, which must live and stay as it is until each is written.</summary>
    /// <exception cref="InvalidDataException">Shape and bytes do not agree, or the tensor is over the limit.</exception>
    public static IEnumerable<TensorFrame> Split(TensorPayload tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var length = TensorLayout.CheckedLength(tensor.ElementType, tensor.Shape, MaxTensorBytes);
        Require(length == tensor.Bytes.Length, $"The shape needs {length} bytes, there are {tensor.Bytes.Length}.");
        return Frames(tensor);
    }

    /// <summary>Reads a stream that holds exactly one tensor.</summary>
    /// <exception cref="InvalidDataException">The stream breaks a rule; the message says which.</exception>
    public static async Task<TensorPayload> ReadAsync(
        IAsyncEnumerable<TensorFrame> frames,
        CancellationToken cancel = default)
    {
        TensorPayload? only = null;
        await foreach (var tensor in ReadAllAsync(frames, cancel).ConfigureAwait(false))
        {
            Require(only is null, "More than one tensor was sent.");
            only = tensor;
        }

        return only ?? throw new InvalidDataException("The stream ended before a tensor was opened.");
    }

    /// <summary>Reads the tensors of a stream into arrays, each as soon as it is complete.</summary>
    /// <exception cref="InvalidDataException">The stream breaks a rule; the message says which.</exception>
    public static IAsyncEnumerable<TensorPayload> ReadAllAsync(
        IAsyncEnumerable<TensorFrame> frames,
        CancellationToken cancel = default) =>
        ReadAllAsync(frames, static header => GC.AllocateUninitializedArray<byte>((int)header.ByteLength), cancel);

    /// <summary>Reads the tensors of a stream into the caller's memory, each as soon as it is complete.</summary>
    /// <param name="frames">The stream.</param>
    /// <param name="allocate">Gives <c>byte_length</c> bytes for a tensor whose header has been checked.</param>
    /// <param name="cancel">Ends the reading.</param>
    /// <exception cref="InvalidDataException">The stream breaks a rule; the message says which.</exception>
    public static async IAsyncEnumerable<TensorPayload> ReadAllAsync(
        IAsyncEnumerable<TensorFrame> frames,
        Func<TensorHeader, Memory<byte>> allocate,
        [EnumeratorCancellation] CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(allocate);
        var names = new HashSet<string>(StringComparer.Ordinal);
        TensorHeader? header = null;
        var bytes = Memory<byte>.Empty;
        var received = 0;

        await foreach (var frame in frames.WithCancellation(cancel).ConfigureAwait(false))
        {
            if (frame.Header is { } opened)
            {
                Require(header is null, "A second tensor was opened before the first was complete.");
                Require(names.Add(opened.Name), $"Two tensors are called '{opened.Name}'.");
                header = opened;
                var length = CheckedLength(opened);
                bytes = allocate(opened)[..length];
                received = 0;
            }
            else
            {
                var chunk = frame.Chunk ?? throw new InvalidDataException("A frame carries neither header nor chunk.");
                Require(header is not null, "A chunk arrived before its header.");
                Require(chunk.Offset == received, $"Chunk at {chunk.Offset}, expected {received}.");
                Require(chunk.Data.Length is > 0 and <= MaxChunkBytes, $"Chunk of {chunk.Data.Length} bytes.");
                Require(received + chunk.Data.Length <= bytes.Length, "More bytes than the header announced.");
                chunk.Data.Span.CopyTo(bytes.Span[received..]);
                received += chunk.Data.Length;
                chunk.GiveBack();
            }

            if (received == bytes.Length)
            {
                yield return new TensorPayload(header!.Name, header.ElementType, [.. header.Shape], bytes);
                header = null;
            }
        }

        Require(header is null, $"The stream ended after {received} of {bytes.Length} bytes.");
    }

    private static IEnumerable<TensorFrame> Frames(TensorPayload tensor)
    {
        yield return new TensorFrame
        {
            Header = new TensorHeader
            {
                Name = tensor.Name,
                ElementType = tensor.ElementType,
                Shape = { tensor.Shape },
                ByteLength = tensor.Bytes.Length,
            },
        };
        for (var offset = 0; offset < tensor.Bytes.Length; offset += MaxChunkBytes)
        {
            var count = Math.Min(MaxChunkBytes, tensor.Bytes.Length - offset);
            var data = UnsafeByteOperations.UnsafeWrap(tensor.Bytes.Slice(offset, count));
            yield return new TensorFrame { Chunk = new TensorChunk { Offset = offset, Data = data } };
        }
    }

    private static int CheckedLength(TensorHeader header)
    {
        var length = TensorLayout.CheckedLength(header.ElementType, header.Shape, MaxTensorBytes);
        Require(length == header.ByteLength, $"byte_length is {header.ByteLength}, the shape needs {length}.");
        return length;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new InvalidDataException(otherwise);
        }
    }
}
