using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Cleans a prompt as the library ftfy does, since published text towers were trained on text cleaned so.</summary>
/// <remarks>
/// 1. HTML entities, if no tag is in sight. 2. Text that was decoded as Windows-1252 and is UTF-8 is decoded anew.
/// 3. Ligatures, full and half width, curly quotes. 4. Terminal escapes and control characters. 5. Letters joined with
/// their marks. All of it until nothing changes; then lower case. Spaces need no work: words are split at them.
/// Source: the documentation of ftfy 6.1, <c>fix_text</c>, and the cases that its tests publish. ftfy tries seven encodings in
/// step 2, ours the most frequent one (<see cref="Mojibake"/>); it knows the entities of HTML 5, ours those of HTML 4.
/// </remarks>
internal static partial class TextCleaning
{
    private const int MaxRounds = 8;

    // Half-width forms from U+FF61 to U+FF9F.
    private const string Katakana =
        "。「」、・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u3099\u309A";

    // Half-width Hangul from U+FFA0 to U+FFDC; what is unassigned stays.
    private const string Hangul =
        "\u1160\u1100\u1101\u11AA\u1102\u11AC\u11AD\u1103\u1104\u1105\u11B0\u11B1\u11B2\u11B3\u11B4\u11B5"
        + "\u111A\u1106\u1107\u1108\u1121\u1109\u110A\u110B\u110C\u110D\u110E\u110F\u1110\u1111\u1112\uFFBF"
        + "\uFFC0\uFFC1\u1161\u1162\u1163\u1164\u1165\u1166\uFFC8\uFFC9\u1167\u1168\u1169\u116A\u116B\u116C"
        + "\uFFD0\uFFD1\u116D\u116E\u116F\u1170\u1171\u1172\uFFD8\uFFD9\u1173\u1174\u1175";

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
        text = Mojibake.Repair(text);

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
        >= '\u0080' and <= '\u009F' => result.Append(Mojibake.Windows1252[c - 0x80]),
        '\u02BC' or (>= '\u2018' and <= '\u201B') => result.Append('\''),
        >= '\u201C' and <= '\u201F' => result.Append('"'),
        >= '\uFF01' and <= '\uFF5E' => result.Append((char)(c - 0xFEE0)),
        >= '\uFF61' and <= '\uFF9F' => result.Append(Katakana[c - 0xFF61]),
        '\uFF5F' => result.Append('\u2985'),
        '\uFF60' => result.Append('\u2986'),
        '\u3000' => result.Append(' '),
        >= '\uFFA0' and <= '\uFFDC' => result.Append(Hangul[c - 0xFFA0]),
        '\uFFE0' => result.Append('¢'),
        '\uFFE1' => result.Append('£'),
        '\uFFE2' => result.Append('¬'),
        '\uFFE3' => result.Append(" \u0304"),
        '\uFFE4' => result.Append('¦'),
        '\uFFE5' => result.Append('¥'),
        '\uFFE6' => result.Append('₩'),
        '\uFFE8' => result.Append('│'),
        >= '\uFFE9' and <= '\uFFEC' => result.Append((char)('←' + c - 0xFFE9)),
        '\uFFED' => result.Append('■'),
        '\uFFEE' => result.Append('○'),
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
