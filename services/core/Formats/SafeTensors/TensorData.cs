namespace Realiz3D.Mesh.Formats;

/// <summary>One tensor in memory, to be written: type, extents, row-major little-endian bytes.</summary>
/// <param name="Kind">Type of every element.</param>
/// <param name="Shape">Extent of each axis, outermost first; empty for a scalar.</param>
/// <param name="Bytes">product(shape) x element size bytes.</param>
public sealed record TensorData(ElementKind Kind, long[] Shape, byte[] Bytes)
{
    /// <summary>Wraps floats, converted to <paramref name="kind"/>.</summary>
    /// <param name="values">Row-major values.</param>
    /// <param name="shape">Extents.</param>
    /// <param name="kind">Element type to store.</param>
    /// <returns>The tensor.</returns>
    public static TensorData From(ReadOnlySpan<float> values, long[] shape, ElementKind kind = ElementKind.F32) =>
        new(kind, shape, ElementKinds.FromFloats(kind, values));

    /// <summary>Wraps 64-bit integers.</summary>
    /// <param name="values">Row-major values.</param>
    /// <param name="shape">Extents.</param>
    /// <returns>The tensor.</returns>
    public static TensorData From(ReadOnlySpan<long> values, long[] shape)
    {
        var bytes = new byte[values.Length * sizeof(long)];
        for (var i = 0; i < values.Length; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), values[i]);
        }

        return new TensorData(ElementKind.I64, shape, bytes);
    }
}

/// <summary>Where a tensor lies in a safetensors file.</summary>
/// <param name="Kind">Type of every element.</param>
/// <param name="Shape">Extent of each axis, outermost first; empty for a scalar.</param>
/// <param name="Offset">First byte, from the start of the file.</param>
/// <param name="ByteLength">Bytes.</param>
public sealed record TensorEntry(ElementKind Kind, IReadOnlyList<long> Shape, long Offset, long ByteLength)
{
    /// <summary>Number of elements.</summary>
    public long Count => ByteLength / Kind.Size();
}
