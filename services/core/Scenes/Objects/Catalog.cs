namespace Realiz3D.Mesh.Scenes.Objects;

/// <summary>The builder of each category and the colours it has when nobody asks.</summary>
internal static class Catalog
{
    public static IEnumerable<Part> Build(SceneCategory category, Form form) => category switch
    {
        SceneCategory.Vase => Vessels.Vase(form),
        SceneCategory.Mug => Vessels.Mug(form),
        SceneCategory.Bowl => Vessels.Bowl(form),
        SceneCategory.Bottle => Vessels.Bottle(form),
        SceneCategory.Chair => Furniture.Chair(form),
        SceneCategory.Table => Furniture.Table(form),
        SceneCategory.Lamp => Furniture.Lamp(form),
        SceneCategory.Car => Vehicles.Car(form),
        SceneCategory.Airplane => Vehicles.Airplane(form),
        SceneCategory.Rocket => Vehicles.Rocket(form),
        SceneCategory.House => Outdoors.House(form),
        SceneCategory.Tree => Outdoors.Tree(form),
        SceneCategory.Mushroom => Outdoors.Mushroom(form),
        SceneCategory.Snowman => Figures.Snowman(form),
        SceneCategory.Sword => Figures.Sword(form),
        SceneCategory.Robot => Figures.Robot(form),
        _ => throw new ArgumentOutOfRangeException(nameof(category), category, "No such category."),
    };

    /// <summary>Colours that a category usually has; empty where any will do.</summary>
    public static IReadOnlyList<SceneColour> UsualColours(SceneCategory category) => category switch
    {
        SceneCategory.Tree => [SceneColour.Green],
        SceneCategory.Snowman => [SceneColour.White],
        SceneCategory.Mushroom => [SceneColour.Red, SceneColour.Brown],
        SceneCategory.Sword => [SceneColour.Gray],
        SceneCategory.Robot => [SceneColour.Gray, SceneColour.White],
        SceneCategory.Rocket => [SceneColour.White, SceneColour.Red],
        SceneCategory.Airplane => [SceneColour.White, SceneColour.Gray],
        SceneCategory.Bottle => [SceneColour.Green, SceneColour.Brown],
        SceneCategory.House => [SceneColour.White, SceneColour.Brown],
        SceneCategory.Table or SceneCategory.Chair => [SceneColour.Brown],
        _ => [],
    };
}
