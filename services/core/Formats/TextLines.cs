using System.Globalization;
using System.Text;

namespace Realiz3D.Mesh.Formats;

/// <summary>Takes a text apart into lines and words, over bytes that need not be text at all.</summary>
/// <remarks>A line ends with LF, CR LF or CR.</remarks>
internal ref struct TextLines(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Counts from 1.</summary>
    public int Number { get; private set; }

    public ReadOnlySpan<byte> Current { get; private set; }

    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        var end = _rest.IndexOfAny((byte)'\n', (byte)'\r');
        Current = end < 0 ? _rest : _rest[..end];
        var after = end < 0 ? _rest.Length : _rest[end..] is [(byte)'\r', (byte)'\n', ..] ? end + 2 : end + 1;
        _rest = _rest[after..];
        Number++;
        return true;
    }

    /// <summary>Cuts the next word off a line; empty at its end.</summary>
    public static ReadOnlySpan<byte> Word(ref ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t"u8);
        var end = line.IndexOfAny((byte)' ', (byte)'\t');
        var word = end < 0 ? line : line[..end];
        line = line[word.Length..];
        return word;
    }

    /// <summary>A finite number.</summary>
    public static bool TryFloat(ReadOnlySpan<byte> word, out float value) =>
        float.TryParse(word, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && float.IsFinite(value);

    /// <summary>A word for a message: short, and without what is not printable.</summary>
    public static string Show(ReadOnlySpan<byte> word)
    {
        var shown = new StringBuilder("\"");
        foreach (var value in word[..Math.Min(word.Length, 40)])
        {
            shown.Append(value is >= 32 and < 127 ? (char)value : '?');
        }

        return shown.Append('"').ToString();
    }
}
