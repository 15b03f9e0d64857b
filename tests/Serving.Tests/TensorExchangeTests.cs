using Grpc.Core;
using Realiz3D.Mesh.Serving.Tests.Wire;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving.Tests;

// On the CPU: what travels are bytes of CPU tensors, and their memory is watched.
/// <summary>Counts bytes of the whole process, so nothing else may run.</summary>
[CollectionDefinition(nameof(TensorExchangeTests), DisableParallelization = true)]
public sealed class AloneInTheProcess;

/// <summary>Tensors over a real server, native memory on both sides, through stock stubs.</summary>
[Collection(nameof(TensorExchangeTests))]
public sealed class TensorExchangeTests(ExchangeHost host) : IClassFixture<ExchangeHost>
{
    private const int ChunkBytes = 64 * 1024;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Exchange_AnswersEveryTensor_OfAnySizeAndType()
    {
        (string Name, Tensor Value)[] sent =
        [
            ("one", ones(1, 1)),
            ("chunk", arange(16384).to(ScalarType.Float32)),
            ("chunk and one", arange(16385).to(ScalarType.Float32).reshape(5, 3277)),
            ("half", rand([3, 5, 7], ScalarType.Float16)),
            ("brain", rand([50_000], ScalarType.BFloat16)),
            ("whole", arange(40_000)),
            ("bytes", arange(200).to(ScalarType.Byte)),
            ("strided", arange(100_000).to(ScalarType.Float32).reshape(100, 1000).t()),
            ("scalar", tensor(4f)),
            ("none", zeros(0, 3)),
        ];

        var answered = await ExchangeAsync(1, sent);

        Assert.Equal(sent.Select(each => each.Name), answered.Select(each => each.Name));
        foreach (var ((name, value), (_, answer)) in sent.Zip(answered))
        {
            Assert.Equal(value.dtype, answer.dtype);
            Assert.Equal(value.shape, answer.shape);
            Assert.True(value.contiguous().bytes.SequenceEqual(answer.bytes), name);
            value.Dispose();
            answer.Dispose();
        }
    }

    /// <remarks>
    /// Writing and reading a message costs the libraries a few KiB. One array for each chunk, anywhere on the way, would be
    /// 32 KiB more, as only half of the messages pass there.
    /// </remarks>
    [Fact]
    public async Task Exchange_AllocatesNoChunk()
    {
        const int Chunks = 256;
        using var sent = rand(Chunks * ChunkBytes / sizeof(float));
        using var doubled = sent * 2;
        for (var warmUp = 0; warmUp < 3; warmUp++)
        {
            (await ExchangeAsync(1, ("x", sent))).Single().Value.Dispose();
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        var answered = await ExchangeAsync(2, ("x", sent));
        var bytes = GC.GetTotalAllocatedBytes(precise: true) - before;

        using var answer = answered.Single().Value;
        Assert.True(doubled.bytes.SequenceEqual(answer.bytes));
        const int Messages = 2 * Chunks; // there and back; each is written once and read once
        Assert.InRange(bytes / Messages, 0, ChunkBytes / 8);
    }

    [Fact]
    public async Task WriteTensor_WhoseTensorIsDisposedMeanwhile_SendsItAllTheSame()
    {
        var elements = Enumerable.Range(0, 100_000).Select(i => (float)i).ToArray();
        var sent = tensor(elements);
        using var call = host.Client.Exchange(deadline: DateTime.UtcNow + Patience);
        await call.RequestStream.WriteAsync(new ExchangeRequest { Job = new Job { Factor = 1 } });
        var reading = ReadAsync(call.ResponseStream);

        var first = true;
        await call.RequestStream.WriteTensorAsync("x", sent, frame =>
        {
            if (first)
            {
                first = false;
                sent.Dispose();
                full([100_000], 7f).Dispose(); // takes the memory, were it free
            }

            return new ExchangeRequest { Frame = frame };
        });
        await call.RequestStream.CompleteAsync();

        using var answer = (await reading.WaitAsync(Patience)).Single().Value;
        Assert.True(sent.IsInvalid);
        Assert.Equal(elements, answer.data<float>().ToArray());
    }

    private async Task<List<(string Name, Tensor Value)>> ExchangeAsync(long factor, params (string Name, Tensor Value)[] tensors)
    {
        using var call = host.Client.Exchange(deadline: DateTime.UtcNow + Patience);
        await call.RequestStream.WriteAsync(new ExchangeRequest { Job = new Job { Factor = factor } });
        var reading = ReadAsync(call.ResponseStream);
        foreach (var (name, value) in tensors)
        {
            await call.RequestStream.WriteTensorAsync(name, value, frame => new ExchangeRequest { Frame = frame });
        }

        await call.RequestStream.CompleteAsync();
        return await reading.WaitAsync(Patience);
    }

    private static async Task<List<(string Name, Tensor Value)>> ReadAsync(IAsyncStreamReader<ExchangeResponse> responses)
    {
        List<(string, Tensor)> read = [];
        await foreach (var tensor in WireTensors.ReadAllAsync(responses.ReadAllAsync().Select(response => response.Frame)))
        {
            read.Add(tensor);
        }

        return read;
    }
}
