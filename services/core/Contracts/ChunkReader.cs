using System.Buffers;
using Realiz3D.Mesh.Contracts.Tensors.V1;

namespace Realiz3D.Mesh.Contracts;

/// <summary>Finds a chunk's bytes within a message, in place.</summary>
/// <remarks>
/// A message that protobuf's writers make of nothing but a chunk is, from outside in: [frame field, length] (unless the
/// message is the frame itself), [chunk field, length], [offset field, offset] unless it is 0, [data field, length], bytes.
/// Protobuf allows the same message to be written in other ways; those are left to its own parser.
/// Source: protobuf.dev, "Encoding".
/// </remarks>
internal static class ChunkReader
{
    private const int VarintType = 0;
    private const int LengthDelimitedType = 2;
    private const int MaxVarintBytes = 10;

    /// <summary>Reads a message that holds a chunk, and nothing else.</summary>
    /// <param name="message">The whole message.</param>
    /// <param name="frameField">Number of the field that holds the frame; 0 when the message is the frame.</param>
    /// <param name="offset">Position of the first byte within the tensor.</param>
    /// <param name="data">The bytes, within the message's own memory.</param>
    /// <returns>Whether the message is of this form.</returns>
    public static bool TryRead(
        ReadOnlySequence<byte> message,
        int frameField,
        out long offset,
        out ReadOnlySequence<byte> data)
    {
        var reader = new SequenceReader<byte>(message);
        offset = 0;
        data = default;
        if ((frameField != 0 && !TryEnter(ref reader, frameField))
            || !TryEnter(ref reader, TensorFrame.ChunkFieldNumber)
            || !TryReadOffset(ref reader, ref offset)
            || !TryEnter(ref reader, TensorChunk.DataFieldNumber))
        {
            return false;
        }

        data = reader.UnreadSequence;
        return true;
    }

    /// <summary>Steps into a field that fills the rest of the message.</summary>
    private static bool TryEnter(ref SequenceReader<byte> reader, int field) =>
        TryReadVarint(ref reader, out var tag)
        && tag == (((ulong)field << 3) | LengthDelimitedType)
        && TryReadVarint(ref reader, out var length)
        && length == (ulong)reader.Remaining;

    private static bool TryReadOffset(ref SequenceReader<byte> reader, ref long offset)
    {
        const byte Tag = (TensorChunk.OffsetFieldNumber << 3) | VarintType;
        if (!reader.TryPeek(out var next) || next != Tag)
        {
            return true;
        }

        reader.Advance(1);
        var read = TryReadVarint(ref reader, out var value);
        offset = (long)value;
        return read;
    }

    private static bool TryReadVarint(ref SequenceReader<byte> reader, out ulong value)
    {
        value = 0;
        for (var i = 0; i < MaxVarintBytes && reader.TryRead(out var next); i++)
        {
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                return true;
            }
        }

        return false;
    }
}
