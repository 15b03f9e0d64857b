using System.Buffers.Binary;
using System.Globalization;

namespace Realiz3D.Mesh.Formats;

/// <summary>Takes the numbers of a PLY file one after the other.</summary>
internal ref struct PlyNumbers(ReadOnlySpan<byte> body, PlyEncoding encoding, string file)
{
    private ReadOnlySpan<byte> _rest = body;

    /// <summary>Bytes not taken yet.</summary>
    public readonly int Left => _rest.Length;

    public double Next(PlyType type) => encoding == PlyEncoding.Ascii ? Word() : Binary(type, encoding == PlyEncoding.BinaryLittleEndian);

    /// <summary>A whole number; others are at fault.</summary>
    public long Whole(PlyType type)
    {
        var number = Next(type);
        return number == Math.Floor(number) && Math.Abs(number) <= uint.MaxValue
            ? (long)number
            : throw new MalformedFileException(file, string.Create(CultureInfo.InvariantCulture, $"{number} stands where a whole number is expected."));
    }

    private double Word()
    {
        ReadOnlySpan<byte> space = " \t\r\n"u8;
        _rest = _rest.TrimStart(space);
        var end = _rest.IndexOfAny(space);
        var word = end < 0 ? _rest : _rest[..end];
        _rest = _rest[word.Length..];
        if (word.IsEmpty)
        {
            throw new MalformedFileException(file, "it is truncated: fewer numbers than its header promises.");
        }

        return double.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new MalformedFileException(file, $"{TextLines.Show(word)} stands where a number is expected.");
    }

    private double Binary(PlyType type, bool little)
    {
        var size = PlyProperty.Size(type);
        if (_rest.Length < size)
        {
            throw new MalformedFileException(file, "it is truncated: fewer numbers than its header promises.");
        }

        Span<byte> bytes = stackalloc byte[8];
        _rest[..size].CopyTo(bytes);
        _rest = _rest[size..];
        if (!little)
        {
            bytes[..size].Reverse();
        }

        return type switch
        {
            PlyType.Int8 => (sbyte)bytes[0],
            PlyType.UInt8 => bytes[0],
            PlyType.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
            PlyType.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            PlyType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes),
            PlyType.UInt32 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            PlyType.Float32 => BinaryPrimitives.ReadSingleLittleEndian(bytes),
            _ => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        };
    }
}
