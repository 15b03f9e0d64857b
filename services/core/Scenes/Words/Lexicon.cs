namespace Realiz3D.Mesh.Scenes;

/// <summary>The words of the caption grammar: what each phrase means and how each attribute can be said.</summary>
/// <remarks>The first phrase of every list is the plain one. Phrases are lower case, words apart by one space.</remarks>
internal static class Lexicon
{
    /// <summary>Nouns of the categories.</summary>
    public static readonly IReadOnlyDictionary<SceneCategory, string[]> Categories = new Dictionary<SceneCategory, string[]>
    {
        [SceneCategory.Vase] = ["vase", "urn", "flower vase"],
        [SceneCategory.Mug] = ["mug", "cup", "coffee mug", "coffee cup", "tea cup"],
        [SceneCategory.Bowl] = ["bowl", "dish", "salad bowl", "soup bowl"],
        [SceneCategory.Bottle] = ["bottle", "flask", "wine bottle", "water bottle"],
        [SceneCategory.Chair] = ["chair", "seat", "dining chair", "kitchen chair"],
        [SceneCategory.Table] = ["table", "desk", "dining table", "coffee table"],
        [SceneCategory.Lamp] = ["lamp", "table lamp", "desk lamp", "bedside lamp"],
        [SceneCategory.Car] = ["car", "automobile", "toy car", "vehicle"],
        [SceneCategory.Airplane] = ["airplane", "plane", "aeroplane", "aircraft", "jet"],
        [SceneCategory.House] = ["house", "cottage", "home", "cabin"],
        [SceneCategory.Tree] = ["tree", "pine tree", "fir tree", "conifer"],
        [SceneCategory.Mushroom] = ["mushroom", "toadstool", "fungus"],
        [SceneCategory.Rocket] = ["rocket", "spaceship", "rocket ship", "space rocket"],
        [SceneCategory.Snowman] = ["snowman", "snow man"],
        [SceneCategory.Sword] = ["sword", "blade", "longsword"],
        [SceneCategory.Robot] = ["robot", "android", "toy robot"],
    };

    /// <summary>Adjectives of the colours.</summary>
    public static readonly IReadOnlyDictionary<SceneColour, string[]> Colours = new Dictionary<SceneColour, string[]>
    {
        [SceneColour.Red] = ["red", "crimson", "scarlet"],
        [SceneColour.Orange] = ["orange", "tangerine"],
        [SceneColour.Yellow] = ["yellow", "lemon yellow"],
        [SceneColour.Green] = ["green", "emerald"],
        [SceneColour.Cyan] = ["cyan", "teal", "turquoise", "aqua"],
        [SceneColour.Blue] = ["blue", "azure", "navy"],
        [SceneColour.Purple] = ["purple", "violet"],
        [SceneColour.Pink] = ["pink", "rose pink"],
        [SceneColour.Brown] = ["brown", "chocolate brown", "chestnut"],
        [SceneColour.Black] = ["black", "ebony"],
        [SceneColour.White] = ["white", "snow white"],
        [SceneColour.Gray] = ["gray", "grey"],
    };

    /// <summary>Nouns of the materials, as in "made of".</summary>
    public static readonly IReadOnlyDictionary<SceneMaterial, string[]> MaterialNouns = new Dictionary<SceneMaterial, string[]>
    {
        [SceneMaterial.Ceramic] = ["ceramic", "porcelain"],
        [SceneMaterial.Plastic] = ["plastic"],
        [SceneMaterial.Wood] = ["wood", "timber"],
        [SceneMaterial.Gold] = ["gold"],
        [SceneMaterial.RustyIron] = ["rusty iron", "rusted iron", "rusty metal"],
        [SceneMaterial.Marble] = ["marble"],
        [SceneMaterial.Rubber] = ["rubber"],
        [SceneMaterial.PaintedMetal] = ["painted metal", "metal", "lacquered metal"],
    };

    /// <summary>Adjectives of the materials, before the noun they describe.</summary>
    public static readonly IReadOnlyDictionary<SceneMaterial, string[]> MaterialAdjectives = new Dictionary<SceneMaterial, string[]>
    {
        [SceneMaterial.Ceramic] = ["ceramic", "porcelain"],
        [SceneMaterial.Plastic] = ["plastic"],
        [SceneMaterial.Wood] = ["wooden", "wood"],
        [SceneMaterial.Gold] = ["gold", "golden"],
        [SceneMaterial.RustyIron] = ["rusty iron", "rusty", "rusted"],
        [SceneMaterial.Marble] = ["marble"],
        [SceneMaterial.Rubber] = ["rubber", "rubbery"],
        [SceneMaterial.PaintedMetal] = ["painted metal", "metal", "metallic"],
    };

    /// <summary>Adjectives of the finishes.</summary>
    public static readonly IReadOnlyDictionary<SceneFinish, string[]> Finishes = new Dictionary<SceneFinish, string[]>
    {
        [SceneFinish.Glossy] = ["glossy", "shiny", "polished"],
        [SceneFinish.Matte] = ["matte", "matt", "dull"],
    };

    /// <summary>Adjectives of the proportions.</summary>
    public static readonly IReadOnlyDictionary<SceneProportion, string[]> Proportions = new Dictionary<SceneProportion, string[]>
    {
        [SceneProportion.Tall] = ["tall", "long"],
        [SceneProportion.Squat] = ["short", "squat"],
    };

    /// <summary>Words that hold a caption together and say nothing about the object.</summary>
    public static readonly IReadOnlySet<string> Glue = new HashSet<string>(StringComparer.Ordinal)
    {
        "a", "an", "the", "of", "in", "with", "and", "from", "out", "is", "that", "made", "finish", "surface", "colored",
        "coloured", "color", "colour", "material",
    };

    /// <summary>Whether a proportion is said as a length ("long") rather than a height ("tall") of a category.</summary>
    public static bool IsLong(SceneCategory category) =>
        category is SceneCategory.Car or SceneCategory.Airplane or SceneCategory.Sword;
}
