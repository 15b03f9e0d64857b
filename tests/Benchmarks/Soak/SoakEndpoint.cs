using System.Diagnostics;
using System.Runtime.CompilerServices;
using Grpc.Core;
using Realiz3D.Mesh.Benchmarks.Soak.Wire;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Tensors.V1;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Benchmarks.Soak;

/// <summary>Serves the soak's own calls; the mesh itself has none that streams tensors.</summary>
internal sealed class SoakEndpoint : SoakService.SoakServiceBase
{
    private const int Failure = 1;

    public override async Task<DoubleResponse> Double(DoubleRequest request, ServerCallContext context)
    {
        using var x = Read(request.Values);
        using var doubled = (x * 2).DetachFromDisposeScope();
        if (request.Failure != 0)
        {
            throw request.Failure == Failure
                ? new RpcException(new Status(StatusCode.FailedPrecondition, "Asked to fail."))
                : new InvalidOperationException("Asked to break.");
        }

        var end = Stopwatch.GetTimestamp() + (request.WorkMilliseconds * Stopwatch.Frequency / 1000);
        while (Stopwatch.GetTimestamp() < end)
        {
            context.CancellationToken.ThrowIfCancellationRequested();
            await Task.Run(Work, context.CancellationToken);
        }

        return new DoubleResponse { Values = Pack(doubled) };
    }

    public override async Task<DoubleResponse> DoubleSum(IAsyncStreamReader<TensorFrame> requestStream, ServerCallContext context)
    {
        Tensor? sum = null;
        try
        {
            await foreach (var part in TensorsOf(requestStream, context.CancellationToken))
            {
                using var x = Read(part);
                if (sum is null)
                {
                    sum = x.clone().DetachFromDisposeScope();
                }
                else
                {
                    using var same = sum.add_(x);
                }
            }

            using var doubled = ((sum ?? throw Refused("No tensor came.")) * 2).DetachFromDisposeScope();
            return new DoubleResponse { Values = Pack(doubled) };
        }
        finally
        {
            sum?.Dispose();
        }
    }

    public override async Task Powers(PowersRequest request, IServerStreamWriter<TensorFrame> responseStream, ServerCallContext context)
    {
        var x = Read(request.Values);
        try
        {
            for (var power = 0; power < request.Count; power++)
            {
                await Task.Delay(request.PauseMilliseconds, context.CancellationToken);
                var next = (x * 2).DetachFromDisposeScope();
                x.Dispose();
                x = next;
                await WriteAsync(responseStream, x, $"power {power}", context.CancellationToken);
            }
        }
        finally
        {
            x.Dispose();
        }
    }

    public override async Task DoubleEach(
        IAsyncStreamReader<TensorFrame> requestStream, IServerStreamWriter<TensorFrame> responseStream, ServerCallContext context)
    {
        await foreach (var part in TensorsOf(requestStream, context.CancellationToken))
        {
            using var x = Read(part);
            using var doubled = (x * 2).DetachFromDisposeScope();
            await WriteAsync(responseStream, doubled, part.Name, context.CancellationToken);
        }
    }

    private static void Work()
    {
        using var scope = NewDisposeScope();
        var x = ones(32, 32);
        _ = x.matmul(x).softmax(-1).sum();
    }

    private static async Task WriteAsync(IServerStreamWriter<TensorFrame> responses, Tensor values, string name, CancellationToken cancel)
    {
        var payload = new TensorPayload(name, ElementType.F32, values.shape, values.bytes.ToArray());
        foreach (var frame in TensorFrames.Split(payload))
        {
            await responses.WriteAsync(frame, cancel);
        }
    }

    private static async IAsyncEnumerable<TensorPayload> TensorsOf(
        IAsyncStreamReader<TensorFrame> frames, [EnumeratorCancellation] CancellationToken cancel)
    {
        await using var tensors = TensorFrames.ReadAllAsync(frames.ReadAllAsync(cancel), cancel).GetAsyncEnumerator(cancel);
        while (await Next(tensors))
        {
            yield return tensors.Current;
        }
    }

    private static async Task<bool> Next(IAsyncEnumerator<TensorPayload> tensors)
    {
        try
        {
            return await tensors.MoveNextAsync();
        }
        catch (InvalidDataException broken)
        {
            throw Refused(broken.Message);
        }
    }

    private static Tensor Read(InlineTensor? values)
    {
        try
        {
            return tensor(InlineTensors.ReadFloats(values, "values"), [.. values!.Shape]).DetachFromDisposeScope();
        }
        catch (InvalidDataException broken)
        {
            throw Refused(broken.Message);
        }
    }

    private static Tensor Read(TensorPayload payload)
    {
        var made = empty([.. payload.Shape], ScalarType.Float32).DetachFromDisposeScope();
        payload.Bytes.Span.CopyTo(made.bytes);
        return made;
    }

    private static InlineTensor Pack(Tensor values) => InlineTensors.Pack(values.data<float>().ToArray(), values.shape);

    private static RpcException Refused(string problem) => new(new Status(StatusCode.InvalidArgument, problem));
}
