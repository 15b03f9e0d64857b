using System.Collections.Concurrent;
using System.Text;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Token ids and merges of a byte-pair vocabulary.</summary>
/// <remarks>Every byte has a printable character; a word's last character carries the mark <c>&lt;/w&gt;</c>.</remarks>
internal sealed class BytePairVocabulary
{
    private const string WordEnd = "</w>";
    private const int CachedWords = 10_000;
    private const long MaxMergeBytes = 64 << 20;

    private static readonly char[] ByteCharacters = BuildByteCharacters();

    private readonly IReadOnlyDictionary<string, int> _ids;
    private readonly Dictionary<(string Left, string Right), int> _ranks = [];
    private readonly ConcurrentDictionary<string, int[]> _cache = new();
    private readonly string _name;
    private readonly int _unknown;

    /// <param name="ids">Id of every token.</param>
    /// <param name="merges">Lines "left right", most frequent first.</param>
    /// <param name="name">What to call it in messages.</param>
    public BytePairVocabulary(IReadOnlyDictionary<string, int> ids, IEnumerable<string> merges, string name)
    {
        (_ids, _name) = (ids, name);
        foreach (var line in merges)
        {
            if (line.Split(' ') is not [{ Length: > 0 } left, { Length: > 0 } right])
            {
                throw new MalformedFileException(name, $"merge {_ranks.Count + 1}, \"{line}\", is not two tokens.");
            }

            _ranks.TryAdd((left, right), _ranks.Count);
        }

        _unknown = Special("<|endoftext|>");
    }

    /// <summary>Number of token ids.</summary>
    public int Size => _ids.Count;

    /// <summary>Reads vocab.json and merges.txt, whose first line is a comment.</summary>
    public static BytePairVocabulary Load(string folder)
    {
        var ids = ConfigFile.ReadJson<Dictionary<string, int>>(Path.Combine(folder, "vocab.json"));
        var merges = new FileInfo(Path.Combine(folder, "merges.txt"));
        if (!merges.Exists || merges.Length > MaxMergeBytes)
        {
            throw new MalformedFileException(
                merges.FullName, merges.Exists ? $"{merges.Length} bytes are too many." : "the file is missing.");
        }

        var lines = File.ReadLines(merges.FullName)
            .Where((line, i) => line.Length > 0 && !(i == 0 && line.StartsWith("#version", StringComparison.Ordinal)));
        return new BytePairVocabulary(ids, lines, folder);
    }

    /// <summary>Numbers tokens as CLIP does: byte characters, the same at a word's end, merges in order, two specials.</summary>
    /// <param name="merges">Lines "left right", most frequent first.</param>
    /// <returns>The contents of vocab.json.</returns>
    public static Dictionary<string, int> IdsOf(IEnumerable<string> merges)
    {
        // Characters that stand for themselves come first.
        var characters = ByteCharacters.OrderBy(c => c >= 256).ThenBy(c => c).Select(c => c.ToString()).ToArray();
        return characters
            .Concat(characters.Select(c => c + WordEnd))
            .Concat(merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal)))
            .Concat(["<|startoftext|>", "<|endoftext|>"])
            .Select((token, id) => (token, id))
            .ToDictionary(pair => pair.token, pair => pair.id);
    }

    /// <summary>Id of a token that must exist.</summary>
    public int Special(string token) => _ids.TryGetValue(token, out var id)
        ? id
        : throw new MalformedFileException(_name, $"the vocabulary lacks the token \"{token}\".");

    /// <summary>Ids of one word.</summary>
    public IReadOnlyList<int> Encode(string word)
    {
        if (_cache.TryGetValue(word, out var known))
        {
            return known;
        }

        var ids = Merge(word).Select(token => _ids.GetValueOrDefault(token, _unknown)).ToArray();
        if (_cache.Count < CachedWords)
        {
            _cache.TryAdd(word, ids);
        }

        return ids;
    }

    private List<string> Merge(string word)
    {
        var bytes = Encoding.UTF8.GetBytes(word);
        var parts = bytes.Select(value => ByteCharacters[value].ToString()).ToList();
        parts[^1] += WordEnd;

        while (parts.Count > 1)
        {
            var best = Enumerable.Range(0, parts.Count - 1)
                .Select(i => (Pair: (parts[i], parts[i + 1]), Rank: Rank(parts[i], parts[i + 1])))
                .MinBy(candidate => candidate.Rank);
            if (best.Rank == int.MaxValue)
            {
                break;
            }

            MergeEverywhere(parts, best.Pair);
        }

        return parts;
    }

    private int Rank(string left, string right) => _ranks.GetValueOrDefault((left, right), int.MaxValue);

    private static void MergeEverywhere(List<string> parts, (string Left, string Right) pair)
    {
        for (var i = 0; i < parts.Count - 1; i++)
        {
            if (parts[i] == pair.Left && parts[i + 1] == pair.Right)
            {
                parts[i] += parts[i + 1];
                parts.RemoveAt(i + 1);
            }
        }
    }

    /// <summary>Printable Latin-1 stands for itself, the other bytes for the characters from U+0100 on, in order.</summary>
    private static char[] BuildByteCharacters()
    {
        var characters = new char[256];
        var next = (char)256;
        for (var value = 0; value < 256; value++)
        {
            var printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            characters[value] = printable ? (char)value : next++;
        }

        return characters;
    }
}
