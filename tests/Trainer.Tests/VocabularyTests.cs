using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Scenes;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Training.Tests;

/// <summary>The vocabulary, read back by the tokenizer that the services use.</summary>
public sealed class VocabularyTests
{
    [Fact]
    public void EveryWord_IsOneToken_AndUnknownWordsAreSpelled()
    {
        string[] words = ["vase", "vases", "base", "red", "green", "a", "an", "polished", "über"];
        using var folder = new TemporaryDirectory();
        TokenizerFolder.Write(folder.Path, new VocabularyBuilder(words), maxLength: 12);
        var tokenizer = ClipTokenizer.Load(folder.Path);

        var known = tokenizer.Words(string.Join(' ', words)).ToArray();
        Assert.Equal(words, known.Select(word => word.Text));
        Assert.All(known, word => Assert.Single(word.Ids));
        Assert.Equal(words.Length, known.Select(word => word.Ids[0]).Distinct().Count());

        var unknown = tokenizer.Words("zebra").Single();
        Assert.True(unknown.Ids.Count > 1);
        Assert.DoesNotContain(tokenizer.Encode("")[^1], unknown.Ids); // spelled, not replaced
        Assert.Equal(12, tokenizer.EncodePadded("a red vase").Ids.Length);
    }

    [Fact]
    public void WordsOfSomeCaptions_CoverTheGrammar()
    {
        var words = Compose(first: 1, count: 3000).SelectMany(Words).Concat(CaptionVariation.Fillers);
        using var folder = new TemporaryDirectory();
        TokenizerFolder.Write(folder.Path, new VocabularyBuilder(words), maxLength: 32);
        var tokenizer = ClipTokenizer.Load(folder.Path);

        foreach (var caption in Compose(first: 900_000, count: 500))
        {
            Assert.All(Words(caption), word => Assert.Single(tokenizer.Words(word).Single().Ids));
            Assert.Empty(tokenizer.EncodePadded(caption).CutWords);
        }
    }

    [Fact]
    public void CaptionVariation_KeepsEveryWordInOrder_AndChangesAboutOneCaptionInSeven()
    {
        var random = new Philox(5, DrawPurpose.Data);
        const string caption = "a glossy red vase";
        var varied = Enumerable.Range(0, 2000).Select(item => CaptionVariation.Apply(caption, random, 3, item)).ToArray();

        Assert.InRange(varied.Count(v => v != caption), 240, 360); // 300 expected, deviation 16
        foreach (var text in varied)
        {
            var rest = new Queue<string>(caption.Split(' '));
            foreach (var word in text.Split(' ').Where(word => rest.Count > 0 && word == rest.Peek()))
            {
                rest.Dequeue();
            }

            Assert.Empty(rest);
            Assert.InRange(text.Split(' ').Length, 4, 6);
        }
    }

    private static IEnumerable<string> Compose(ulong first, int count)
    {
        var random = new Philox(first, DrawPurpose.Data);
        T? Pick<T>(int i, int which)
            where T : struct, Enum =>
            random.Uniform(i, which) < 0.6 ? Enum.GetValues<T>()[random.Below(Enum.GetValues<T>().Length, i, which + 10)] : null;
        return Enumerable.Range(0, count).Select(i => Captions.Compose(
            new SceneAttributes(
                (SceneCategory)(i % 16), Pick<SceneColour>(i, 1), Pick<SceneMaterial>(i, 2), Pick<SceneFinish>(i, 3), Pick<SceneProportion>(i, 4)),
            first + (ulong)i));
    }

    private static IEnumerable<string> Words(string caption) =>
        caption.Split([' ', ',', '.'], StringSplitOptions.RemoveEmptyEntries).Select(word => word.ToLowerInvariant());
}
