using System.Buffers.Binary;
using System.Text;

namespace Realiz3D.Mesh.Formats.Tests;

/// <summary>Damages files at random: the same seed does the same damage.</summary>
internal sealed class Mutations(int seed)
{
    private static readonly string[] s_numbers = ["-1", "0", "1e309", "4294967296", "2147483647", "99999999999999999999", "1e-400", "NaN", "-0.5", "16777217"];
    private static readonly byte[] s_bytes = [0, 1, 0x7F, 0x80, 0xFF, (byte)'"', (byte)'{', (byte)'\n', (byte)'-', (byte)'9'];

    private readonly Random _random = new(seed);

    /// <summary>Bits flipped, bytes replaced, parts cut out, doubled or moved; one to four times.</summary>
    public byte[] Bytes(byte[] file)
    {
        for (var times = _random.Next(1, 5); times > 0 && file.Length > 8; times--)
        {
            var (at, length) = (_random.Next(file.Length), _random.Next(1, Math.Min(64, file.Length)));
            var end = Math.Min(file.Length, at + length);
            file = _random.Next(6) switch
            {
                0 => [.. file[..at], (byte)(file[at] ^ (1 << _random.Next(8))), .. file[(at + 1)..]],
                1 => [.. file[..at], s_bytes[_random.Next(s_bytes.Length)], .. file[(at + 1)..]],
                2 => file[..at],
                3 => [.. file[..at], .. file[end..]],
                4 => [.. file[..end], .. file[at..]],
                _ => [.. file[..at], .. BitConverter.GetBytes(_random.Next(3) == 0 ? uint.MaxValue : (uint)_random.Next()), .. file[Math.Min(file.Length, at + 4)..]],
            };
        }

        return file;
    }

    /// <summary>One number of a text becomes another; now and then bytes change too.</summary>
    public byte[] Text(byte[] file)
    {
        if (_random.Next(4) == 0)
        {
            return Bytes(file);
        }

        var text = Encoding.Latin1.GetString(file);
        var digits = Enumerable.Range(0, text.Length).Where(i => char.IsAsciiDigit(text[i]) && (i == 0 || !char.IsAsciiDigit(text[i - 1]))).ToArray();
        if (digits.Length == 0)
        {
            return Bytes(file);
        }

        var start = digits[_random.Next(digits.Length)];
        var end = start;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
        {
            end++;
        }

        return Encoding.Latin1.GetBytes(string.Concat(text.AsSpan(0, start), s_numbers[_random.Next(s_numbers.Length)], text.AsSpan(end)));
    }

    /// <summary>A GLB whose JSON is damaged as text while its frame stays right; now and then the frame is damaged.</summary>
    public byte[] Framed(byte[] glb)
    {
        if (_random.Next(4) == 0)
        {
            return Bytes(glb);
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(glb.AsSpan(12));
        var json = Text(glb[20..(20 + length)]);
        byte[] padded = [.. json, .. Enumerable.Repeat((byte)' ', (4 - (json.Length % 4)) % 4)];
        byte[] file = [.. glb[..12], .. BitConverter.GetBytes(padded.Length), .. glb[16..20], .. padded, .. glb[(20 + length)..]];
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(8), file.Length);
        return file;
    }

    /// <summary>A PNG whose chunks are damaged and whose checksums are right again; now and then they are not.</summary>
    public byte[] Summed(byte[] png)
    {
        var damaged = Bytes(png);
        if (_random.Next(4) == 0)
        {
            return damaged;
        }

        for (var at = 8; at + 12 <= damaged.Length;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(damaged.AsSpan(at));
            if (at + 12L + length > damaged.Length)
            {
                break;
            }

            var body = damaged.AsSpan(at + 4, 4 + (int)length);
            BinaryPrimitives.WriteUInt32BigEndian(damaged.AsSpan(at + 8 + (int)length), Crc32.Of(body));
            at += 12 + (int)length;
        }

        return damaged;
    }
}
