using Microsoft.Win32.SafeHandles;

namespace Realiz3D.Mesh.Formats;

/// <summary>An open safetensors file: its header is read and checked, its tensors are read on demand.</summary>
/// <remarks>
/// Layout: 8 bytes header length, little-endian; JSON header; data. Source: huggingface/safetensors, README "Format".
/// Stricter than needed on purpose: every byte of data belongs to exactly one tensor, so a truncated, padded or
/// overlapping file is refused. Reading is thread-safe.
/// </remarks>
public sealed class SafeTensorsFile : IDisposable
{
    private const long MaxHeaderBytes = 100_000_000; // the limit of the reference implementation

    private readonly SafeFileHandle? _handle;
    private readonly ReadOnlyMemory<byte> _memory;

    private SafeTensorsFile(string name, SafeFileHandle? handle, ReadOnlyMemory<byte> memory)
    {
        (Name, _handle, _memory) = (name, handle, memory);
        Path = handle is null ? null : name;
        var length = Length = handle is null ? memory.Length : RandomAccess.GetLength(handle);
        if (length < 8)
        {
            throw new MalformedFileException(name, $"{length} bytes are too few for a safetensors file.");
        }

        Span<byte> prefix = stackalloc byte[8];
        ReadAt(0, prefix);
        var headerBytes = System.Buffers.Binary.BinaryPrimitives.ReadInt64LittleEndian(prefix);
        if (headerBytes < 2 || headerBytes > MaxHeaderBytes || headerBytes > length - 8)
        {
            throw new MalformedFileException(
                name, $"the header claims {headerBytes} bytes, the file has {length}: truncated, or not safetensors.");
        }

        var header = new byte[headerBytes];
        ReadAt(8, header);
        (Tensors, Metadata) = SafeTensorsHeader.Parse(name, header, dataStart: 8 + headerBytes, fileLength: length);
    }

    /// <summary>Path, or the name given for bytes in memory.</summary>
    public string Name { get; }

    /// <summary>The file on disk; null for bytes in memory.</summary>
    public string? Path { get; }

    /// <summary>All bytes of the file, header and data.</summary>
    public long Length { get; }

    /// <summary>Every tensor by name.</summary>
    public IReadOnlyDictionary<string, TensorEntry> Tensors { get; }

    /// <summary>Free strings of the header's <c>__metadata__</c>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>Opens a file and checks its header.</summary>
    /// <param name="path">Path.</param>
    /// <returns>The open file; the caller disposes it.</returns>
    /// <exception cref="MalformedFileException">The header or the file's length is wrong.</exception>
    public static SafeTensorsFile Open(string path)
    {
        var handle = File.OpenHandle(path, options: FileOptions.RandomAccess);
        try
        {
            return new SafeTensorsFile(path, handle, default);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>Reads a safetensors file that is already in memory.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <returns>The file.</returns>
    /// <exception cref="MalformedFileException">The header or the length is wrong.</exception>
    public static SafeTensorsFile Parse(ReadOnlyMemory<byte> bytes, string name) => new(name, null, bytes);

    /// <summary>Looks up a tensor and says which one is missing.</summary>
    /// <param name="tensor">Name.</param>
    /// <returns>Its place and type.</returns>
    /// <exception cref="MalformedFileException">There is no such tensor.</exception>
    public TensorEntry Entry(string tensor) => Tensors.TryGetValue(tensor, out var entry)
        ? entry
        : throw new MalformedFileException(Name, $"tensor \"{tensor}\" is missing.");

    /// <summary>Reads a tensor's bytes into a span of exactly its length.</summary>
    /// <param name="tensor">Name.</param>
    /// <param name="target">Receives the bytes.</param>
    public void ReadInto(string tensor, Span<byte> target)
    {
        var entry = Entry(tensor);
        if (target.Length != entry.ByteLength)
        {
            throw new ArgumentException($"{tensor} has {entry.ByteLength} bytes, the target {target.Length}.");
        }

        ReadAt(entry.Offset, target);
    }

    /// <summary>Reads a tensor's bytes, row-major and little-endian.</summary>
    /// <param name="tensor">Name.</param>
    /// <returns>Its bytes.</returns>
    public byte[] ReadBytes(string tensor)
    {
        var bytes = new byte[Entry(tensor).ByteLength];
        ReadInto(tensor, bytes);
        return bytes;
    }

    /// <summary>Reads a tensor of any type as floats.</summary>
    /// <param name="tensor">Name.</param>
    /// <returns>Row-major values.</returns>
    public float[] ReadFloats(string tensor)
    {
        var entry = Entry(tensor);
        var values = new float[entry.Count];
        ElementKinds.ToFloats(entry.Kind, ReadBytes(tensor), values);
        return values;
    }

    /// <summary>Reads a tensor of integers or booleans.</summary>
    /// <param name="tensor">Name.</param>
    /// <returns>Row-major values.</returns>
    public long[] ReadLongs(string tensor)
    {
        var entry = Entry(tensor);
        var bytes = ReadBytes(tensor);
        var values = new long[entry.Count];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = entry.Kind switch
            {
                ElementKind.I64 => BitConverter.ToInt64(bytes, i * 8),
                ElementKind.I32 => BitConverter.ToInt32(bytes, i * 4),
                ElementKind.U8 or ElementKind.BOOL => bytes[i],
                _ => throw new MalformedFileException(Name, $"tensor \"{tensor}\" is {entry.Kind}, not integer."),
            };
        }

        return values;
    }

    /// <inheritdoc/>
    public void Dispose() => _handle?.Dispose();

    private void ReadAt(long offset, Span<byte> target)
    {
        if (_handle is null)
        {
            _memory.Span.Slice((int)offset, target.Length).CopyTo(target);
            return;
        }

        while (target.Length > 0)
        {
            var read = RandomAccess.Read(_handle, target, offset);
            if (read == 0)
            {
                throw new MalformedFileException(Name, $"ended at byte {offset}, {target.Length} bytes early.");
            }

            target = target[read..];
            offset += read;
        }
    }
}
