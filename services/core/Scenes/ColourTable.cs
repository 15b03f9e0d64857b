namespace Realiz3D.Mesh.Scenes;

/// <summary>Albedos of the colours and of the materials that have a colour of their own.</summary>
public static class ColourTable
{
    private static readonly Dictionary<SceneColour, Rgb> Albedos = new()
    {
        [SceneColour.Red] = Rgb.FromSrgb(0xC8191E),
        [SceneColour.Orange] = Rgb.FromSrgb(0xF07D0F),
        [SceneColour.Yellow] = Rgb.FromSrgb(0xF5D820),
        [SceneColour.Green] = Rgb.FromSrgb(0x2FA03A),
        [SceneColour.Cyan] = Rgb.FromSrgb(0x27BDC4),
        [SceneColour.Blue] = Rgb.FromSrgb(0x2148C8),
        [SceneColour.Purple] = Rgb.FromSrgb(0x7A2CB4),
        [SceneColour.Pink] = Rgb.FromSrgb(0xF590BC),
        [SceneColour.Brown] = Rgb.FromSrgb(0x74451F),
        [SceneColour.Black] = Rgb.FromSrgb(0x1A1A1C),
        [SceneColour.White] = Rgb.FromSrgb(0xF2F2EE),
        [SceneColour.Gray] = Rgb.FromSrgb(0x868686),
    };

    /// <summary>Albedo of a colour.</summary>
    /// <param name="colour">The colour.</param>
    public static Rgb Albedo(SceneColour colour) => Albedos[colour];

    /// <summary>Albedo that a material has when no colour is asked for; null for materials of any colour.</summary>
    /// <param name="material">The material.</param>
    public static Rgb? NaturalAlbedo(SceneMaterial material) => material switch
    {
        SceneMaterial.Wood => Rgb.FromSrgb(0xB98A55),
        SceneMaterial.Gold => Rgb.FromSrgb(0xF0C04A),
        SceneMaterial.RustyIron => Rgb.FromSrgb(0x6E4A38),
        SceneMaterial.Marble => Rgb.FromSrgb(0xE6E4DF),
        _ => null,
    };

    /// <summary>The one of the twelve colours nearest to an albedo in CIE L*a*b*.</summary>
    /// <param name="albedo">Linear RGB, for example the mean over an object.</param>
    public static SceneColour Nearest(Rgb albedo) => Albedos.MinBy(entry => entry.Value.DifferenceTo(albedo)).Key;
}
