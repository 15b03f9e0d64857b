using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Contracts.Tensors.V1;

namespace Realiz3D.Mesh.Contracts.Tests;

/// <summary>Chunks in rented buffers: the same messages as protobuf's own parser reads, without its arrays.</summary>
public class PooledFramesTests
{
    private const int Chunks = 64;

    private static readonly Marshaller<TensorFrame> Stock = Marshallers.Create<TensorFrame>(
        (frame, context) =>
        {
            context.SetPayloadLength(frame.CalculateSize());
            frame.WriteTo(context.GetBufferWriter());
            context.Complete();
        },
        context => TensorFrame.Parser.ParseFrom(context.PayloadAsReadOnlySequence()));

    private static readonly Marshaller<TensorFrame> Pooled = PooledFrames.Of(Stock);

    private static readonly TensorPayload Tensor = Random(Chunks * TensorFrames.MaxChunkBytes);

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 65536)]
    [InlineData(65536, 5000)]
    [InlineData(-1, 3)] // ten bytes of offset
    public void Chunk_IsReadFromAnyPieces(long offset, int count)
    {
        var frame = new TensorFrame { Chunk = new TensorChunk { Offset = offset, Data = ByteString.CopyFrom(Tensor.Bytes.Span[..count]) } };
        var bytes = frame.ToByteArray();

        foreach (var pieceBytes in new[] { 1, 7, 4096, bytes.Length })
        {
            Assert.Equal(frame, Pooled.ContextualDeserializer(new Message(bytes, pieceBytes)));
        }
    }

    /// <summary>Brute force: one byte changed, or the end cut off. Either both read the same, or both refuse.</summary>
    [Fact]
    public void BrokenMessage_IsReadAsProtobufReadsIt()
    {
        var whole = new TensorFrame { Chunk = new TensorChunk { Offset = 300, Data = ByteString.CopyFrom(1, 2, 3, 4, 5) } }.ToByteArray();
        var (read, refused) = (0, 0);
        for (var place = 0; place < whole.Length; place++)
        {
            for (var value = -1; value < 256; value++)
            {
                var broken = value < 0 ? whole[..place] : (byte[])[.. whole[..place], (byte)value, .. whole[(place + 1)..]];
                var expected = Read(Stock, broken);

                Assert.Equal(expected, Read(Pooled, broken));
                _ = expected is null ? refused++ : read++;
            }
        }

        Assert.True(read > 500 && refused > 500, $"{read} read, {refused} refused");
    }

    [Fact]
    public void OtherMessages_KeepTheirMarshaller()
    {
        var jobs = Marshallers.Create<Job>((_, context) => context.Complete([]), _ => new Job());

        Assert.Same(jobs, PooledFrames.Of(jobs));
        Assert.Equal(TensorFrames.Split(Tensor).First(), Read(Pooled, TensorFrames.Split(Tensor).First().ToByteArray()));
    }

    [Fact]
    public void Method_IsMadeOnce()
    {
        var method = new Method<TensorFrame, TensorFrame>(MethodType.DuplexStreaming, "s", "m", Stock, Stock);

        var pooled = PooledFrames.Of(method);

        Assert.Same(pooled, PooledFrames.Of(method));
        Assert.Equal("/s/m", pooled.FullName);
        Assert.Equal(MethodType.DuplexStreaming, pooled.Type);
    }

    [Fact]
    public async Task Read_GivesBuffersBack_AndTheirChunksAreEmptyThen()
    {
        var read = TensorFrames.Split(Tensor).Select(frame => Read(Pooled, frame.ToByteArray())!).ToList();

        var tensor = await TensorFrames.ReadAsync(read.ToAsyncEnumerable());

        Assert.True(Tensor.Bytes.Span.SequenceEqual(tensor.Bytes.Span));
        Assert.All(read.Skip(1), frame => Assert.True(frame.Chunk.Data.IsEmpty));
    }

    /// <remarks>Four small objects for each frame. A copied chunk would be 65536 bytes.</remarks>
    [Fact]
    public void Writing_AllocatesNoChunk()
    {
        var pipe = new ArrayBufferWriter<byte>(2 * TensorFrames.MaxChunkBytes);
        WriteAll(pipe);

        var before = GC.GetAllocatedBytesForCurrentThread();
        WriteAll(pipe);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(bytes / Chunks, 0, 512);
    }

    /// <remarks>The same objects, and the enumerators' states. A new array would be 65536 bytes.</remarks>
    [Fact]
    public void Reading_AllocatesNoChunk()
    {
        var messages = TensorFrames.Split(Tensor).Select(frame => new Message(frame.ToByteArray(), 4096)).ToList();
        var destination = new byte[Tensor.Bytes.Length];
        ReadAll(messages, destination);
        Array.Clear(destination);

        var before = GC.GetAllocatedBytesForCurrentThread();
        ReadAll(messages, destination);
        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.True(Tensor.Bytes.Span.SequenceEqual(destination));
        Assert.InRange(bytes / Chunks, 0, 512);
    }

    private static void WriteAll(ArrayBufferWriter<byte> pipe)
    {
        foreach (var frame in TensorFrames.Split(Tensor))
        {
            pipe.ResetWrittenCount();
            frame.WriteTo(pipe);
        }
    }

    // Every message is there at once, so the reading never leaves this thread.
    private static void ReadAll(IEnumerable<Message> messages, byte[] destination)
    {
        var frames = messages.Select(Pooled.ContextualDeserializer).ToAsyncEnumerable();
        var reading = TensorFrames.ReadAllAsync(frames, _ => destination).CountAsync().AsTask();
        Assert.True(reading.IsCompletedSuccessfully);
    }

    private static TensorFrame? Read(Marshaller<TensorFrame> marshaller, byte[] bytes)
    {
        try
        {
            return marshaller.ContextualDeserializer(new Message(bytes, 3));
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private static TensorPayload Random(int count)
    {
        var bytes = new byte[count];
        new Random(1).NextBytes(bytes);
        return new TensorPayload("x", ElementType.U8, [count], bytes);
    }

    /// <summary>A message in pieces, as a transport may hold it.</summary>
    private sealed class Message : DeserializationContext
    {
        private readonly ReadOnlySequence<byte> _pieces;

        public Message(byte[] bytes, int pieceBytes)
        {
            var first = new Piece(bytes.AsMemory(0, Math.Min(pieceBytes, bytes.Length)), null);
            var last = first;
            for (var at = pieceBytes; at < bytes.Length; at += pieceBytes)
            {
                last = new Piece(bytes.AsMemory(at, Math.Min(pieceBytes, bytes.Length - at)), last);
            }

            _pieces = new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
        }

        public override int PayloadLength => (int)_pieces.Length;

        public override ReadOnlySequence<byte> PayloadAsReadOnlySequence() => _pieces;
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory, Piece? before)
        {
            Memory = memory;
            if (before is not null)
            {
                RunningIndex = before.RunningIndex + before.Memory.Length;
                before.Next = this;
            }
        }
    }
}
