using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>A prompt as the text tower takes it.</summary>
/// <param name="Ids">Start, text, end, padding; as long as the tower's sequences.</param>
/// <param name="Mask">1 for start, text and end, 0 for padding.</param>
/// <param name="CutWords">Words that did not fit, in order; the last kept word may have lost its end.</param>
public sealed record TokenizedPrompt(long[] Ids, long[] Mask, IReadOnlyList<string> CutWords);

/// <summary>A word of a prompt and its token ids.</summary>
/// <param name="Text">The word in lower case.</param>
/// <param name="Ids">Its ids; one when the vocabulary holds the whole word.</param>
public sealed record TokenizedWord(string Text, IReadOnlyList<int> Ids);

/// <summary>CLIP's byte-pair tokenizer, reading <c>vocab.json</c> and <c>merges.txt</c>.</summary>
/// <remarks>
/// 1. The special tokens are cut out. 2. The text between them is cleaned, spaces collapsed, lower-cased.
/// 3. It is split into words: contractions, runs of letters, single digits, runs of other signs. 4. A word's bytes become
/// printable characters, which are merged in the order of merges.txt.
/// Sources: Sennrich et al. 2015, arXiv:1508.07909; Radford et al. 2021, arXiv:2103.00020 and its published tokenizer.
/// </remarks>
public sealed class ClipTokenizer
{
    private readonly BytePairVocabulary _vocabulary;
    private readonly ClipTokenizerSettings _settings;
    private readonly string[] _specials;
    private readonly int _start;
    private readonly int _end;
    private readonly int _pad;

    private ClipTokenizer(BytePairVocabulary vocabulary, ClipTokenizerSettings settings)
    {
        (_vocabulary, _settings) = (vocabulary, settings);
        (_start, _end) = (vocabulary.Special(settings.BosToken), vocabulary.Special(settings.EosToken));
        _pad = vocabulary.Special(settings.PadToken);
        _specials = [.. new[] { settings.BosToken, settings.EosToken, settings.PadToken }.Distinct()];
    }

    /// <summary>Tokens of a padded prompt.</summary>
    public int MaxLength => _settings.ModelMaxLength;

    /// <summary>Number of token ids.</summary>
    public int VocabularySize => _vocabulary.Size;

    /// <summary>Reads a tokenizer's folder.</summary>
    /// <param name="folder">Folder with vocab.json and merges.txt, perhaps special_tokens_map.json and tokenizer_config.json.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="MalformedFileException">A file is missing or broken.</exception>
    public static ClipTokenizer Load(string folder) =>
        new(BytePairVocabulary.Load(folder), ClipTokenizerSettings.Load(folder));

    /// <summary>Builds a tokenizer from a vocabulary in memory.</summary>
    internal static ClipTokenizer Of(BytePairVocabulary vocabulary, ClipTokenizerSettings settings) =>
        new(vocabulary, settings);

    /// <summary>Ids of a prompt between start and end, neither cut nor padded.</summary>
    /// <param name="prompt">Any text.</param>
    /// <returns>The ids.</returns>
    public IReadOnlyList<int> Encode(string prompt) =>
        [_start, .. Words(prompt).SelectMany(word => word.Ids), _end];

    /// <summary>Ids of a prompt, cut and padded to <see cref="MaxLength"/>.</summary>
    /// <param name="prompt">Any text.</param>
    /// <returns>Ids, mask, and the words that did not fit.</returns>
    public TokenizedPrompt EncodePadded(string prompt)
    {
        var ids = new List<long> { _start };
        var cut = new List<string>();
        foreach (var word in Words(prompt))
        {
            var room = MaxLength - 1 - ids.Count;
            ids.AddRange(word.Ids.Take(room).Select(id => (long)id));
            if (room < word.Ids.Count)
            {
                cut.Add(word.Text);
            }
        }

        ids.Add(_end);
        var used = ids.Count;
        ids.AddRange(Enumerable.Repeat((long)_pad, MaxLength - used));
        return new TokenizedPrompt(
            [.. ids], [.. Enumerable.Range(0, MaxLength).Select(i => i < used ? 1L : 0L)], cut);
    }

    /// <summary>The words of a prompt with their ids.</summary>
    /// <param name="prompt">Any text.</param>
    /// <returns>Words in order; special tokens that the text spells out are words too.</returns>
    public IEnumerable<TokenizedWord> Words(string prompt)
    {
        var at = 0;
        while (at < prompt.Length)
        {
            var (special, next) = NextSpecial(prompt, at);
            foreach (var word in ClipWords.Split(TextCleaning.Clean(prompt[at..next]), _specials))
            {
                yield return new TokenizedWord(
                    word, _specials.Contains(word) ? [_vocabulary.Special(word)] : _vocabulary.Encode(word));
            }

            if (special is not null)
            {
                yield return new TokenizedWord(special, [_vocabulary.Special(special)]);
            }

            at = next + (special?.Length ?? 0);
        }
    }

    private (string? Special, int At) NextSpecial(string text, int from)
    {
        (string? Special, int At) nearest = (null, text.Length);
        foreach (var special in _specials)
        {
            var at = text.IndexOf(special, from, StringComparison.Ordinal);
            if (at >= 0 && at < nearest.At)
            {
                nearest = (special, at);
            }
        }

        return nearest;
    }
}
