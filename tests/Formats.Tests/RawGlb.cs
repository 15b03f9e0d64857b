using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace Realiz3D.Mesh.Formats.Tests;

/// <summary>A GLB put together from JSON and bytes, which may say anything.</summary>
internal static class RawGlb
{
    /// <summary>A triangle (0 0 0), (1 0 0), (0 1 0) in accessor 0; two buffer views: its positions, and the tail.</summary>
    /// <param name="accessor">Further members of accessor 0; of two with one name the later one counts.</param>
    /// <param name="root">Further members of the root.</param>
    /// <param name="primitives">The primitives; the triangle alone without.</param>
    /// <param name="tail">Bytes of the second buffer view.</param>
    /// <param name="view">The accessor's view.</param>
    public static byte[] Triangle(string accessor = "", string root = "", string? primitives = null, byte[]? tail = null, string view = "\"bufferView\":0,")
    {
        float[] corners = [0, 0, 0, 1, 0, 0, 0, 1, 0];
        byte[] bytes = [.. MemoryMarshal.AsBytes<float>(corners), .. tail ?? []];
        return Of(
            $$"""
            {"asset":{"version":"2.0"},"scenes":[{"nodes":[0]}],"nodes":[{"mesh":0}],
            "meshes":[{"primitives":[{{primitives ?? "{\"attributes\":{\"POSITION\":0}}"}}]}],
            "accessors":[{{{view}}"componentType":5126,"count":3,"type":"VEC3"{{accessor}}}],
            "bufferViews":[{"buffer":0,"byteLength":36},{"buffer":0,"byteOffset":36,"byteLength":{{tail?.Length ?? 0}}}],
            "buffers":[{"byteLength":{{bytes.Length}}}]{{root}}}
            """,
            bytes);
    }

    public static byte[] Of(string json, byte[] binary)
    {
        var text = Encoding.UTF8.GetBytes(json);
        byte[] padded = [.. text, .. Enumerable.Repeat((byte)' ', (4 - (text.Length % 4)) % 4)];
        byte[] body = [.. binary, .. new byte[(4 - (binary.Length % 4)) % 4]];
        var head = new byte[20];
        uint[] words = [0x46546C67, 2, (uint)(28 + padded.Length + body.Length), (uint)padded.Length, 0x4E4F534A];
        for (var i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(head.AsSpan(4 * i), words[i]);
        }

        return [.. head, .. padded, .. BitConverter.GetBytes(body.Length), .. BitConverter.GetBytes(0x004E4942), .. body];
    }
}
