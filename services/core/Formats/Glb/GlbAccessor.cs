using System.Buffers.Binary;

namespace Realiz3D.Mesh.Formats;

/// <summary>A typed, strided, bounds-checked window on a GLB's binary chunk.</summary>
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
        if (accessor.TryGetProperty("sparse", out _))
        {
            throw Fault("is sparse; only dense accessors are read");
        }

        var count = accessor.GetProperty("count").GetInt64();
        if (count < 0 || count > maxCount)
        {
            throw Fault($"has {count} elements; 0 to {maxCount} are read");
        }

        Count = (int)count;
        Width = accessor.GetProperty("type").GetString() switch
        {
            "SCALAR" => 1,
            "VEC2" => 2,
            "VEC3" => 3,
            "VEC4" => 4,
            var other => throw Fault($"has the type {other}"),
        };
        _component = accessor.GetProperty("componentType").GetInt32();
        _normalized = accessor.TryGetProperty("normalized", out var normalized) && normalized.GetBoolean();
        var size = Width * ComponentSize;
        var viewIndex = accessor.GetProperty("bufferView").GetInt32();
        var view = document.View(viewIndex);
        var stride = GlbDocument.Number(document.Item("bufferViews", viewIndex), "byteStride", size);
        var offset = GlbDocument.Number(accessor, "byteOffset", 0);
        if (stride < size || stride > 252 || offset < 0 || (Count > 0 && offset + (stride * (count - 1)) + size > view.Length))
        {
            throw Fault($"({Count} elements, stride {stride}, offset {offset}) lies outside bufferViews[{viewIndex}]");
        }

        _stride = (int)stride;
        _bytes = Count == 0 ? default : view[(int)offset..];
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

    private MalformedFileException Fault(string problem) => new(_file, $"accessors[{_index}] {problem}.");
}
