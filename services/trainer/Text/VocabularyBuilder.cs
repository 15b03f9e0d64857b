using System.Text;

namespace Realiz3D.Mesh.Training;

/// <summary>A byte-pair vocabulary in which every training word is one token and any other word is spelled in pieces.</summary>
/// <remarks>
/// Source: Sennrich, Haddow and Birch 2016, arXiv:1508.07909, section 3.2, run until no word of the list is in pieces; in
/// the layout of CLIP's tokenizer: 256 byte symbols, the same with <c>&lt;/w&gt;</c>, one symbol per merge, start, end.
/// Because the merges are those that the training itself applied, applying them by rank rebuilds each word.
/// </remarks>
internal sealed class VocabularyBuilder
{
    /// <summary>First token of every text.</summary>
    public const string Start = "<|startoftext|>";

    /// <summary>Last token of every text, and the padding.</summary>
    public const string End = "<|endoftext|>";

    private const string WordEnd = "</w>";

    private readonly List<(string Left, string Right)> _merges = [];

    /// <summary>Learns the merges.</summary>
    /// <param name="words">Words in lower case; order and repetition do not matter.</param>
    public VocabularyBuilder(IEnumerable<string> words)
    {
        Words = [.. words.Distinct().Order(StringComparer.Ordinal)];
        var spellings = Words.Select(Spell).ToList();
        while (MostFrequentPair(spellings) is { } pair)
        {
            _merges.Add(pair);
            foreach (var spelling in spellings)
            {
                Merge(spelling, pair);
            }
        }
    }

    /// <summary>The training words, sorted.</summary>
    public IReadOnlyList<string> Words { get; }

    /// <summary>Merges, most urgent first.</summary>
    public IReadOnlyList<(string Left, string Right)> Merges => _merges;

    /// <summary>Every symbol; a symbol's index is its token id.</summary>
    /// <returns>Symbols in CLIP's order.</returns>
    public IReadOnlyList<string> Symbols()
    {
        var bytes = Enumerable.Range(0, 256).Select(code => ByteSymbol((byte)code).ToString()).ToArray();
        string[] symbols =
        [
            .. bytes,
            .. bytes.Select(symbol => symbol + WordEnd),
            .. _merges.Select(merge => merge.Left + merge.Right).Distinct(),
            Start,
            End,
        ];
        return [.. symbols.Distinct()]; // two merges can give the same piece
    }

    // CLIP writes a byte as itself where that prints, and as a character from 256 on where it does not.
    private static char ByteSymbol(byte code)
    {
        static bool Prints(int b) => b is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
        return Prints(code) ? (char)code : (char)(256 + Enumerable.Range(0, code).Count(b => !Prints(b)));
    }

    private static List<string> Spell(string word)
    {
        var symbols = Encoding.UTF8.GetBytes(word).Select(code => ByteSymbol(code).ToString()).ToList();
        symbols[^1] += WordEnd;
        return symbols;
    }

    private static (string Left, string Right)? MostFrequentPair(List<List<string>> spellings) => spellings
        .SelectMany(symbols => symbols.Zip(symbols.Skip(1)))
        .GroupBy(pair => pair)
        .OrderByDescending(group => group.Count())
        .ThenBy(group => group.Key.First + " " + group.Key.Second, StringComparer.Ordinal)
        .Select(group => ((string, string)?)group.Key)
        .FirstOrDefault();

    private static void Merge(List<string> symbols, (string Left, string Right) pair)
    {
        for (var i = 0; i < symbols.Count - 1; i++)
        {
            if (symbols[i] == pair.Left && symbols[i + 1] == pair.Right)
            {
                symbols[i] += pair.Right;
                symbols.RemoveAt(i + 1);
            }
        }
    }
}
