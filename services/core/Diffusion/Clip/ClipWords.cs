using System.Globalization;
using System.Text;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Splits clean text into the words that byte-pair encoding works on.</summary>
/// <remarks>
/// <code>special | 's | 't | 're | 've | 'm | 'll | 'd | letters+ | digit | (neither space, letter nor digit)+</code>
/// A scanner over whole characters rather than a regular expression, which in .NET sees halves of those beyond U+FFFF.
/// </remarks>
internal static class ClipWords
{
    private static readonly string[] Contractions = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d"];

    private enum Kind
    {
        Space,
        Letter,
        Digit,
        Sign,
    }

    /// <param name="text">Lower-case text.</param>
    /// <param name="specials">Tokens that are words by themselves.</param>
    /// <returns>Words in order.</returns>
    public static IEnumerable<string> Split(string text, IReadOnlyList<string> specials)
    {
        var at = 0;
        while (at < text.Length)
        {
            var length = Fixed(text, at, specials) ?? Fixed(text, at, Contractions) ?? Run(text, at);
            if (KindAt(text, at, out _) != Kind.Space)
            {
                yield return text.Substring(at, length);
            }

            at += length;
        }
    }

    private static int? Fixed(string text, int at, IReadOnlyList<string> words) =>
        words.FirstOrDefault(word => string.CompareOrdinal(text, at, word, 0, word.Length) == 0)?.Length;

    private static int Run(string text, int at)
    {
        var kind = KindAt(text, at, out var length);
        while (kind != Kind.Digit && at + length < text.Length && KindAt(text, at + length, out var next) == kind)
        {
            length += next;
        }

        return length;
    }

    private static Kind KindAt(string text, int at, out int length)
    {
        if (Rune.DecodeFromUtf16(text.AsSpan(at), out var rune, out length) != System.Buffers.OperationStatus.Done)
        {
            return Kind.Sign;   // half of a pair
        }

        return Rune.GetUnicodeCategory(rune) switch
        {
            _ when Rune.IsWhiteSpace(rune) => Kind.Space,
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
                or UnicodeCategory.ModifierLetter or UnicodeCategory.OtherLetter => Kind.Letter,
            UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
                => Kind.Digit,
            _ => Kind.Sign,
        };
    }
}
