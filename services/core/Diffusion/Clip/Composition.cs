using System.Globalization;
using System.Text;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Joins letters with the marks that follow them: Unicode's normal form C, as far as prompts need it.</summary>
/// <remarks>
/// The framework's own normalisation does nothing in invariant globalization, which the mesh runs in. Pairs come from
/// Compositions.txt, Hangul from its arithmetic (The Unicode Standard, section 3.12). Three simplifications: marks are taken
/// in the order in which they stand, characters beyond U+FFFF stay as they are, and so do the few that are always split.
/// </remarks>
internal static class Composition
{
    private const int HangulBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Tails = 28;

    private static readonly Dictionary<(char, char), char> Pairs = [];
    private static readonly Dictionary<char, char> OtherNames = [];

    static Composition() => ReadTables();

    /// <summary>Composes what can be composed.</summary>
    public static string Compose(string text)
    {
        if (text.All(char.IsAscii))
        {
            return text;
        }

        var result = new StringBuilder(text.Length);
        var starter = -1;
        foreach (var next in text.Select(c => OtherNames.GetValueOrDefault(c, c)))
        {
            if (starter >= 0 && Join(result[starter], next) is { } joined)
            {
                result[starter] = joined;
                continue;
            }

            result.Append(next);
            if (CharUnicodeInfo.GetUnicodeCategory(next) is not UnicodeCategory.NonSpacingMark)
            {
                starter = result.Length - 1;
            }
        }

        return result.ToString();
    }

    private static char? Join(char first, char second)
    {
        if (Pairs.TryGetValue((first, second), out var pair))
        {
            return pair;
        }

        if (first is >= (char)LeadBase and < (char)(LeadBase + Leads)
            && second is >= (char)VowelBase and < (char)(VowelBase + Vowels))
        {
            return (char)(HangulBase + ((((first - LeadBase) * Vowels) + second - VowelBase) * Tails));
        }

        var isOpenSyllable = first is >= (char)HangulBase and < (char)(HangulBase + (Leads * Vowels * Tails))
            && (first - HangulBase) % Tails == 0;
        return isOpenSyllable && second is > (char)TailBase and < (char)(TailBase + Tails)
            ? (char)(first + second - TailBase)
            : null;
    }

    private static void ReadTables()
    {
        const string name = "Realiz3D.Mesh.Diffusion.Clip.Compositions.txt";
        using var stream = typeof(Composition).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {name}.");
        using var reader = new StreamReader(stream);

        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
            {
                var codes = line.Split(' ').Select(code => (char)Convert.ToInt32(code, 16)).ToArray();
                if (codes.Length == 2)
                {
                    OtherNames.Add(codes[0], codes[1]);
                }
                else
                {
                    Pairs.Add((codes[0], codes[1]), codes[2]);
                }
            }
        }
    }
}
