using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>The tensors of an open safetensors file, in the file's own pages: what is not touched is not read.</summary>
/// <remarks>
/// One private mapping per element type; each tensor is a view of it. A tensor that does not start at a multiple of its
/// element size, or a file that is only in memory, is copied instead. The file must keep its length while views are in use.
/// </remarks>
/// <param name="file">The open file; it stays the caller's.</param>
public sealed class MappedTensors(SafeTensorsFile file) : IDisposable
{
    private readonly Dictionary<ScalarType, Tensor> _mappings = [];

    /// <summary>A tensor by name, in the file's element type.</summary>
    /// <param name="name">Name.</param>
    /// <returns>A view that writing does not carry to the file; valid until this object is disposed.</returns>
    /// <exception cref="MalformedFileException">There is no such tensor.</exception>
    public Tensor Get(string name)
    {
        var entry = file.Entry(name);
        var (type, shape) = (TypeOf(entry.Kind), entry.Shape.ToArray());
        if (entry.Count == 0)
        {
            return empty(shape, type);
        }

        var (first, rest) = Math.DivRem(entry.Offset, entry.Kind.Size());
        if (rest != 0 || file.Path is null)
        {
            var copy = empty(shape, type);
            file.ReadInto(name, copy.bytes);
            return copy;
        }

        if (!_mappings.TryGetValue(type, out var mapping))
        {
            mapping = from_file(file.Path, shared: false, size: file.Length / entry.Kind.Size(), dtype: type).DetachFromDisposeScope();
            _mappings.Add(type, mapping);
        }

        using var flat = mapping.narrow(0, first, entry.Count);
        return flat.view(shape);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var mapping in _mappings.Values)
        {
            mapping.Dispose();
        }

        _mappings.Clear();
    }

    private static ScalarType TypeOf(ElementKind kind) => kind switch
    {
        ElementKind.F32 => ScalarType.Float32,
        ElementKind.F64 => ScalarType.Float64,
        ElementKind.F16 => ScalarType.Float16,
        ElementKind.BF16 => ScalarType.BFloat16,
        ElementKind.I64 => ScalarType.Int64,
        ElementKind.I32 => ScalarType.Int32,
        ElementKind.U8 => ScalarType.Byte,
        _ => ScalarType.Bool,
    };
}
