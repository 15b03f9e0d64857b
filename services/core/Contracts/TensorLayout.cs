using Realiz3D.Mesh.Contracts.Tensors.V1;

namespace Realiz3D.Mesh.Contracts;

/// <summary>Sizes of tensors on the wire, checked before memory is asked for.</summary>
public static class TensorLayout
{
    /// <summary>Most axes a tensor may have.</summary>
    public const int MaxRank = 8;

    /// <summary>Size of one element in bytes.</summary>
    /// <exception cref="InvalidDataException">The type is not set or unknown.</exception>
    public static int ElementSize(ElementType elementType) => elementType switch
    {
        ElementType.F32 => 4,
        ElementType.F16 or ElementType.Bf16 => 2,
        ElementType.I64 => 8,
        ElementType.U8 => 1,
        _ => throw new InvalidDataException($"Element type {(int)elementType} is unknown."),
    };

    /// <summary>product(shape) x element size, if it stays within a limit.</summary>
    /// <remarks>The limit is checked after each axis, so a forged shape can neither overflow nor ask for more.</remarks>
    /// <exception cref="InvalidDataException">An axis is negative, there are too many, or the limit is passed.</exception>
    public static int CheckedLength(ElementType elementType, IReadOnlyList<long> shape, int limitBytes)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (shape.Count > MaxRank)
        {
            throw new InvalidDataException($"A tensor has {shape.Count} axes, at most {MaxRank} are allowed.");
        }

        // An axis of extent 0 makes the product 0; the others must still be sane one by one.
        long length = ElementSize(elementType);
        foreach (var extent in shape)
        {
            if (extent < 0 || extent > limitBytes)
            {
                throw new InvalidDataException($"An axis of extent {extent} is outside 0 to {limitBytes}.");
            }

            length *= extent;
            if (length > limitBytes)
            {
                throw new InvalidDataException(
                    $"Shape [{string.Join(", ", shape)}] needs more than the limit of {limitBytes} bytes.");
            }
        }

        return (int)length;
    }
}
