using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Realiz3D.Mesh.Formats;

/// <summary>Writes a ZIP archive as USDZ asks for: nothing compressed, each file's bytes at a multiple of 64.</summary>
/// <remarks>Sources: PKWARE APPNOTE 6.3.9, sections 4.3 and 4.4; Pixar, "Usdz file format specification" 1.3.</remarks>
internal sealed class StoredZip
{
    private const int Alignment = 64;
    private const int LocalHeader = 30;
    private const ushort PaddingField = 0x1986; // the extra field that Pixar's writer pads with
    private const ushort FirstDay = 0x21;       // 1 January 1980: equal content gives equal bytes

    private readonly ArrayBufferWriter<byte> _bytes = new();
    private readonly List<byte[]> _directory = [];

    public void Add(string name, ReadOnlySpan<byte> content)
    {
        var (start, nameBytes) = (_bytes.WrittenCount, Encoding.ASCII.GetBytes(name));
        var padding = (Alignment - ((start + LocalHeader + nameBytes.Length) % Alignment)) % Alignment;
        padding += padding is > 0 and < 4 ? Alignment : 0; // an extra field has a header of four bytes

        // Version 1.0, no flags, stored; checksum; sizes.
        var common = new byte[26];
        BinaryPrimitives.WriteUInt16LittleEndian(common, 10);
        BinaryPrimitives.WriteUInt16LittleEndian(common.AsSpan(8), FirstDay);
        BinaryPrimitives.WriteUInt32LittleEndian(common.AsSpan(10), Crc32.Of(content));
        BinaryPrimitives.WriteInt32LittleEndian(common.AsSpan(14), content.Length);
        BinaryPrimitives.WriteInt32LittleEndian(common.AsSpan(18), content.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(common.AsSpan(22), (ushort)nameBytes.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(common.AsSpan(24), (ushort)padding);

        _bytes.Write("PK\x03\x04"u8);
        _bytes.Write(common);
        _bytes.Write(nameBytes);
        if (padding > 0)
        {
            var extra = new byte[padding];
            BinaryPrimitives.WriteUInt16LittleEndian(extra, PaddingField);
            BinaryPrimitives.WriteUInt16LittleEndian(extra.AsSpan(2), (ushort)(padding - 4));
            _bytes.Write(extra);
        }

        _bytes.Write(content);

        // The directory repeats it without the padding: comment, disk and attributes are empty; last the place.
        BinaryPrimitives.WriteUInt16LittleEndian(common.AsSpan(24), 0);
        var place = new byte[14];
        BinaryPrimitives.WriteInt32LittleEndian(place.AsSpan(10), start);
        _directory.Add([.. "PK\x01\x02"u8, 10, 0, .. common, .. place, .. nameBytes]);
    }

    public byte[] Finish()
    {
        var start = _bytes.WrittenCount;
        foreach (var entry in _directory)
        {
            _bytes.Write(entry);
        }

        var end = new byte[22];
        "PK\x05\x06"u8.CopyTo(end);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(8), (ushort)_directory.Count);
        BinaryPrimitives.WriteUInt16LittleEndian(end.AsSpan(10), (ushort)_directory.Count);
        BinaryPrimitives.WriteInt32LittleEndian(end.AsSpan(12), _bytes.WrittenCount - start);
        BinaryPrimitives.WriteInt32LittleEndian(end.AsSpan(16), start);
        _bytes.Write(end);
        return _bytes.WrittenSpan.ToArray();
    }
}
