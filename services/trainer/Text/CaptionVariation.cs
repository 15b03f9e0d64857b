using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Training;

/// <summary>Puts words of no meaning into captions now and then, so that the model learns to look past them.</summary>
internal static class CaptionVariation
{
    private const double Share = 0.15;
    private const string Consonants = "bcdfghjklmnprstvwz";
    private const string Vowels = "aeiou";

    /// <summary>Common words that say nothing about the object; half of the inserted words are of these.</summary>
    public static IReadOnlyList<string> Fillers { get; } =
    [
        "the", "of", "and", "from", "out", "is", "that", "it", "some", "very", "really", "my", "this", "one", "nice",
        "beautiful", "pretty", "detailed", "simple", "realistic", "photo", "picture", "image", "model", "object", "colored",
        "coloured", "color", "colour", "material", "surface", "please", "for", "on", "to", "new", "old", "small", "big",
    ];

    /// <summary>The caption, in 15 of 100 draws with one or two words in it that say nothing.</summary>
    /// <param name="caption">The caption.</param>
    /// <param name="random">Source of the draws.</param>
    /// <param name="step">Step of the counter.</param>
    /// <param name="item">Item within the step; each owns 64 elements of the counter.</param>
    /// <returns>The caption to learn from.</returns>
    public static string Apply(string caption, Philox random, int step, int item)
    {
        var element = item * 64L;
        if (random.Uniform(step, element++) >= Share)
        {
            return caption;
        }

        var words = caption.Split(' ').ToList();
        var extra = 1 + random.Below(2, step, element++);
        for (var i = 0; i < extra; i++)
        {
            var place = random.Below(words.Count + 1, step, element++);
            words.Insert(place, random.Uniform(step, element++) < 0.5
                ? Fillers[random.Below(Fillers.Count, step, element++)]
                : Invent(random, step, ref element));
        }

        return string.Join(' ', words);
    }

    private static string Invent(Philox random, int step, ref long element)
    {
        var letters = new char[3 + random.Below(6, step, element++)];
        for (var i = 0; i < letters.Length; i++)
        {
            var from = i % 2 == 0 ? Consonants : Vowels;
            letters[i] = from[random.Below(from.Length, step, element++)];
        }

        return new string(letters);
    }
}
