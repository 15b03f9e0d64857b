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

    /// <summary>Checks a received tensor and reads it as floats; F16 and BF16 are widened.</summary>
    /// <param name="tensor">What arrived; null when the field was not set.</param>
    /// <param name="field">The field's name, for the message.</param>
    /// <exception cref="InvalidDataException">A check fails or the elements are integers.</exception>
    public static float[] ReadFloats(InlineTensor? tensor, string field)
    {
        Check(tensor, field);
        var bytes = tensor!.Data.Span;
        switch (tensor.ElementType)
        {
            case ElementType.F32:
                return MemoryMarshal.Cast<byte, float>(bytes).ToArray();
            case ElementType.F16:
                return Widen(MemoryMarshal.Cast<byte, Half>(bytes), static half => (float)half);
            case ElementType.Bf16:
                return Widen(
                    MemoryMarshal.Cast<byte, ushort>(bytes),
                    static upper => BitConverter.UInt32BitsToSingle((uint)upper << 16));
            default:
                throw new InvalidDataException($"{field} holds {tensor.ElementType} elements, floats were expected.");
        }
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

    private static InlineTensor Pack(ElementType elementType, ReadOnlySpan<byte> bytes, ReadOnlySpan<long> shape)
    {
        var tensor = new InlineTensor
        {
            ElementType = elementType,
            Shape = { shape.ToArray() },
            Data = ByteString.CopyFrom(bytes),
        };
        Check(tensor, "tensor");
        return tensor;
    }
}
