using Realiz3D.Mesh.Scenes.Objects;

namespace Realiz3D.Mesh.Scenes;

/// <summary>Draws what a caption says and fills in what it leaves open.</summary>
internal static class AttributeDraw
{
    private static readonly SceneCategory[] Categories = Enum.GetValues<SceneCategory>();
    private static readonly SceneColour[] Colours = Enum.GetValues<SceneColour>();
    private static readonly SceneMaterial[] Materials = Enum.GetValues<SceneMaterial>();

    // Gold and rust with a colour are odd: never drawn, only rendered when asked for.
    private static readonly SceneMaterial[] Colourable =
        [.. Materials.Where(m => m is not (SceneMaterial.Gold or SceneMaterial.RustyIron))];

    /// <summary>What a drawn caption says: always the category, mostly a colour and a material, sometimes more.</summary>
    public static SceneAttributes Spoken(Draws draws, SceneCategory? category)
    {
        var drawn = draws.Of(Categories);
        SceneMaterial? material = draws.Chance(0.85) ? draws.Of(Materials) : null;
        var coloured = material switch
        {
            SceneMaterial.Gold or SceneMaterial.RustyIron => 0,
            SceneMaterial.Wood or SceneMaterial.Marble => 0.5,
            _ => 0.88,
        };
        return new SceneAttributes(
            category ?? drawn,
            draws.Chance(coloured) ? draws.Of(Colours) : null,
            material,
            draws.Chance(0.4) ? draws.Of<SceneFinish>([SceneFinish.Glossy, SceneFinish.Matte]) : null,
            draws.Chance(0.3) ? draws.Of<SceneProportion>([SceneProportion.Tall, SceneProportion.Squat]) : null);
    }

    /// <summary>Fills in category, material and colour. The colour stays null where the material shows its own.</summary>
    public static SceneAttributes Complete(SceneAttributes spoken, Draws draws)
    {
        var category = spoken.Category ?? draws.Of(Categories);
        var material = spoken.Material ?? draws.Of(spoken.Colour is null ? Materials : Colourable);
        var colour = spoken.Colour;
        var ownColour = ColourTable.NaturalAlbedo(material) is not null && (spoken.Material is not null || draws.Chance(0.7));
        if (colour is null && !ownColour)
        {
            var usual = Catalog.UsualColours(category);
            colour = usual.Count > 0 && draws.Chance(0.8) ? draws.Of(usual) : draws.Of(Colours);
        }

        return spoken with { Category = category, Material = material, Colour = colour };
    }
}
