namespace Realiz3D.Mesh.Scenes.Tests;

public class ColourTests
{
    // Reference values for the sRGB primaries under D65 (Lindbloom's calculator, two decimals).
    [Theory]
    [InlineData(0xFFFFFF, 100, 0, 0)]
    [InlineData(0xFF0000, 53.24, 80.09, 67.20)]
    [InlineData(0x00FF00, 87.73, -86.18, 83.18)]
    [InlineData(0x0000FF, 32.30, 79.19, -107.86)]
    [InlineData(0x808080, 53.59, 0, 0)]
    [InlineData(0x000000, 0, 0, 0)]
    public void ToLab_MatchesReference(int srgb, double l, double a, double b)
    {
        var lab = Rgb.FromSrgb(srgb).ToLab();

        Assert.Equal(l, lab.L, 0.02);
        Assert.Equal(a, lab.A, 0.02);
        Assert.Equal(b, lab.B, 0.02);
    }

    [Fact]
    public void Colours_AreWellApart_AndNearestToThemselves()
    {
        var colours = Enum.GetValues<SceneColour>();

        foreach (var a in colours)
        {
            Assert.Equal(a, ColourTable.Nearest(ColourTable.Albedo(a)));
            Assert.All(colours.Where(b => b != a), b =>
                Assert.True(ColourTable.Albedo(a).DifferenceTo(ColourTable.Albedo(b)) > 24, $"{a} and {b}"));
        }
    }

    [Fact]
    public void NaturalAlbedo_IsGivenForMaterialsOfTheirOwnColour()
    {
        var own = Enum.GetValues<SceneMaterial>().Where(m => ColourTable.NaturalAlbedo(m) is not null);

        Assert.Equal([SceneMaterial.Wood, SceneMaterial.Gold, SceneMaterial.RustyIron, SceneMaterial.Marble], own);
    }
}
