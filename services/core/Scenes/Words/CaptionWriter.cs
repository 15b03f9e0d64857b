namespace Realiz3D.Mesh.Scenes;

/// <summary>Writes one caption: chooses an order, then a synonym for each attribute.</summary>
/// <param name="attributes">What to say.</param>
/// <param name="draws">Chooses; null takes the first of everything.</param>
internal sealed class CaptionWriter(SceneAttributes attributes, Draws? draws)
{
    public string Write()
    {
        var category = attributes.Category
            ?? throw new ArgumentException("A caption needs a category.", nameof(attributes));
        var noun = Pick(Lexicon.Categories, category);
        var colour = Pick(Lexicon.Colours, attributes.Colour);
        var finish = Pick(Lexicon.Finishes, attributes.Finish);
        var proportion = attributes.Proportion switch
        {
            SceneProportion.Tall => Lexicon.Proportions[SceneProportion.Tall][Lexicon.IsLong(category) ? 1 : 0],
            SceneProportion.Squat => Lexicon.Proportions[SceneProportion.Squat][Choose(2)],
            _ => "",
        };
        var adjective = Pick(Lexicon.MaterialAdjectives, attributes.Material);
        var material = Pick(Lexicon.MaterialNouns, attributes.Material);

        return Choose(7) switch
        {
            1 when material != "" => Article(Join(proportion, noun)) + " made of " + Join(finish, colour, material),
            2 => List(Join(proportion, colour, noun), material, finish),
            3 when colour != "" => Article(Join(proportion, finish, adjective, noun)) + " in " + colour,
            4 => Join(proportion, noun, colour, adjective, finish),
            5 when finish != "" => Article(Join(proportion, colour, adjective, noun)) + " with a " + finish + " finish",
            6 => Join(finish, proportion, colour, adjective, noun),
            _ => Article(Join(proportion, finish, colour, adjective, noun)),
        };
    }

    private int Choose(int count) => draws?.Index(count) ?? 0;

    private string Pick<T>(IReadOnlyDictionary<T, string[]> lists, T? value)
        where T : struct =>
        value is { } known ? Pick(lists, known) : "";

    // The plain word half of the time, so that rare synonyms stay rare.
    private string Pick<T>(IReadOnlyDictionary<T, string[]> lists, T value)
        where T : struct
    {
        var phrases = lists[value];
        return draws is null || draws.Chance(0.5) ? phrases[0] : phrases[Choose(phrases.Length)];
    }

    private static string Article(string phrase) =>
        ("aeiou".Contains(phrase[0], StringComparison.Ordinal) ? "an " : "a ") + phrase;

    private static string Join(params string[] words) => string.Join(' ', words.Where(w => w != ""));

    private static string List(params string[] parts) => string.Join(", ", parts.Where(p => p != ""));
}
