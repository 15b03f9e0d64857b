using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace Realiz3D.Mesh.Formats;

/// <summary>The bytes that a GLB's buffers and images hold: the BIN chunk, and data URIs. No other URI is followed.</summary>
/// <remarks>Source: glTF 2.0 specification, sections 3.6.1 and 2.8 (data URIs, RFC 2397); only base64, as the specification has it.</remarks>
internal sealed class GlbBuffers(GlbDocument document, ReadOnlyMemory<byte> binary, string file)
{
    private readonly Dictionary<int, ReadOnlyMemory<byte>> _decoded = [];

    /// <summary>The bytes of a buffer, as many as it claims.</summary>
    public ReadOnlyMemory<byte> Buffer(int index)
    {
        var buffer = document.Item("buffers", index);
        var claimed = buffer.Whole("byteLength");
        if (!_decoded.TryGetValue(index, out var bytes))
        {
            bytes = buffer.Maybe("uri") is null && index == 0 ? binary : Data(buffer, $"buffers[{index}]");
            _decoded[index] = bytes;
        }

        return claimed >= 0 && claimed <= bytes.Length
            ? bytes[..(int)claimed]
            : throw new MalformedFileException(file, $"buffers[{index}] claims {claimed} bytes, but {bytes.Length} are there.");
    }

    /// <summary>The bytes in the data URI of a buffer or an image.</summary>
    public ReadOnlyMemory<byte> Data(JsonElement owner, string what)
    {
        if (owner.Maybe("uri") is null)
        {
            throw new MalformedFileException(file, $"{what} is not embedded: it has no uri, and no place in the BIN chunk.");
        }

        var uri = owner.Text("uri");
        var comma = uri.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0 || !uri.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
            || !uri[..comma].EndsWith(";base64", StringComparison.OrdinalIgnoreCase))
        {
            throw new MalformedFileException(file, $"{what} lies outside the file, at a uri that is not followed; embed it.");
        }

        var text = Encoding.ASCII.GetBytes(uri[(comma + 1)..]);
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        return Base64.DecodeFromUtf8(text, bytes, out _, out var length) == System.Buffers.OperationStatus.Done
            ? bytes.AsMemory(0, length)
            : throw new MalformedFileException(file, $"the data URI of {what} is no sound base64.");
    }
}
