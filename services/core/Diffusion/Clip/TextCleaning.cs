using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Cleans a prompt as the library ftfy does, since published text towers were trained on text cleaned so.</summary>
/// <remarks>
/// 1. HTML entities, if no tag is in sight. 2. Text that was decoded as Windows-1252 and is UTF-8 is decoded anew.
/// 3. Ligatures, full and half width, curly quotes. 4. Terminal escapes and control characters. 5. Letters joined with
/// their marks. All of it until nothing changes; then lower case. Spaces need no work: words are split at them.
/// Source: the documentation of ftfy 6.1, <c>fix_text</c>. Its step 2 weighs how broken a text looks; ours asks only
/// whether the bytes are valid UTF-8, which text in any real language hardly ever is by accident.
/// </remarks>
internal static partial class TextCleaning
{
    private const int MaxRounds = 8;

    // What Windows-1252 puts at 0x80 to 0x9F; its five holes stand for themselves.
    private const string Windows1252 =
        "\u20AC\u0081\u201A\u0192\u201E\u2026\u2020\u2021\u02C6\u2030\u0160\u2039\u0152\u008D\u017D\u008F"
        + "\u0090\u2018\u2019\u201C\u201D\u2022\u2013\u2014\u02DC\u2122\u0161\u203A\u0153\u009D\u017E\u0178";

    // Half-width forms from U+FF61 to U+FF9F.
    private const string Katakana =
        "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u3099\u309A";

    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Cleans a text.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The text in lower case.</returns>
    public static string Clean(string text)
    {
        // Asked once: a tag that appears when entities are resolved was meant as text.
        var hasTags = text.Contains('<', StringComparison.Ordinal);
        for (var round = 0; round < MaxRounds; round++)
        {
            var before = text;
            text = Round(text, hasTags);
            if (text == before)
            {
                break;
            }
        }

        return Lower(text);
    }

    private static string Round(string text, bool hasTags)
    {
        // 1.
        if (!hasTags && text.Contains('&', StringComparison.Ordinal))
        {
            text = Entity().Replace(text, match => WebUtility.HtmlDecode(match.Value));
        }

        // 2.
        text = DecodeAnew(text);

        // 3. and the second half of 4.
        text = TerminalEscape().Replace(text, "");
        var result = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            Append(result, c);
        }

        // 5.
        return Composition.Compose(result.ToString());
    }

    private static void Append(StringBuilder result, char c) => _ = c switch
    {
        >= ' ' and <= '~' => result.Append(c),
        (>= '\0' and <= '\b') or '\v' or (>= '\u000E' and <= '\u001F') or '\u007F' or '\uFEFF'
            or (>= '\u206A' and <= '\u206F') or (>= '\uFFF9' and <= '\uFFFC') => result,
        >= '\u0080' and <= '\u009F' => result.Append(Windows1252[c - 0x80]),
        '\u02BC' or (>= '\u2018' and <= '\u201B') => result.Append('\''),
        >= '\u201C' and <= '\u201F' => result.Append('"'),
        >= '\uFF01' and <= '\uFF5E' => result.Append((char)(c - 0xFEE0)),
        >= '\uFF61' and <= '\uFF9F' => result.Append(Katakana[c - 0xFF61]),
        '\uFF5F' => result.Append('\u2985'),
        '\uFF60' => result.Append('\u2986'),
        '\uFFE0' => result.Append('¢'),
        '\uFFE1' => result.Append('£'),
        '\uFFE5' => result.Append('¥'),
        '\uFFE6' => result.Append('₩'),
        'Ĳ' => result.Append("IJ"),
        'ĳ' => result.Append("ij"),
        'ŉ' => result.Append("ʼn"),
        'Ǳ' => result.Append("DZ"),
        'ǲ' => result.Append("Dz"),
        'ǳ' => result.Append("dz"),
        'Ǆ' => result.Append("DŽ"),
        'ǅ' => result.Append("Dž"),
        'ǆ' => result.Append("dž"),
        'Ǉ' => result.Append("LJ"),
        'ǈ' => result.Append("Lj"),
        'ǉ' => result.Append("lj"),
        'Ǌ' => result.Append("NJ"),
        'ǋ' => result.Append("Nj"),
        'ǌ' => result.Append("nj"),
        'ﬀ' => result.Append("ff"),
        'ﬁ' => result.Append("fi"),
        'ﬂ' => result.Append("fl"),
        'ﬃ' => result.Append("ffi"),
        'ﬄ' => result.Append("ffl"),
        'ﬅ' => result.Append("ſt"),
        'ﬆ' => result.Append("st"),
        _ => result.Append(c),
    };

    private static string DecodeAnew(string text)
    {
        if (text.All(char.IsAscii))
        {
            return text;
        }

        var bytes = new byte[text.Length];
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var special = Windows1252.IndexOf(c, StringComparison.Ordinal);
            if (special < 0 && c > '\u00FF')
            {
                return text;
            }

            bytes[i] = (byte)(special < 0 ? c : 0x80 + special);
        }

        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return text;    // it was what it seemed to be
        }
    }

    /// <summary>Lower case with two rules that need more than one character: a dotted I, and a sigma that ends a word.</summary>
    private static string Lower(string text) =>
        FinalSigma().Replace(text.Replace("İ", "i\u0307", StringComparison.Ordinal), "ς").ToLowerInvariant();

    [GeneratedRegex("&#?[0-9A-Za-z]{1,24};")]
    private static partial Regex Entity();

    [GeneratedRegex("\u001B\\[[0-9;]*[a-zA-Z]")]
    private static partial Regex TerminalEscape();

    [GeneratedRegex(@"(?<=\p{L}\p{M}*)Σ(?!\p{M}*\p{L})")]
    private static partial Regex FinalSigma();
}
