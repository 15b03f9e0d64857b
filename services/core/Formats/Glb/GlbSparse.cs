using System.Buffers.Binary;
using System.Text.Json;

namespace Realiz3D.Mesh.Formats;

/// <summary>Replaces some elements of an accessor. Source: glTF 2.0 specification, section 3.6.2.3.</summary>
internal static class GlbSparse
{
    /// <summary>Writes the values of <paramref name="sparse"/> over the elements.</summary>
    /// <param name="document">Gives the two buffer views.</param>
    /// <param name="sparse">The member "sparse".</param>
    /// <param name="elements">Elements without gaps.</param>
    /// <param name="size">Bytes of each.</param>
    /// <returns>Null, or what is wrong.</returns>
    public static string? Apply(GlbDocument document, JsonElement sparse, Span<byte> elements, int size)
    {
        var (count, all) = (sparse.Whole("count"), elements.Length / size);
        if (count < 1 || count > all)
        {
            return $"replaces {count} of {all} elements";
        }

        var indices = sparse.Need("indices");
        var type = indices.Whole("componentType");
        if (type is not (5121 or 5123 or 5125))
        {
            return $"has sparse indices of the component type {type}";
        }

        var width = type switch { 5121 => 1, 5123 => 2, _ => 4 };
        if (Bytes(document, indices, width * count) is not { } places || Bytes(document, sparse.Need("values"), size * count) is not { } values)
        {
            return $"has {count} sparse elements, more than their buffer views hold";
        }

        var last = -1L;
        for (var i = 0; i < count; i++)
        {
            var at = places.Span[(i * width)..];
            var place = type switch { 5121 => at[0], 5123 => BinaryPrimitives.ReadUInt16LittleEndian(at), _ => BinaryPrimitives.ReadUInt32LittleEndian(at) };
            if (place <= last || place >= all)
            {
                return $"replaces element {place} of {all} after {last}; sparse indices rise";
            }

            values.Span.Slice(i * size, size).CopyTo(elements[((int)place * size)..]);
            last = place;
        }

        return null;
    }

    private static ReadOnlyMemory<byte>? Bytes(GlbDocument document, JsonElement reference, long length)
    {
        var view = document.View(reference.Index("bufferView"));
        var offset = reference.Whole("byteOffset", 0);
        var inside = offset >= 0 && offset <= view.Length && length <= view.Length - offset;
        return inside ? (ReadOnlyMemory<byte>?)view.Slice((int)offset, (int)length) : null;
    }
}
