using Grpc.Core;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Tensors.V1;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving.Tests;

// On the CPU: what travels are bytes of CPU tensors, and their memory is watched.
/// <summary>Tensors of libtorch to messages and back, and who ends which.</summary>
public class WireTensorsTests
{
    private static long Live => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    [Fact]
    public Task Write_ShowsTheTensorsOwnMemory_AndLetsGoAfterwards() => Alone(async () =>
    {
        var before = Live;
        using var sent = ones(20_000);
        var writer = new CollectingWriter(() => sent.fill_(3).Dispose());

        await writer.WriteTensorAsync("x", sent, frame => frame);

        // Filled in between: the header and the chunk after it. The last chunk shows what lies there when it is written.
        Assert.Equal([null, 1f, 3f], writer.FirstElements);
        Assert.All(writer.Frames.Skip(1), frame => Assert.Throws<ObjectDisposedException>(() => frame.Chunk.Data.Span.Length));
        Assert.Equal(before + 1, Live);
    });

    [Fact]
    public Task Write_ThatFails_LetsGoToo() => Alone(async () =>
    {
        var before = Live;
        using (var sent = ones(20_000))
        {
            var writer = new CollectingWriter(() => throw new IOException("gone"));
            await Assert.ThrowsAsync<IOException>(() => writer.WriteTensorAsync("x", sent, frame => frame));
            Assert.Throws<ObjectDisposedException>(() => writer.Frames[1].Chunk.Data.Span.Length);
        }

        Assert.Equal(before, Live);
    });

    [Fact]
    public async Task Write_OfATypeThatDoesNotTravel_SaysWhich()
    {
        using var sent = zeros(2, ScalarType.Float64);

        var thrown = await Assert.ThrowsAsync<InvalidDataException>(
            () => new CollectingWriter(() => { }).WriteTensorAsync("x", sent, frame => frame));

        Assert.StartsWith("Tensors of type Float64 do not travel", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public Task Read_ThatBreaksOff_EndsTheOpenTensor() => Alone(async () =>
    {
        var before = Live;
        var header = new TensorFrame
        {
            Header = new TensorHeader { Name = "x", ElementType = ElementType.F32, Shape = { 4 }, ByteLength = 16 },
        };

        await Assert.ThrowsAsync<InvalidDataException>(
            async () => await WireTensors.ReadAllAsync(new[] { header }.ToAsyncEnumerable()).ToListAsync());

        Assert.Equal(before, Live);
    });

    [Fact]
    public Task Pack_ThenReadFloats_GivesTheTensorBack() => Alone(() =>
    {
        var before = Live;
        using (NewDisposeScope())
        {
            var strided = arange(12).to(ScalarType.Float32).reshape(3, 4).t();
            var packed = WireTensors.Pack(strided);
            using var read = WireTensors.ReadFloats(packed, "x", CPU);

            Assert.Equal([4L, 3L], packed.Shape);
            Assert.Equal(Enumerable.Range(0, 12).Select(i => (float)((i % 3 * 4) + (i / 3))), InlineTensors.ReadFloats(packed, "x"));
            Assert.Equal(strided.data<float>().ToArray(), read.data<float>().ToArray());
        }

        Assert.Equal(before, Live);
        return Task.CompletedTask;
    });

    [Fact]
    public void ReadFloats_WidensHalves_AndRefusesIntegers()
    {
        using var halves = tensor(new[] { 0.5f, -2f, 65504f }).to(ScalarType.Float16);
        using var brains = tensor(new[] { 1f, -10f }).to(ScalarType.BFloat16);
        using var integers = tensor(new[] { 1L });

        using var wideHalves = WireTensors.ReadFloats(WireTensors.Pack(halves), "x", CPU);
        using var wideBrains = WireTensors.ReadFloats(WireTensors.Pack(brains), "x", CPU);
        var thrown = Assert.Throws<InvalidDataException>(() => WireTensors.ReadFloats(WireTensors.Pack(integers), "x", CPU));

        Assert.Equal([0.5f, -2f, 65504f], wideHalves.data<float>().ToArray());
        Assert.Equal([1f, -10f], wideBrains.data<float>().ToArray());
        Assert.Equal("x holds I64 elements, floats were expected.", thrown.Message);
    }

    /// <summary>A thread of its own, which nothing here leaves: what other tests left to the collector must not change its counts.</summary>
    private static Task Alone(Func<Task> body) => Task.Factory.StartNew(
        () => body().GetAwaiter().GetResult(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Keeps what is written, and calls back after the first chunk.</summary>
    private sealed class CollectingWriter(Action afterFirstChunk) : IAsyncStreamWriter<TensorFrame>
    {
        public List<TensorFrame> Frames { get; } = [];

        public List<float?> FirstElements { get; } = [];

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(TensorFrame message)
        {
            Frames.Add(message);
            FirstElements.Add(message.Chunk is { } chunk ? BitConverter.ToSingle(chunk.Data.Span) : null);
            if (Frames.Count == 2)
            {
                afterFirstChunk();
            }

            return Task.CompletedTask;
        }
    }
}
