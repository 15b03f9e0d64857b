using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Diffusion.Tests;

public sealed class ClipTokenizerTests : IDisposable
{
    private static readonly string[] Merges = ["r e", "re d</w>", "m u", "mu g</w>"];

    private readonly string _folder = Directory.CreateTempSubdirectory("tokenizer").FullName;

    public ClipTokenizerTests()
    {
        ConfigFile.Write(Path.Combine(_folder, "vocab.json"), BytePairVocabulary.IdsOf(Merges));
        File.WriteAllLines(Path.Combine(_folder, "merges.txt"), ["#version: 0.2", .. Merges]);
        File.WriteAllText(Path.Combine(_folder, "tokenizer_config.json"), "{\"model_max_length\": 6, \"pad_token\": \"<|endoftext|>\"}");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void WholeWords_AreOneToken()
    {
        var tokenizer = ClipTokenizer.Load(_folder);

        // 512 characters, then the merges in order: re, red</w>, mu, mug</w>, start, end.
        Assert.Equal(518, tokenizer.VocabularySize);
        Assert.Equal([516, 513, 515, 517], tokenizer.Encode("Red  MUG"));
        Assert.Equal([("red", 1), ("rex", 2)], tokenizer.Words("red rex").Select(word => (word.Text, word.Ids.Count)));
    }

    [Fact]
    public void LongPrompt_IsCut_AndSaysWhichWords()
    {
        var padded = ClipTokenizer.Load(_folder).EncodePadded("red mug red xy mug");

        Assert.Equal([516L, 513, 515, 513, 'x' - '!', 517], padded.Ids);
        Assert.Equal([1L, 1, 1, 1, 1, 1], padded.Mask);
        Assert.Equal(["xy", "mug"], padded.CutWords);
    }

    [Fact]
    public void ShortPrompt_IsPaddedWithTheTokenOfTheSpecialTokensMap()
    {
        File.WriteAllText(Path.Combine(_folder, "special_tokens_map.json"), "{\"pad_token\": {\"content\": \"!\"}}");
        var padded = ClipTokenizer.Load(_folder).EncodePadded("red");

        Assert.Equal([516L, 513, 517, 0, 0, 0], padded.Ids);
        Assert.Equal([1L, 1, 1, 0, 0, 0], padded.Mask);
        Assert.Empty(padded.CutWords);
    }

    [Fact]
    public void HalfOfASurrogatePair_CountsAsTheReplacementCharacter()
    {
        var tokenizer = ClipTokenizer.Load(_folder);
        Assert.Equal(tokenizer.Encode("\uFFFD red"), tokenizer.Encode("\uD800 red"));
    }

    [Theory]
    [InlineData("vocab.json", null, "vocab.json: the file is missing.")]
    [InlineData("merges.txt", null, "merges.txt: the file is missing.")]
    [InlineData("vocab.json", "{\"a\": 0}", "the vocabulary lacks the token \"<|endoftext|>\".")]
    [InlineData("vocab.json", "[]", "vocab.json: not the expected JSON: ")]
    [InlineData("merges.txt", "#version: 0.2\nr e\nred\n", "merge 2, \"red\", is not two tokens.")]
    [InlineData("tokenizer_config.json", "{\"model_max_length\": 1}", "model_max_length is 1, not 2 to 4096.")]
    [InlineData("tokenizer_config.json", "{\"pad_token\": \"<pad>\"}", "the vocabulary lacks the token \"<pad>\".")]
    public void BrokenFolder_IsRefused(string file, string? contents, string sentence)
    {
        var path = Path.Combine(_folder, file);
        File.Delete(path);
        if (contents is not null)
        {
            File.WriteAllText(path, contents);
        }

        var refused = Assert.Throws<MalformedFileException>(() => ClipTokenizer.Load(_folder));
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("&lt;b&gt; &amp;amp;", "<b> &")]
    [InlineData("<b> &amp;", "<b> &amp;")]              // a tag in sight: entities are meant
    [InlineData("cafÃ©", "café")]
    [InlineData("CAFÉ", "café")]
    [InlineData("cafe\u0301", "café")]
    [InlineData("\u1112\u1161\u11AB", "한")]
    [InlineData("ｶﾞ", "ガ")]
    [InlineData("\u212B", "å")]
    [InlineData("ΟΔΥΣΣΕΥΣ Σ", "οδυσσευς σ")]
    [InlineData("İ", "i\u0307")]
    [InlineData("\u001B[31mred\u001B[0m\u0007", "red")]
    [InlineData("“ﬁne”\u0091", "\"fine\"'")]
    public void Clean_MatchesFtfy(string text, string expected) => Assert.Equal(expected, TextCleaning.Clean(text));
}
