namespace Realiz3D.Mesh.Scenes;

/// <summary>What an object is. The numbers are stable: they are class labels of trained models.</summary>
public enum SceneCategory
{
    /// <summary>A turned vessel with a neck.</summary>
    Vase,

    /// <summary>A cup with a handle.</summary>
    Mug,

    /// <summary>A wide open vessel.</summary>
    Bowl,

    /// <summary>A tall vessel with shoulders and a cap.</summary>
    Bottle,

    /// <summary>A seat with a back.</summary>
    Chair,

    /// <summary>A table with four legs or one.</summary>
    Table,

    /// <summary>A table lamp with a shade.</summary>
    Lamp,

    /// <summary>A car on four wheels.</summary>
    Car,

    /// <summary>A plane with wings and a tail.</summary>
    Airplane,

    /// <summary>A house with a gable roof.</summary>
    House,

    /// <summary>A conifer or a round tree.</summary>
    Tree,

    /// <summary>A stem and a cap.</summary>
    Mushroom,

    /// <summary>A rocket with fins.</summary>
    Rocket,

    /// <summary>Balls of snow with a hat and a carrot.</summary>
    Snowman,

    /// <summary>A sword, its point up.</summary>
    Sword,

    /// <summary>A toy robot.</summary>
    Robot,
}

/// <summary>The twelve colours that prompts can ask for.</summary>
public enum SceneColour
{
    /// <summary>Red.</summary>
    Red,

    /// <summary>Orange.</summary>
    Orange,

    /// <summary>Yellow.</summary>
    Yellow,

    /// <summary>Green.</summary>
    Green,

    /// <summary>Cyan, also called teal or turquoise.</summary>
    Cyan,

    /// <summary>Blue.</summary>
    Blue,

    /// <summary>Purple.</summary>
    Purple,

    /// <summary>Pink.</summary>
    Pink,

    /// <summary>Brown.</summary>
    Brown,

    /// <summary>Black.</summary>
    Black,

    /// <summary>White.</summary>
    White,

    /// <summary>Gray.</summary>
    Gray,
}

/// <summary>The eight materials that prompts can ask for.</summary>
public enum SceneMaterial
{
    /// <summary>Glazed ceramic.</summary>
    Ceramic,

    /// <summary>Plastic.</summary>
    Plastic,

    /// <summary>Wood with grain; its own colour is tan.</summary>
    Wood,

    /// <summary>Gold; always its own colour unless another is asked for.</summary>
    Gold,

    /// <summary>Iron with rust; its own colour is a mottled brown.</summary>
    RustyIron,

    /// <summary>Marble with veins; its own colour is white.</summary>
    Marble,

    /// <summary>Rubber.</summary>
    Rubber,

    /// <summary>Metal under paint.</summary>
    PaintedMetal,
}

/// <summary>How polished a surface is, where the prompt says so.</summary>
public enum SceneFinish
{
    /// <summary>Smooth and shiny.</summary>
    Glossy,

    /// <summary>Rough and dull.</summary>
    Matte,
}

/// <summary>How the height (or length) of the object compares with others of its kind.</summary>
public enum SceneProportion
{
    /// <summary>Taller or longer.</summary>
    Tall,

    /// <summary>Shorter and wider.</summary>
    Squat,
}

/// <summary>The attributes of one object; what is null is left open (or was not said).</summary>
/// <param name="Category">What it is.</param>
/// <param name="Colour">Colour of the main part; null with a material leaves the material its own colour.</param>
/// <param name="Material">Material of the main part.</param>
/// <param name="Finish">Finish of the main part.</param>
/// <param name="Proportion">Proportion.</param>
public sealed record SceneAttributes(
    SceneCategory? Category = null,
    SceneColour? Colour = null,
    SceneMaterial? Material = null,
    SceneFinish? Finish = null,
    SceneProportion? Proportion = null);
