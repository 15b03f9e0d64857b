using System.Runtime.InteropServices;
using Google.Protobuf;
using Realiz3D.Mesh.Contracts.Tensors.V1;

namespace Realiz3D.Mesh.Contracts.Tests;

public class TensorFramesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(16384, 1)] // exactly one chunk
    [InlineData(16385, 2)]
    [InlineData(100_000, 7)]
    public async Task SplitThenRead_GivesTheTensorBack(int count, int chunks)
    {
        var elements = Enumerable.Range(0, count).Select(i => i * 0.5f - 3).ToArray();
        var tensor = new TensorPayload("noise", ElementType.F32, [1, count], MemoryMarshal.AsBytes<float>(elements).ToArray());

        var frames = TensorFrames.Split(tensor).ToList();
        var read = await TensorFrames.ReadAsync(Stream(frames));

        Assert.Equal(1 + chunks, frames.Count);
        Assert.Equal("noise", read.Name);
        Assert.Equal(ElementType.F32, read.ElementType);
        Assert.Equal([1L, count], read.Shape);
        Assert.Equal(elements, MemoryMarshal.Cast<byte, float>(read.Bytes.Span).ToArray());
    }

    [Fact]
    public async Task ReadAll_GivesEveryTensorInOrder_EmptyAndScalarToo()
    {
        TensorPayload[] sent =
        [
            new("a", ElementType.U8, [2, 3], new byte[] { 1, 2, 3, 4, 5, 6 }),
            new("empty", ElementType.F32, [4, 0], Array.Empty<byte>()),
            new("scalar", ElementType.I64, [], new byte[] { 9, 0, 0, 0, 0, 0, 0, 0 }),
        ];

        var read = await TensorFrames.ReadAllAsync(Stream(sent.SelectMany(TensorFrames.Split))).ToListAsync();

        Assert.Equal(sent.Select(tensor => tensor.Name), read.Select(tensor => tensor.Name));
        Assert.Equal(sent.Select(tensor => tensor.Bytes.ToArray()), read.Select(tensor => tensor.Bytes.ToArray()));
        Assert.Equal([], read[2].Shape);
    }

    [Fact]
    public void Split_WhenShapeAndBytesDisagree_Throws()
    {
        var tensor = new TensorPayload("x", ElementType.F16, [3], new byte[5]);

        var thrown = Assert.Throws<InvalidDataException>(() => TensorFrames.Split(tensor));

        Assert.Equal("The shape needs 6 bytes, there are 5.", thrown.Message);
    }

    public static TheoryData<string, TensorFrame[], string> BadStreams => new()
    {
        { "nothing", [], "The stream ended before a tensor was opened." },
        { "empty frame", [new()], "A frame carries neither header nor chunk." },
        { "chunk first", [Chunk(0, 4)], "A chunk arrived before its header." },
        { "two headers", [Header("a", 4), Header("b", 4)], "A second tensor was opened before the first was complete." },
        { "same name", [Header("a", 0), Header("a", 0)], "Two tensors are called 'a'." },
        { "two tensors", [Header("a", 0), Header("b", 0)], "More than one tensor was sent." },
        { "chunk after the end", [Header("a", 4), Chunk(0, 4), Chunk(4, 1)], "A chunk arrived before its header." },
        { "gap", [Header("a", 8), Chunk(0, 2), Chunk(3, 5)], "Chunk at 3, expected 2." },
        { "overlap", [Header("a", 8), Chunk(0, 4), Chunk(2, 4)], "Chunk at 2, expected 4." },
        { "empty chunk", [Header("a", 4), Chunk(0, 0)], "Chunk of 0 bytes." },
        { "large chunk", [Header("a", 70000), Chunk(0, 65537)], "Chunk of 65537 bytes." },
        { "too much", [Header("a", 4), Chunk(0, 5)], "More bytes than the header announced." },
        { "too little", [Header("a", 8), Chunk(0, 4)], "The stream ended after 4 of 8 bytes." },
        { "wrong length", [Header("a", 4, byteLength: 5)], "byte_length is 5, the shape needs 4." },
        { "no type", [Header("a", 4, type: ElementType.Unspecified)], "Element type 0 is unknown." },
        { "foreign type", [Header("a", 4, type: (ElementType)99)], "Element type 99 is unknown." },
        { "negative axis", [Header("a", -1)], "An axis of extent -1 is outside 0 to 268435456." },
        {
            "over the limit", [Shaped(16385, 16384)],
            "Shape [16385, 16384] needs more than the limit of 268435456 bytes."
        },
        {
            "overflow", [Shaped(1L << 28, 1L << 28, 1L << 28)],
            "Shape [268435456, 268435456, 268435456] needs more than the limit of 268435456 bytes."
        },
        { "huge beside zero", [Shaped(0, long.MaxValue)], $"An axis of extent {long.MaxValue} is outside 0 to 268435456." },
        { "nine axes", [Shaped(1, 1, 1, 1, 1, 1, 1, 1, 1)], "A tensor has 9 axes, at most 8 are allowed." },
    };

    [Theory]
    [MemberData(nameof(BadStreams))]
    public async Task Read_BadStream_IsRefusedWithItsReason(string name, TensorFrame[] frames, string reason)
    {
        var thrown = await Assert.ThrowsAsync<InvalidDataException>(() => TensorFrames.ReadAsync(Stream(frames)));

        Assert.True(reason == thrown.Message, $"{name}: {thrown.Message}");
    }

    [Fact]
    public async Task Read_Cancelled_Stops()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => TensorFrames.ReadAsync(Stream([Header("a", 4)]), new CancellationToken(canceled: true)));
    }

    private static TensorFrame Header(
        string name,
        long extent,
        long? byteLength = null,
        ElementType type = ElementType.U8) => new()
        {
            Header = new TensorHeader
            {
                Name = name,
                ElementType = type,
                Shape = { extent },
                ByteLength = byteLength ?? extent,
            },
        };

    private static TensorFrame Shaped(params long[] shape) => new()
    {
        Header = new TensorHeader { Name = "a", ElementType = ElementType.U8, Shape = { shape } },
    };

    private static TensorFrame Chunk(long offset, int count) => new()
    {
        Chunk = new TensorChunk { Offset = offset, Data = ByteString.CopyFrom(new byte[count]) },
    };

    private static async IAsyncEnumerable<TensorFrame> Stream(
        IEnumerable<TensorFrame> frames,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
    {
        foreach (var frame in frames)
        {
            await Task.Yield();
            cancel.ThrowIfCancellationRequested();
            yield return frame;
        }
    }
}
