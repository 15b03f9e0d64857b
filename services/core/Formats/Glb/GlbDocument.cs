using System.Buffers.Binary;
using System.Text.Json;

namespace Realiz3D.Mesh.Formats;

/// <summary>A GLB taken apart: its JSON and its binary chunk, with checked access to what the JSON points at.</summary>
internal sealed class GlbDocument : IDisposable
{
    private readonly string _file;
    private readonly JsonDocument _json;
    private readonly Dictionary<string, JsonElement[]> _lists = []; // an element's own indexer walks the list each time

    private GlbDocument(string file, JsonDocument json, ReadOnlyMemory<byte> binary, int byteCount)
    {
        (_file, _json, ByteCount) = (file, json, byteCount);
        Buffers = new GlbBuffers(this, binary, file);
    }

    public JsonElement Root => _json.RootElement;

    /// <summary>Length of the whole file.</summary>
    public int ByteCount { get; }

    public GlbBuffers Buffers { get; }

    public static GlbDocument Open(ReadOnlyMemory<byte> bytes, string file, GlbLimits limits)
    {
        var span = bytes.Span;
        if (span.Length > limits.MaxBytes)
        {
            throw new MalformedFileException(file, $"{span.Length} bytes; at most {limits.MaxBytes} are read.");
        }

        if (span.Length < 20 || BinaryPrimitives.ReadUInt32LittleEndian(span) != Glb.Magic)
        {
            throw new MalformedFileException(file, "not a GLB: too short, or the magic number is wrong.");
        }

        var version = BinaryPrimitives.ReadUInt32LittleEndian(span[4..]);
        var total = BinaryPrimitives.ReadUInt32LittleEndian(span[8..]);
        if (version != 2 || total != span.Length)
        {
            throw new MalformedFileException(
                file, $"version 2 and {span.Length} bytes expected, the header says version {version} and {total} bytes.");
        }

        ReadOnlyMemory<byte> json = default, binary = default;
        for (var (at, index) = (12, 0); at < bytes.Length; index++)
        {
            if (bytes.Length - at < 8)
            {
                throw new MalformedFileException(file, $"truncated chunk header at byte {at}.");
            }

            var length = BinaryPrimitives.ReadUInt32LittleEndian(span[at..]);
            var type = BinaryPrimitives.ReadUInt32LittleEndian(span[(at + 4)..]);
            if (length > bytes.Length - at - 8)
            {
                throw new MalformedFileException(file, $"the chunk at byte {at} claims {length} bytes, past the end.");
            }

            if ((type == Glb.JsonChunk) != (index == 0))
            {
                throw new MalformedFileException(file, "the first chunk, and no other, must be JSON.");
            }

            var body = bytes.Slice(at + 8, (int)length);
            (json, binary) = index == 0 ? (body, binary) : type == Glb.BinaryChunk ? (json, body) : (json, binary);
            at += 8 + (int)length;
        }

        var parsed = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64 });
        return new GlbDocument(file, parsed, binary, bytes.Length);
    }

    /// <summary>Element <paramref name="index"/> of a top-level array such as "meshes".</summary>
    public JsonElement Item(string array, int index)
    {
        var items = List(array);
        return index >= 0 && index < items.Length ? items[index] : throw new MalformedFileException(_file, $"{array}[{index}] does not exist.");
    }

    /// <summary>A top-level array; empty without.</summary>
    public JsonElement[] List(string array) => _lists.TryGetValue(array, out var items) ? items : _lists[array] = Root.List(array);

    /// <summary>The bytes of a buffer view.</summary>
    public ReadOnlyMemory<byte> View(int index)
    {
        var view = Item("bufferViews", index);
        var buffer = Buffers.Buffer(view.Index("buffer"));
        var (offset, length) = (view.Whole("byteOffset", 0), view.Whole("byteLength"));
        if (offset < 0 || length < 0 || offset > buffer.Length || length > buffer.Length - offset)
        {
            throw new MalformedFileException(_file, $"bufferViews[{index}] ({offset} + {length}) lies outside its buffer of {buffer.Length} bytes.");
        }

        return buffer.Slice((int)offset, (int)length);
    }

    public void Dispose() => _json.Dispose();
}
