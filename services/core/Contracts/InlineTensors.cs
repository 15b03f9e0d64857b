using System.Runtime.InteropServices;
using Google.Protobuf;
using Realiz3D.Mesh.Contracts.Tensors.V1;

namespace Realiz3D.Mesh.Contracts;

/// <summary>Small whole tensors in unary messages: latents, scores, embeddings.</summary>
/// <remarks>The machines we run on are little-endian like the wire, so elements are copied as they lie.</remarks>
public static class InlineTensors
{
    /// <summary>Most bytes in an inline tensor.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Packs floats.</summary>
    /// <exception cref="InvalidDataException">Shape and count do not agree, or the tensor is over the limit.</exception>
    public static InlineTensor Pack(ReadOnlySpan<float> elements, params ReadOnlySpan<long> shape) =>
        Pack(ElementType.F32, MemoryMarshal.AsBytes(elements), shape);

    /// <summary>Packs half-precision floats.</summary>
    /// <exception cref="InvalidDataException">Shape and count do not agree, or the tensor is over the limit.</exception>
    public static InlineTensor Pack(ReadOnlySpan<Half> elements, params ReadOnlySpan<long> shape) =>
        Pack(ElementType.F16, MemoryMarshal.AsBytes(elements), shape);

    /// <summary>Packs integers.</summary>
    /// <exception cref="InvalidDataException">Shape and count do not agree, or the tensor is over the limit.</exception>
    public static InlineTensor Pack(ReadOnlySpan<long> elements, params ReadOnlySpan<long> shape) =>
        Pack(ElementType.I64, MemoryMarshal.AsBytes(elements), shape);

    /// <summary>Packs bytes of any type.</summary>
    /// <exception cref="InvalidDataException">Shape and count do not agree, or the tensor is over the limit.</exception>
    public static InlineTensor Pack(ElementType elementType, ReadOnlySpan<byte> bytes, params ReadOnlySpan<long> shape)
    {
        var tensor = new InlineTensor
        {
            ElementType = elementType,
            Shape = { shape.ToArray() },
            // The one copy: the message is written after the service's method has returned and its tensors are gone.
            Data = ByteString.CopyFrom(bytes),
        };
        Check(tensor, "tensor");
        return tensor;
    }

    /// <summary>Checks a received tensor: known type, at most 1 MiB, and as many bytes as its shape needs.</summary>
    /// <param name="tensor">What arrived; null when the field was not set.</param>
    /// <param name="field">The field's name, for the message.</param>
    /// <exception cref="InvalidDataException">A check fails; the message names the field.</exception>
    public static void Check(InlineTensor? tensor, string field)
    {
        if (tensor is null)
        {
            throw new InvalidDataException($"{field} is not set.");
        }

        try
        {
            var length = TensorLayout.CheckedLength(tensor.ElementType, tensor.Shape, MaxBytes);
            if (length != tensor.Data.Length)
            {
                throw new InvalidDataException($"The shape needs {length} bytes, there are {tensor.Data.Length}.");
            }
        }
        catch (InvalidDataException broken)
        {
            throw new InvalidDataException($"{field}: {broken.Message}", broken);
        }
    }

    /// <summary>Checks a received tensor as <see cref="Check"/> does, and that its elements are floats.</summary>
    /// <param name="tensor">What arrived; null when the field was not set.</param>
    /// <param name="field">The field's name, for the message.</param>
    /// <exception cref="InvalidDataException">A check fails; the message names the field.</exception>
    public static void CheckFloats(InlineTensor? tensor, string field)
    {
        Check(tensor, field);
        if (tensor!.ElementType is not (ElementType.F32 or ElementType.F16 or ElementType.Bf16))
        {
            throw new InvalidDataException($"{field} holds {tensor.ElementType} elements, floats were expected.");
        }
    }

    /// <summary>Checks a received tensor and reads it as floats; F16 and BF16 are widened.</summary>
    /// <param name="tensor">What arrived; null when the field was not set.</param>
    /// <param name="field">The field's name, for the message.</param>
    /// <exception cref="InvalidDataException">A check fails or the elements are integers.</exception>
    public static float[] ReadFloats(InlineTensor? tensor, string field)
    {
        CheckFloats(tensor, field);
        var bytes = tensor!.Data.Span;
        return tensor.ElementType switch
        {
            ElementType.F32 => MemoryMarshal.Cast<byte, float>(bytes).ToArray(),
            ElementType.F16 => Widen(MemoryMarshal.Cast<byte, Half>(bytes), static half => (float)half),
            _ => Widen(
                MemoryMarshal.Cast<byte, ushort>(bytes),
                static upper => BitConverter.UInt32BitsToSingle((uint)upper << 16)),
        };
    }

    private static float[] Widen<T>(ReadOnlySpan<T> elements, Func<T, float> widen)
    {
        var wide = new float[elements.Length];
        for (var i = 0; i < wide.Length; i++)
        {
            wide[i] = widen(elements[i]);
        }

        return wide;
    }
}
