namespace Realiz3D.Mesh.Scenes.Tests;

public class CaptionsTests
{
    [Fact]
    public void Parse_ReadsBackEveryComposedCaption()
    {
        var texts = new HashSet<string>();
        for (var seed = 0UL; seed < 6000; seed++)
        {
            var said = AttributeDraw.Spoken(new Draws(seed, DrawStream.Attributes), null);
            var caption = Captions.Compose(said, seed);
            var read = Captions.Parse(caption);

            Assert.True(said == read.Attributes, $"\"{caption}\": said {said}, read {read.Attributes}");
            Assert.Empty(read.UnknownWords);
            texts.Add(caption);
        }

        Assert.True(texts.Count > 4500, $"only {texts.Count} different captions of 6000");
    }

    [Theory]
    [InlineData("a glossy red ceramic vase", SceneCategory.Vase, SceneColour.Red, SceneMaterial.Ceramic, SceneFinish.Glossy)]
    [InlineData("vase made of red ceramic", SceneCategory.Vase, SceneColour.Red, SceneMaterial.Ceramic, null)]
    [InlineData("Red vase, ceramic, shiny!", SceneCategory.Vase, SceneColour.Red, SceneMaterial.Ceramic, SceneFinish.Glossy)]
    [InlineData("two shiny GREY cars", SceneCategory.Car, SceneColour.Gray, null, SceneFinish.Glossy)]
    [InlineData("a coffee table made of wood", SceneCategory.Table, null, SceneMaterial.Wood, null)]
    [InlineData("a coffee cup", SceneCategory.Mug, null, null, null)]
    [InlineData("rusty-iron sword", SceneCategory.Sword, null, SceneMaterial.RustyIron, null)]
    [InlineData("a golden table lamp", SceneCategory.Lamp, null, SceneMaterial.Gold, null)]
    [InlineData("a snow white snowman", SceneCategory.Snowman, SceneColour.White, null, null)]
    [InlineData("a vase on a table", SceneCategory.Vase, null, null, null)]
    public void Parse_FindsAttributes(
        string prompt, SceneCategory? category, SceneColour? colour, SceneMaterial? material, SceneFinish? finish) =>
        Assert.Equal(new SceneAttributes(category, colour, material, finish), Captions.Parse(prompt).Attributes);

    [Fact]
    public void Parse_ReportsWordsItDoesNotKnow_EachOnceAndInOrder()
    {
        var read = Captions.Parse("A majestic red dragon, a DRAGON's vase of moonlight 42");

        Assert.Equal(["majestic", "dragon", "dragon's", "moonlight", "42"], read.UnknownWords);
        Assert.Equal(["a", "red", "vase", "of"], read.KnownWords);
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ,.!")]
    public void Parse_OfNoWords_FindsNothing(string prompt)
    {
        var read = Captions.Parse(prompt);

        Assert.Equal(new SceneAttributes(), read.Attributes);
        Assert.Empty(read.KnownWords);
        Assert.Empty(read.UnknownWords);
    }

    [Fact]
    public void Plain_UsesTheUsualWordsAndOrder()
    {
        var all = new SceneAttributes(SceneCategory.Airplane, SceneColour.Cyan, SceneMaterial.Wood, SceneFinish.Matte, SceneProportion.Tall);

        Assert.Equal("a long matte cyan wooden airplane", Captions.Plain(all));
        Assert.Equal("an airplane", Captions.Plain(new SceneAttributes(SceneCategory.Airplane)));
        Assert.Throws<ArgumentException>(() => Captions.Plain(new SceneAttributes()));
    }

    [Fact]
    public void Lexicon_SaysEveryPhraseOnce()
    {
        var phrases = new[]
        {
            Lexicon.Categories.Values.SelectMany(p => p),
            Lexicon.Colours.Values.SelectMany(p => p),
            Lexicon.MaterialNouns.Concat(Lexicon.MaterialAdjectives).GroupBy(e => e.Key, e => e.Value).SelectMany(g => g.SelectMany(p => p).Distinct()),
            Lexicon.Finishes.Values.SelectMany(p => p),
            Lexicon.Proportions.Values.SelectMany(p => p),
            Lexicon.Glue,
        }.SelectMany(p => p).ToArray();

        Assert.Empty(phrases.GroupBy(p => p).Where(g => g.Count() > 1).Select(g => g.Key));
    }

    [Theory]
    [InlineData("a glossy red ceramic vase", 0.15, 0, "glossy ceramic")]
    [InlineData("a gold sword", 0.25, 1, "gold")]
    [InlineData("a matte golden bowl", 0.85, 1, "matte gold")]
    [InlineData("a rubber mug", 0.90, 0, "rubber")]
    [InlineData("a shiny car", 0.15, 0, "glossy")]
    [InlineData("a red vase", 0.6, 0, null)]
    public void MaterialLexicon_GivesReflection_AndSaysWhichWordsDid(string prompt, double roughness, double metallic, string? words) =>
        Assert.Equal(new MaterialProperties(roughness, metallic, words), MaterialLexicon.Lookup(prompt));
}
