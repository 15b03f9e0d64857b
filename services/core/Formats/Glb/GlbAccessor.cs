using System.Buffers.Binary;

namespace Realiz3D.Mesh.Formats;

/// <summary>A typed, strided, bounds-checked window on a GLB's bytes.</summary>
internal sealed class GlbAccessor
{
    private readonly string _file;
    private readonly int _index;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly int _stride;
    private readonly int _component;
    private readonly bool _normalized;

    public GlbAccessor(GlbDocument document, string file, int index, int maxCount)
    {
        (_file, _index) = (file, index);
        var accessor = document.Item("accessors", index);
        var count = accessor.Whole("count");
        if (count < 0 || count > maxCount)
        {
            throw Fault($"has {count} elements; 0 to {maxCount} are read");
        }

        Count = (int)count;
        Width = accessor.Text("type") switch
        {
            "SCALAR" => 1,
            "VEC2" => 2,
            "VEC3" => 3,
            "VEC4" => 4,
            var other => throw Fault($"has the type {other}"),
        };
        _component = accessor.Index("componentType");
        _normalized = accessor.Flag("normalized");
        var size = Width * ComponentSize;
        var sparse = accessor.Maybe("sparse");
        (_bytes, _stride) = accessor.Maybe("bufferView") is not null ? Dense(document, accessor, size)
            : sparse is null ? throw Fault("has no bufferView")
            : Count > document.ByteCount ? throw Fault($"claims {Count} elements, more than the file has bytes")
            : (new byte[Count * size], size);
        if (sparse is { } replaced)
        {
            var elements = Packed(size);
            if (GlbSparse.Apply(document, replaced, elements, size) is { } problem)
            {
                throw Fault(problem);
            }

            (_bytes, _stride) = (elements, size);
        }
    }

    public int Count { get; }

    public int Width { get; }

    private int ComponentSize => _component switch
    {
        5120 or 5121 => 1,
        5122 or 5123 => 2,
        5125 or 5126 => 4,
        _ => throw Fault($"has the component type {_component}"),
    };

    /// <summary>All elements as finite floats, [Count, Width].</summary>
    public float[] Floats(int width, string what)
    {
        if (Width != width || (_component != 5126 && !(_normalized && _component is 5121 or 5123)))
        {
            throw Fault($"cannot serve as {what}: {Width} components of type {_component}");
        }

        var values = new float[Count * width];
        for (var i = 0; i < values.Length; i++)
        {
            var at = _bytes.Span[((i / width * _stride) + (i % width * ComponentSize))..];
            values[i] = _component switch
            {
                5126 => BinaryPrimitives.ReadSingleLittleEndian(at),
                5123 => BinaryPrimitives.ReadUInt16LittleEndian(at) / 65535f,
                _ => at[0] / 255f,
            };
            if (!float.IsFinite(values[i]))
            {
                throw Fault($"holds a {what} that is not finite");
            }
        }

        return values;
    }

    /// <summary>All elements as vertex indices below <paramref name="vertexCount"/>, [Count].</summary>
    public int[] Indices(int vertexCount)
    {
        if (Width != 1 || _component is not (5121 or 5123 or 5125))
        {
            throw Fault($"cannot serve as indices: {Width} components of type {_component}");
        }

        var values = new int[Count];
        for (var i = 0; i < values.Length; i++)
        {
            var at = _bytes.Span[(i * _stride)..];
            var index = _component switch
            {
                5121 => at[0],
                5123 => BinaryPrimitives.ReadUInt16LittleEndian(at),
                _ => BinaryPrimitives.ReadUInt32LittleEndian(at),
            };
            values[i] = index < (uint)vertexCount ? (int)index : throw Fault($"names vertex {index} of {vertexCount}");
        }

        return values;
    }

    private (ReadOnlyMemory<byte> Bytes, int Stride) Dense(GlbDocument document, System.Text.Json.JsonElement accessor, int size)
    {
        var viewIndex = accessor.Index("bufferView");
        var view = document.View(viewIndex);
        var stride = document.Item("bufferViews", viewIndex).Whole("byteStride", size);
        var offset = accessor.Whole("byteOffset", 0);
        var outside = Count > 0 && (offset > view.Length || (stride * (Count - 1L)) + size > view.Length - offset);
        return stride < size || stride > 252 || offset < 0 || outside
            ? throw Fault($"({Count} elements, stride {stride}, offset {offset}) lies outside bufferViews[{viewIndex}]")
            : (Count == 0 ? default : view[(int)offset..], (int)stride);
    }

    private byte[] Packed(int size)
    {
        var packed = new byte[Count * size];
        for (var i = 0; i < Count; i++)
        {
            _bytes.Span.Slice(i * _stride, size).CopyTo(packed.AsSpan(i * size));
        }

        return packed;
    }

    private MalformedFileException Fault(string problem) => new(_file, $"accessors[{_index}] {problem}.");
}
