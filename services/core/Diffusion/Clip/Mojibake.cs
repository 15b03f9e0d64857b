using System.Buffers;
using System.Text;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Decodes anew what is UTF-8 and was decoded as Windows-1252, be it several times over.</summary>
/// <remarks>
/// An accented letter and the signs behind it can be valid UTF-8 by accident: "NESTLÉ®", "Brontë…”". So a text is touched only
/// where a sequence stands that nobody writes: a sign that does not follow letters, a capital behind a small letter, a sign
/// inside a word. One such sequence is enough if all of the text can be decoded. If not, only the plainest sequences are.
/// </remarks>
internal static class Mojibake
{
    /// <summary>What Windows-1252 puts at 0x80 to 0x9F; its five holes stand for themselves.</summary>
    public const string Windows1252 =
        "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F"
        + "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    // Neither a lead nor a continuation in UTF-8.
    private const byte None = 0xFF;

    private const string BetweenWords = "…–—’‘´·\u00A0";

    private static readonly SearchValues<char> BehindLetters = SearchValues.Create(BetweenWords + "“”›»•™®©°¡¿£²³¹");

    /// <summary>Repairs a text; one that is as it should be comes back as it is.</summary>
    public static string Repair(string text)
    {
        while (!text.All(char.IsAscii) && DecodeOnce(text) is { } shorter)
        {
            text = shorter;
        }

        return text;
    }

    private static string? DecodeOnce(string text)
    {
        var bytes = Array.ConvertAll(text.ToCharArray(), ByteOf);
        List<Sequence> sequences = [];
        var isWhole = true;
        for (var i = 0; i < text.Length; i++)
        {
            if (bytes[i] < 0x80)
            {
                continue;
            }

            if (Rune.DecodeFromUtf8(bytes.AsSpan(i), out var rune, out var length) is OperationStatus.Done)
            {
                sequences.Add(new(i, length, rune, IsCertain(text, i, length)));
                i += length - 1;
            }
            else
            {
                isWhole = false;
            }
        }

        return isWhole && sequences.Exists(sequence => sequence.IsCertain)
            ? Replace(text, sequences, (_, _) => true)
            : Replace(text, sequences, (sequence, end) => IsPlain(text, bytes, sequence, end));
    }

    /// <summary>Whether nobody writes this sequence.</summary>
    private static bool IsCertain(string text, int at, int length)
    {
        var signs = text.AsSpan(at + 1, length - 1);
        if (length == 4 || signs.ContainsAnyExcept(BehindLetters))
        {
            return true;
        }

        if (length == 3)
        {
            return text.AsSpan(at, 3) is "ï»¿"; // the byte-order mark
        }

        var (lead, sign, next) = (text[at], signs[0], at + 2 < text.Length ? text[at + 2] : ' ');
        if (at > 0 && char.IsLower(text[at - 1]) && char.IsUpper(lead))
        {
            return true;
        }

        var isInside = char.IsLetter(next) || next == '×';
        return lead is 'Ã' or 'Â'
            ? "™°¡¿£²³¹•·“\u00A0".Contains(sign, StringComparison.Ordinal)
                || (isInside && !"…–—’".Contains(sign, StringComparison.Ordinal))
            : isInside && !BetweenWords.Contains(sign, StringComparison.Ordinal);
    }

    /// <summary>Whether a sequence can be decoded though others in the text cannot: only if it does not lie within a larger mess.</summary>
    /// <param name="text">The text.</param>
    /// <param name="bytes">It in Windows-1252.</param>
    /// <param name="sequence">Where.</param>
    /// <param name="end">Where the last one ended that was decoded.</param>
    private static bool IsPlain(string text, byte[] bytes, Sequence sequence, int end)
    {
        var at = sequence.At;
        var isKnown = sequence.Length switch
        {
            2 => text[at] == 'Â' || (text[at] == 'Ã' && text[at + 1] != '¥'), // the latter could be Mac Roman as well
            3 => (bytes[at], bytes[at + 1]) is (0xE2, 0x80),
            _ => true,
        };
        return sequence.IsCertain && isKnown
            && (at == 0 || at == end || char.IsAscii(text[at - 1]) || BehindLetters.Contains(text[at - 1]));
    }

    private static string? Replace(string text, List<Sequence> sequences, Func<Sequence, int, bool> isWanted)
    {
        var result = new StringBuilder(text.Length);
        var end = 0;
        foreach (var sequence in sequences)
        {
            if (isWanted(sequence, end))
            {
                result.Append(text, end, sequence.At - end).Append(sequence.Rune);
                end = sequence.At + sequence.Length;
            }
        }

        return end == 0 ? null : result.Append(text, end, text.Length - end).ToString();
    }

    private static byte ByteOf(char c)
    {
        var special = c < 0x80 ? -1 : Windows1252.IndexOf(c, StringComparison.Ordinal);
        return special >= 0 ? (byte)(0x80 + special) : c <= 0xFF ? (byte)c : None;
    }

    private sealed record Sequence(int At, int Length, Rune Rune, bool IsCertain);
}
