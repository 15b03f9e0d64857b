using Realiz3D.Mesh.Scenes.Solids;

namespace Realiz3D.Mesh.Scenes.Tests;

public class SceneObjectTests
{
    private static readonly Vector3[] Points = Field.Cloud(200, 0.5);

    [Fact]
    public void FromSeed_SameSeed_IsTheSameObject()
    {
        var (a, b) = (SceneObject.FromSeed(11), SceneObject.FromSeed(11));

        Assert.Equal(a.Caption, b.Caption);
        Assert.Equal(a.Attributes, b.Attributes);
        Assert.Equal(Field.At(a, Points), Field.At(b, Points));
        Assert.NotEqual(Field.At(a, Points), Field.At(SceneObject.FromSeed(12, a.Attributes.Category), Points));
    }

    [Fact]
    public void FromCaption_KeepsTheShape_WhenOnlyTheColourChanges()
    {
        var (red, blue) = (SceneObject.FromCaption("a red plastic robot", 4), SceneObject.FromCaption("a blue plastic robot", 4));

        Assert.Equal(Field.At(red, Points), Field.At(blue, Points));
        Assert.NotEqual(Field.At(red, Points), Field.At(SceneObject.FromCaption("a red plastic robot", 5), Points));
    }

    [Fact]
    public void FromCaption_TakesWhatIsSaid_AndDrawsTheRest()
    {
        var said = SceneObject.FromCaption("a glossy red ceramic vase", 7).Attributes;
        Assert.Equal(new SceneAttributes(SceneCategory.Vase, SceneColour.Red, SceneMaterial.Ceramic, SceneFinish.Glossy), said);

        var open = Enumerable.Range(0, 60).Select(i => SceneObject.FromCaption("a vase", (ulong)i).Attributes).ToArray();
        Assert.All(open, a => Assert.Equal(SceneCategory.Vase, a.Category));
        Assert.All(open, a => Assert.NotNull(a.Material));
        Assert.True(open.Select(a => a.Colour).Distinct().Count() > 6);
        Assert.True(open.Select(a => a.Material).Distinct().Count() > 6);

        var wooden = SceneObject.FromCaption("a wooden chair", 1).Attributes;
        Assert.Null(wooden.Colour);     // wood shows its own colour unless another is asked for
    }

    [Fact]
    public void FromSeed_ReachesEveryAttribute()
    {
        var drawn = Enumerable.Range(0, 600).Select(i => SceneObject.FromSeed((ulong)i).Attributes).ToArray();

        Assert.Equal(16, drawn.Select(a => a.Category).Distinct().Count());
        Assert.Equal(13, drawn.Select(a => a.Colour).Distinct().Count());
        Assert.Equal(8, drawn.Select(a => a.Material).Distinct().Count());
        Assert.Equal(3, drawn.Select(a => a.Finish).Distinct().Count());
        Assert.Equal(3, drawn.Select(a => a.Proportion).Distinct().Count());
        Assert.DoesNotContain(drawn, a => a.Material is SceneMaterial.Gold or SceneMaterial.RustyIron && a.Colour is not null);
    }

    [Fact]
    public void Trees_AreMostlyGreen_WhenNobodyAsks()
    {
        var colours = Enumerable.Range(0, 100).Select(i => SceneObject.FromCaption("a rubber tree", (ulong)i).Attributes.Colour);

        Assert.InRange(colours.Count(c => c == SceneColour.Green), 65, 98);
    }
}
