namespace Realiz3D.Mesh.Scenes;

/// <summary>Roughness and metallic of a surface, and the words of the prompt that gave them.</summary>
/// <param name="Roughness">glTF's roughness factor, 0 to 1.</param>
/// <param name="Metallic">glTF's metallic factor, 0 or 1.</param>
/// <param name="Words">The material and finish that decided, for example "glossy ceramic"; null when the prompt names neither.</param>
public sealed record MaterialProperties(double Roughness, double Metallic, string? Words);

/// <summary>What a material word says about reflection.</summary>
public static class MaterialLexicon
{
    /// <summary>Used when a prompt names no material.</summary>
    public static MaterialProperties Unknown { get; } = new(0.6, 0, null);

    /// <summary>Roughness and metallic for a prompt.</summary>
    /// <param name="prompt">Any text.</param>
    public static MaterialProperties Lookup(string prompt)
    {
        var read = Captions.Parse(prompt).Attributes;
        return Lookup(read.Material, read.Finish);
    }

    /// <summary>Roughness and metallic of a material and a finish; either may be open.</summary>
    /// <param name="material">The material.</param>
    /// <param name="finish">The finish, which moves the roughness.</param>
    public static MaterialProperties Lookup(SceneMaterial? material, SceneFinish? finish)
    {
        if (material is null && finish is null)
        {
            return Unknown;
        }

        var (roughness, metallic) = material switch
        {
            SceneMaterial.Ceramic => (0.25, 0.0),
            SceneMaterial.Plastic => (0.40, 0.0),
            SceneMaterial.Wood => (0.65, 0.0),
            SceneMaterial.Gold => (0.25, 1.0),
            SceneMaterial.RustyIron => (0.85, 0.0),
            SceneMaterial.Marble => (0.30, 0.0),
            SceneMaterial.Rubber => (0.90, 0.0),
            SceneMaterial.PaintedMetal => (0.35, 0.0),
            _ => (Unknown.Roughness, Unknown.Metallic),
        };
        roughness = finish switch
        {
            SceneFinish.Glossy => Math.Min(roughness, 0.15),
            SceneFinish.Matte => Math.Max(roughness, 0.85),
            _ => roughness,
        };
        var words = new[]
        {
            finish is { } f ? Lexicon.Finishes[f][0] : "",
            material is { } m ? Lexicon.MaterialNouns[m][0] : "",
        };
        return new MaterialProperties(roughness, metallic, string.Join(' ', words.Where(w => w != "")));
    }
}
