using System.Buffers.Binary;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Realiz3D.Mesh.Formats;

/// <summary>Writes safetensors files: equal tensors and metadata give equal bytes.</summary>
public static class SafeTensorsWriter
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes a file under a temporary name and renames it, so that no half file is ever seen.</summary>
    /// <param name="path">Where to; an existing file is replaced.</param>
    /// <param name="tensors">Tensors by name.</param>
    /// <param name="metadata">Free strings.</param>
    public static void Save(
        string path,
        IReadOnlyDictionary<string, TensorData> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        using (var stream = File.Create(temporary))
        {
            Write(stream, tensors, metadata);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>Serialises to memory.</summary>
    /// <param name="tensors">Tensors by name.</param>
    /// <param name="metadata">Free strings.</param>
    /// <returns>The whole file.</returns>
    public static byte[] ToBytes(
        IReadOnlyDictionary<string, TensorData> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        using var stream = new MemoryStream();
        Write(stream, tensors, metadata);
        return stream.ToArray();
    }

    /// <summary>Writes to a stream: wide types first, then by name, so that every tensor is aligned.</summary>
    /// <param name="stream">Receives the file.</param>
    /// <param name="tensors">Tensors by name.</param>
    /// <param name="metadata">Free strings.</param>
    public static void Write(
        Stream stream,
        IReadOnlyDictionary<string, TensorData> tensors,
        IReadOnlyDictionary<string, string>? metadata = null)
    {
        var ordered = tensors
            .OrderByDescending(pair => pair.Value.Kind.Size())
            .ThenBy(pair => pair.Key, StringComparer.Ordinal)
            .ToArray();
        foreach (var (name, tensor) in ordered)
        {
            var expected = tensor.Shape.Aggregate((long)tensor.Kind.Size(), (product, extent) => product * extent);
            if (expected != tensor.Bytes.Length)
            {
                throw new ArgumentException($"Tensor {name} needs {expected} bytes and has {tensor.Bytes.Length}.");
            }
        }

        var header = Header(ordered, metadata);
        Span<byte> prefix = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        stream.Write(prefix);
        stream.Write(header);
        foreach (var (_, tensor) in ordered)
        {
            stream.Write(tensor.Bytes);
        }
    }

    private static byte[] Header(
        KeyValuePair<string, TensorData>[] ordered, IReadOnlyDictionary<string, string>? metadata)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            if (metadata is { Count: > 0 })
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                {
                    json.WriteString(key, value);
                }

                json.WriteEndObject();
            }

            long offset = 0;
            foreach (var (name, tensor) in ordered)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", tensor.Kind.ToString());
                WriteNumbers(json, "shape", tensor.Shape);
                WriteNumbers(json, "data_offsets", [offset, offset + tensor.Bytes.Length]);
                json.WriteEndObject();
                offset += tensor.Bytes.Length;
            }

            json.WriteEndObject();
        }

        while (buffer.Length % 8 != 0)
        {
            buffer.WriteByte((byte)' ');
        }

        return buffer.ToArray();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, ReadOnlySpan<long> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
