using System.Runtime.InteropServices;
using Grpc.Core;
using Grpc.Net.Client;
using Realiz3D.Mesh.Benchmarks.Soak.Wire;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Tensors.V1;

namespace Realiz3D.Mesh.Benchmarks.Soak;

/// <summary>Calls of <see cref="SoakServer"/>: all four kinds, tensors both ways, failures on demand.</summary>
internal sealed class OwnCalls(GrpcChannel channel)
{
    private const int MostFloats = 60_000; // 240 KB, four frames
    private readonly SoakService.SoakServiceClient _client = new(channel);

    /// <summary>The kinds and how often each is made.</summary>
    public IReadOnlyList<SoakCall> Kinds =>
    [
        new("own/Double", 300, 10, DoubleAsync),
        new("own/Double, working", 60, 30, WorkAsync),
        new("own/Double, failing", 60, 10, FailAsync, StatusCode.FailedPrecondition, StatusCode.Internal),
        new("own/Double, refused", 30, 10, RefuseAsync, StatusCode.InvalidArgument),
        new("own/DoubleSum", 110, 20, DoubleSumAsync),
        new("own/Powers", 100, 30, PowersAsync),
        new("own/DoubleEach", 120, 30, DoubleEachAsync),
        new("own/DoubleEach, broken stream", 30, 20, BreakAsync, StatusCode.InvalidArgument),
    ];

    private static float[] Floats(Random random)
    {
        var floats = new float[1 + (int)(MostFloats * Math.Pow(random.NextDouble(), 3))];
        Array.Fill(floats, random.Next(1, 1000));
        return floats;
    }

    private static TensorPayload Payload(float[] floats, string name = "x") =>
        new(name, ElementType.F32, [floats.Length], MemoryMarshal.AsBytes(floats.AsSpan()).ToArray());

    private static void RequireTimes(float factor, float[] sent, ReadOnlySpan<byte> received)
    {
        var floats = MemoryMarshal.Cast<byte, float>(received);
        if (floats.Length != sent.Length || floats.ContainsAnyExcept(factor * sent[0]))
        {
            throw new InvalidOperationException($"{factor} times {sent.Length} numbers of {sent[0]} came back as something else.");
        }
    }

    private static async Task SendAsync(IClientStreamWriter<TensorFrame> requests, TensorPayload payload)
    {
        foreach (var frame in TensorFrames.Split(payload))
        {
            await requests.WriteAsync(frame);
        }
    }

    private async Task DoubleAsync(CallOptions options, Random random)
    {
        var floats = Floats(random);
        var answer = await _client.DoubleAsync(new DoubleRequest { Values = InlineTensors.Pack(floats, floats.Length) }, options);
        RequireTimes(2, floats, answer.Values.Data.Span);
    }

    private async Task WorkAsync(CallOptions options, Random random)
    {
        var request = new DoubleRequest { Values = InlineTensors.Pack([1f, 1f], 2), WorkMilliseconds = random.Next(20) };
        RequireTimes(2, [1, 1], (await _client.DoubleAsync(request, options)).Values.Data.Span);
    }

    private async Task FailAsync(CallOptions options, Random random)
    {
        var floats = Floats(random);
        var request = new DoubleRequest { Values = InlineTensors.Pack(floats, floats.Length), Failure = random.Next(1, 3) };
        await _client.DoubleAsync(request, options);
    }

    private async Task RefuseAsync(CallOptions options, Random random) =>
        await _client.DoubleAsync(new DoubleRequest { Values = new InlineTensor { ElementType = ElementType.F32, Shape = { random.Next(1, 9) } } }, options);

    private async Task DoubleSumAsync(CallOptions options, Random random)
    {
        var (floats, count) = (Floats(random), random.Next(1, 5));
        using var call = _client.DoubleSum(options);
        for (var i = 0; i < count; i++)
        {
            await SendAsync(call.RequestStream, Payload(floats, $"x{i}"));
        }

        await call.RequestStream.CompleteAsync();
        RequireTimes(2 * count, floats, (await call.ResponseAsync).Values.Data.Span);
    }

    private async Task PowersAsync(CallOptions options, Random random)
    {
        var floats = Floats(random);
        var request = new PowersRequest
        {
            Values = InlineTensors.Pack(floats, floats.Length),
            Count = random.Next(1, 6),
            PauseMilliseconds = random.Next(4),
        };
        using var call = _client.Powers(request, options);
        var factor = 1f;
        await foreach (var power in TensorFrames.ReadAllAsync(call.ResponseStream.ReadAllAsync()))
        {
            RequireTimes(factor *= 2, floats, power.Bytes.Span);
            if (random.Next(12) == 0)
            {
                return; // a reader that has seen enough: disposing the call cancels it
            }
        }
    }

    private async Task DoubleEachAsync(CallOptions options, Random random)
    {
        var (floats, count) = (Floats(random), random.Next(1, 5));
        using var call = _client.DoubleEach(options);
        await using var answers = TensorFrames.ReadAllAsync(call.ResponseStream.ReadAllAsync()).GetAsyncEnumerator();
        for (var i = 0; i < count; i++)
        {
            await SendAsync(call.RequestStream, Payload(floats, $"x{i}"));
            if (!await answers.MoveNextAsync())
            {
                throw new InvalidOperationException($"The answers ended after {i} of {count} tensors.");
            }

            RequireTimes(2, floats, answers.Current.Bytes.Span);
        }

        await call.RequestStream.CompleteAsync();
        _ = await answers.MoveNextAsync();
    }

    private async Task BreakAsync(CallOptions options, Random random)
    {
        using var call = _client.DoubleEach(options);
        foreach (var frame in TensorFrames.Split(Payload(Floats(random))).Take(1))
        {
            await call.RequestStream.WriteAsync(frame);
        }

        await call.RequestStream.CompleteAsync();
        await foreach (var _ in call.ResponseStream.ReadAllAsync())
        {
            throw new InvalidOperationException("A stream without its last frames was answered.");
        }
    }
}
