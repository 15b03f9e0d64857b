using System.Text;

namespace Realiz3D.Mesh.Scenes;

/// <summary>What a prompt says, and which of its words the grammar knows.</summary>
/// <param name="Attributes">The first category, colour, material, finish and proportion named; null where none is.</param>
/// <param name="KnownWords">Words that the grammar knows, in their order, each once.</param>
/// <param name="UnknownWords">Words that it does not know, in their order, each once.</param>
public sealed record CaptionReading(
    SceneAttributes Attributes, IReadOnlyList<string> KnownWords, IReadOnlyList<string> UnknownWords);

/// <summary>Captions in a small grammar with synonyms and free word order, and their reading.</summary>
public static class Captions
{
    private static readonly Dictionary<string, Func<SceneAttributes, SceneAttributes>> Phrases = Index();
    private static readonly int LongestPhrase = Phrases.Keys.Max(p => p.Count(c => c == ' ')) + 1;

    /// <summary>The plain caption of an object: first synonyms, usual word order.</summary>
    /// <param name="attributes">What to say. The category must be given.</param>
    public static string Plain(SceneAttributes attributes) => new CaptionWriter(attributes, null).Write();

    /// <summary>One of the many ways to say an object's attributes.</summary>
    /// <param name="attributes">What to say. The category must be given.</param>
    /// <param name="seed">Chooses synonyms and word order.</param>
    public static string Compose(SceneAttributes attributes, ulong seed) =>
        new CaptionWriter(attributes, new Draws(seed, DrawStream.Caption)).Write();

    /// <summary>Reads a prompt: the longest known phrase first, from left to right; the first of each kind counts.</summary>
    /// <param name="prompt">Any text.</param>
    public static CaptionReading Parse(string prompt)
    {
        ArgumentNullException.ThrowIfNull(prompt);

        var words = Words(prompt);
        var (known, unknown) = (new List<string>(), new List<string>());
        var attributes = new SceneAttributes();
        for (var i = 0; i < words.Count;)
        {
            var length = Math.Min(LongestPhrase, words.Count - i);
            while (length > 0 && !TryRead(string.Join(' ', words.Skip(i).Take(length)), ref attributes))
            {
                length--;
            }

            var target = length > 0 || Lexicon.Glue.Contains(words[i]) ? known : unknown;
            length = Math.Max(length, 1);
            target.AddRange(words.Skip(i).Take(length).Where(w => !target.Contains(w)));
            i += length;
        }

        return new CaptionReading(attributes, known, unknown);
    }

    private static bool TryRead(string phrase, ref SceneAttributes attributes)
    {
        if (!Phrases.TryGetValue(phrase, out var apply) && !Phrases.TryGetValue(Singular(phrase), out apply))
        {
            return false;
        }

        attributes = apply(attributes);
        return true;
    }

    private static string Singular(string phrase) =>
        phrase.EndsWith('s') ? phrase[..^1] : phrase;

    private static List<string> Words(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var c in text + " ")
        {
            if (char.IsLetterOrDigit(c) || (c == '\'' && word.Length > 0))
            {
                word.Append(char.ToLowerInvariant(c));
            }
            else if (word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
        }

        return words;
    }

    private static Dictionary<string, Func<SceneAttributes, SceneAttributes>> Index()
    {
        var index = new Dictionary<string, Func<SceneAttributes, SceneAttributes>>(StringComparer.Ordinal);
        Add(Lexicon.Categories, (a, value) => a with { Category = a.Category ?? value });
        Add(Lexicon.Colours, (a, value) => a with { Colour = a.Colour ?? value });
        Add(Lexicon.MaterialNouns, (a, value) => a with { Material = a.Material ?? value });
        Add(Lexicon.MaterialAdjectives, (a, value) => a with { Material = a.Material ?? value });
        Add(Lexicon.Finishes, (a, value) => a with { Finish = a.Finish ?? value });
        Add(Lexicon.Proportions, (a, value) => a with { Proportion = a.Proportion ?? value });
        return index;

        void Add<T>(IReadOnlyDictionary<T, string[]> lists, Func<SceneAttributes, T, SceneAttributes> apply)
        {
            foreach (var (value, phrases) in lists)
            {
                foreach (var phrase in phrases)
                {
                    index[phrase] = a => apply(a, value);
                }
            }
        }
    }
}
