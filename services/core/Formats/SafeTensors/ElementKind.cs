using static System.Buffers.Binary.BinaryPrimitives;

namespace Realiz3D.Mesh.Formats;

/// <summary>Type of a tensor's elements, named as safetensors spells them.</summary>
public enum ElementKind
{
    /// <summary>32-bit IEEE float.</summary>
    F32,

    /// <summary>64-bit IEEE float.</summary>
    F64,

    /// <summary>16-bit IEEE float.</summary>
    F16,

    /// <summary>The upper 16 bits of a 32-bit float.</summary>
    BF16,

    /// <summary>64-bit signed integer.</summary>
    I64,

    /// <summary>32-bit signed integer.</summary>
    I32,

    /// <summary>Byte.</summary>
    U8,

    /// <summary>Byte of 0 or 1.</summary>
    BOOL,
}

/// <summary>Sizes and conversions of <see cref="ElementKind"/>.</summary>
public static class ElementKinds
{
    /// <summary>Bytes of one element.</summary>
    /// <param name="kind">Element type.</param>
    /// <returns>1, 2, 4 or 8.</returns>
    public static int Size(this ElementKind kind) => kind switch
    {
        ElementKind.F64 or ElementKind.I64 => 8,
        ElementKind.F32 or ElementKind.I32 => 4,
        ElementKind.F16 or ElementKind.BF16 => 2,
        _ => 1,
    };

    /// <summary>Converts little-endian elements to floats. Integers beyond 2^24 are rounded.</summary>
    /// <param name="kind">Type of the source.</param>
    /// <param name="source">Bytes, a whole number of elements.</param>
    /// <param name="target">One float per element.</param>
    public static void ToFloats(ElementKind kind, ReadOnlySpan<byte> source, Span<float> target)
    {
        for (var i = 0; i < target.Length; i++)
        {
            var at = source[(i * kind.Size())..];
            target[i] = kind switch
            {
                ElementKind.F32 => ReadSingleLittleEndian(at),
                ElementKind.F64 => (float)ReadDoubleLittleEndian(at),
                ElementKind.F16 => (float)ReadHalfLittleEndian(at),
                ElementKind.BF16 => BitConverter.UInt32BitsToSingle((uint)ReadUInt16LittleEndian(at) << 16),
                ElementKind.I64 => ReadInt64LittleEndian(at),
                ElementKind.I32 => ReadInt32LittleEndian(at),
                _ => at[0],
            };
        }
    }

    /// <summary>Converts floats to little-endian elements; halves round to nearest even, integers truncate.</summary>
    /// <param name="kind">Type of the target.</param>
    /// <param name="source">Values.</param>
    /// <returns>Their bytes.</returns>
    public static byte[] FromFloats(ElementKind kind, ReadOnlySpan<float> source)
    {
        var bytes = new byte[checked(source.Length * kind.Size())];
        for (var i = 0; i < source.Length; i++)
        {
            var at = bytes.AsSpan(i * kind.Size());
            switch (kind)
            {
                case ElementKind.F32: WriteSingleLittleEndian(at, source[i]); break;
                case ElementKind.F64: WriteDoubleLittleEndian(at, source[i]); break;
                case ElementKind.F16: WriteHalfLittleEndian(at, (Half)source[i]); break;
                case ElementKind.BF16: WriteUInt16LittleEndian(at, ToBrainFloat(source[i])); break;
                case ElementKind.I64: WriteInt64LittleEndian(at, (long)source[i]); break;
                case ElementKind.I32: WriteInt32LittleEndian(at, (int)source[i]); break;
                case ElementKind.BOOL: at[0] = source[i] != 0 ? (byte)1 : (byte)0; break;
                default: at[0] = (byte)source[i]; break;
            }
        }

        return bytes;
    }

    private static ushort ToBrainFloat(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value))
        {
            return (ushort)((bits >> 16) | 0x40); // rounding could turn a NaN into infinity
        }

        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
