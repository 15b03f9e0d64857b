using System.Runtime.CompilerServices;
using Grpc.Core;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Tensors.V1;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving;

/// <summary>Tensors of libtorch to the wire and back, between native memory and messages without arrays between.</summary>
public static class WireTensors
{
    /// <summary>Writes a tensor to a stream, header first. A contiguous CPU tensor is read where it lies.</summary>
    /// <remarks>
    /// The memory is held until the last frame is written, so the caller may dispose the tensor meanwhile. Changes made to
    /// its elements meanwhile may travel.
    /// </remarks>
    /// <param name="stream">Where to.</param>
    /// <param name="name">Role within the call.</param>
    /// <param name="tensor">Any shape and device.</param>
    /// <param name="message">Puts a frame into the stream's message.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="InvalidDataException">The tensor is over the limit, or of a type that does not travel.</exception>
    public static async Task WriteTensorAsync<T>(
        this IAsyncStreamWriter<T> stream,
        string name,
        Tensor tensor,
        Func<TensorFrame, T> message,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(tensor);
        ArgumentNullException.ThrowIfNull(message);
        var (elementType, shape) = (ElementTypeOf(tensor.dtype), tensor.shape);
        TensorLayout.CheckedLength(elementType, shape, TensorFrames.MaxTensorBytes); // before a device copies anything
        using var memory = new TensorMemory(OnHost(tensor));
        foreach (var frame in TensorFrames.Split(new TensorPayload(name, elementType, shape, memory.Memory)))
        {
            await stream.WriteAsync(message(frame), cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Reads the tensors of a stream straight into native memory, each as soon as it is complete.</summary>
    /// <returns>Names and tensors on the CPU, of no dispose scope. The caller disposes them.</returns>
    /// <exception cref="InvalidDataException">The stream breaks a rule; the message says which.</exception>
    public static async IAsyncEnumerable<(string Name, Tensor Value)> ReadAllAsync(
        IAsyncEnumerable<TensorFrame> frames,
        [EnumeratorCancellation] CancellationToken cancel = default)
    {
        TensorMemory? open = null;
        try
        {
            var payloads = TensorFrames.ReadAllAsync(
                frames,
                header => (open = new TensorMemory(Empty(header.ElementType, header.Shape).DetachFromDisposeScope())).Memory,
                cancel);
            await foreach (var payload in payloads.ConfigureAwait(false))
            {
                var value = open!.Release();
                open = null;
                yield return (payload.Name, value);
            }
        }
        finally
        {
            ((IDisposable?)open)?.Dispose();
        }
    }

    /// <summary>Packs a small tensor into a unary message.</summary>
    /// <exception cref="InvalidDataException">The tensor is over the limit, or of a type that does not travel.</exception>
    public static InlineTensor Pack(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var (elementType, shape) = (ElementTypeOf(tensor.dtype), tensor.shape);
        TensorLayout.CheckedLength(elementType, shape, InlineTensors.MaxBytes);
        using var host = OnHost(tensor);
        return InlineTensors.Pack(elementType, host.bytes, shape);
    }

    /// <summary>Checks a received tensor and reads it as F32.</summary>
    /// <param name="tensor">What arrived; null when the field was not set.</param>
    /// <param name="field">The field's name, for the message.</param>
    /// <param name="device">Where to.</param>
    /// <returns>The tensor, of no dispose scope. The caller disposes it.</returns>
    /// <exception cref="InvalidDataException">A check fails or the elements are integers.</exception>
    public static Tensor ReadFloats(InlineTensor? tensor, string field, Device device)
    {
        InlineTensors.CheckFloats(tensor, field);
        using var scope = NewDisposeScope();
        var values = Empty(tensor!.ElementType, tensor.Shape);
        tensor.Data.Span.CopyTo(values.bytes);
        return values.to(device).to(ScalarType.Float32).DetachFromDisposeScope();
    }

    /// <summary>A handle of its own: what the caller does with theirs, dispose it for one, does not touch this one.</summary>
    private static Tensor OnHost(Tensor tensor)
    {
        using var scope = NewDisposeScope();
        return tensor.detach().cpu().contiguous().DetachFromDisposeScope();
    }

    private static Tensor Empty(ElementType elementType, IEnumerable<long> shape) =>
        empty([.. shape], ScalarTypeOf(elementType));

    private static ElementType ElementTypeOf(ScalarType type) => type switch
    {
        ScalarType.Float32 => ElementType.F32,
        ScalarType.Float16 => ElementType.F16,
        ScalarType.BFloat16 => ElementType.Bf16,
        ScalarType.Int64 => ElementType.I64,
        ScalarType.Byte => ElementType.U8,
        _ => throw new InvalidDataException(
            $"Tensors of type {type} do not travel; convert them to Float32, Float16, BFloat16, Int64 or Byte."),
    };

    private static ScalarType ScalarTypeOf(ElementType type) => type switch
    {
        ElementType.F32 => ScalarType.Float32,
        ElementType.F16 => ScalarType.Float16,
        ElementType.Bf16 => ScalarType.BFloat16,
        ElementType.I64 => ScalarType.Int64,
        ElementType.U8 => ScalarType.Byte,
        _ => throw new InvalidDataException($"Element type {(int)type} is unknown."),
    };
}
