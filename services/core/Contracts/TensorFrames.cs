using System.Runtime.CompilerServices;
using Google.Protobuf;
using Realiz3D.Mesh.Contracts.Tensors.V1;

namespace Realiz3D.Mesh.Contracts;

/// <summary>Tensors as streams of frames: a header, then chunks in order without a gap.</summary>
/// <remarks>
/// Chunks of 64 KiB stay below .NET's large-object limit and far below gRPC's message limit, and leave room for progress
/// between them. Everything received is checked against the header; the first breach ends the stream.
/// </remarks>
public static class TensorFrames
{
    /// <summary>Most bytes in a chunk.</summary>
    public const int MaxChunkBytes = 64 * 1024;

    /// <summary>Most bytes in a tensor; more travels as an artifact.</summary>
    public const int MaxTensorBytes = 256 * 1024 * 1024;

    /// <summary>The frames of a tensor.</summary>
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

    /// <summary>Reads the tensors of a stream, each as soon as it is complete.</summary>
    /// <exception cref="InvalidDataException">The stream breaks a rule; the message says which.</exception>
    public static async IAsyncEnumerable<TensorPayload> ReadAllAsync(
        IAsyncEnumerable<TensorFrame> frames,
        [EnumeratorCancellation] CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(frames);
        var names = new HashSet<string>(StringComparer.Ordinal);
        TensorHeader? header = null;
        var bytes = Array.Empty<byte>();
        var received = 0;

        await foreach (var frame in frames.WithCancellation(cancel).ConfigureAwait(false))
        {
            if (frame.Header is { } opened)
            {
                Require(header is null, "A second tensor was opened before the first was complete.");
                Require(names.Add(opened.Name), $"Two tensors are called '{opened.Name}'.");
                header = opened;
                bytes = new byte[CheckedLength(opened)];
                received = 0;
            }
            else
            {
                var chunk = frame.Chunk ?? throw new InvalidDataException("A frame carries neither header nor chunk.");
                Require(header is not null, "A chunk arrived before its header.");
                Require(chunk.Offset == received, $"Chunk at {chunk.Offset}, expected {received}.");
                Require(chunk.Data.Length is > 0 and <= MaxChunkBytes, $"Chunk of {chunk.Data.Length} bytes.");
                Require(received + chunk.Data.Length <= bytes.Length, "More bytes than the header announced.");
                chunk.Data.Span.CopyTo(bytes.AsSpan(received));
                received += chunk.Data.Length;
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
            var data = ByteString.CopyFrom(tensor.Bytes.Span.Slice(offset, count));
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
