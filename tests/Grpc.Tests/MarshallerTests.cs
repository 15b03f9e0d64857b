using System.Buffers;
using System.Text;
using Grpc.Core;

namespace Realiz3D.Mesh.Grpc.Tests;

/// <summary>Marshallers over arrays, and over buffer writers and read-only sequences.</summary>
public class MarshallerTests
{
    [Fact]
    public void OverArrays_AlsoServesContexts()
    {
        Func<string, byte[]> serializer = Encoding.UTF8.GetBytes;
        Func<byte[], string> deserializer = bytes => Encoding.UTF8.GetString(bytes);
        var marshaller = Marshallers.Create(serializer, deserializer);
        var written = new RecordingSerialization();
        marshaller.ContextualSerializer("abc", written);

        Assert.Same(serializer, marshaller.Serializer);
        Assert.Same(deserializer, marshaller.Deserializer);
        Assert.Equal("abc"u8.ToArray(), written.Completed);
        Assert.Equal("xy", marshaller.ContextualDeserializer(new SequenceDeserialization("x"u8.ToArray(), "y"u8.ToArray())));
    }

    [Fact]
    public void OverContexts_WritesToTheBufferAndReadsPiecesInPlace()
    {
        var marshaller = Marshallers.Create<byte[]>(
            (message, context) =>
            {
                context.SetPayloadLength(message.Length);
                context.GetBufferWriter().Write(message);
                context.Complete();
            },
            context => [(byte)context.PayloadLength, .. context.PayloadAsReadOnlySequence().ToArray()]);
        var written = new RecordingSerialization();
        marshaller.ContextualSerializer([3, 1, 2], written);

        Assert.Equal(3, written.Length);
        Assert.Equal([3, 1, 2], written.Completed);
        Assert.Equal([5, 1, 2, 3, 4, 5], marshaller.ContextualDeserializer(new SequenceDeserialization([1, 2], [3, 4, 5])));
    }

    [Fact]
    public void OverContexts_ServesNoArrays()
    {
        var marshaller = Marshallers.Create<string>((_, context) => context.Complete([]), _ => string.Empty);

        Assert.Throws<NotImplementedException>(() => marshaller.Serializer("abc"));
        Assert.Throws<NotImplementedException>(() => marshaller.Deserializer([1, 2, 3]));
    }

    [Fact]
    public void WithoutFunctions_IsRefused()
    {
        Assert.Throws<ArgumentNullException>("serializer", () => new Marshaller<string>(null!, (byte[] _) => ""));
        Assert.Throws<ArgumentNullException>("deserializer", () => new Marshaller<string>(_ => [], (Func<byte[], string>)null!));
        Assert.Throws<ArgumentNullException>("serializer", () => new Marshaller<string>(null!, (DeserializationContext _) => ""));
        Assert.Throws<ArgumentNullException>(
            "deserializer", () => new Marshaller<string>((_, _) => { }, (Func<DeserializationContext, string>)null!));
    }

    [Fact]
    public void Contexts_DoNothingByThemselves()
    {
        var writing = new BareSerialization();
        var reading = new BareDeserialization();
        writing.SetPayloadLength(3);

        Assert.Throws<NotImplementedException>(() => writing.GetBufferWriter());
        Assert.Throws<NotImplementedException>(() => writing.Complete());
        Assert.Throws<NotImplementedException>(() => writing.Complete([]));
        Assert.Throws<NotImplementedException>(() => reading.PayloadAsNewBuffer());
        Assert.Throws<NotImplementedException>(() => reading.PayloadAsReadOnlySequence());
    }

    [Fact]
    public void StringMarshaller_IsUtf8()
    {
        Assert.Equal([0xC3, 0xA9, 0x21], Marshallers.StringMarshaller.Serializer("é!"));
        Assert.Equal("é!", Marshallers.StringMarshaller.Deserializer([0xC3, 0xA9, 0x21]));
    }

    private sealed class BareSerialization : SerializationContext;

    private sealed class BareDeserialization : DeserializationContext
    {
        public override int PayloadLength => 0;
    }

    private sealed class RecordingSerialization : SerializationContext
    {
        private readonly ArrayBufferWriter<byte> _writer = new();

        public int Length { get; private set; }

        public byte[]? Completed { get; private set; }

        public override void SetPayloadLength(int payloadLength) => Length = payloadLength;

        public override IBufferWriter<byte> GetBufferWriter() => _writer;

        public override void Complete() => Completed = _writer.WrittenSpan.ToArray();

        public override void Complete(byte[] payload) => Completed = payload;
    }

    /// <summary>A payload in two pieces, as a transport may hold it.</summary>
    private sealed class SequenceDeserialization(byte[] first, byte[] second) : DeserializationContext
    {
        public override int PayloadLength => first.Length + second.Length;

        public override byte[] PayloadAsNewBuffer() => [.. first, .. second];

        public override ReadOnlySequence<byte> PayloadAsReadOnlySequence()
        {
            var start = new Piece(first, 0);
            var end = new Piece(second, first.Length);
            start.Append(end);
            return new ReadOnlySequence<byte>(start, 0, end, second.Length);
        }
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes, long index) => (Memory, RunningIndex) = (bytes, index);

        public void Append(Piece next) => Next = next;
    }
}
