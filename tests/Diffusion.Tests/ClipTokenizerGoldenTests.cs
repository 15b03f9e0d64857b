using System.IO.Compression;
using System.Text.Json;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

public class ClipTokenizerGoldenTests
{
    private const int Merges = 49152 - 256 - 2;

    private static readonly Lazy<BytePairVocabulary> Vocabulary = new(ReadVocabulary);

    public static IEnumerable<object[]> Cases() =>
        from name in GoldenCase.Names("clip_tokenizer")
        from row in Enumerable.Range(0, 41)
        select new[] { name[0], row };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Encode_MatchesTransformers(string name, int row)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Open("clip_tokenizer", name);
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(golden.Folder, "expected.json")));
        var entry = expected.RootElement[row];
        var tokenizer = ClipTokenizer.Of(
            Vocabulary.Value, new ClipTokenizerSettings(PadToken: golden.Config.GetProperty("pad_token").GetString()!));
        var prompt = entry.GetProperty("prompt").GetString()!;

        Assert.Equal(entry.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), tokenizer.Encode(prompt));
        var padded = tokenizer.EncodePadded(prompt);
        AssertTensor.Equal(golden.Tensor("out/input_ids")[row], tensor(padded.Ids), "ids");
        AssertTensor.Equal(golden.Tensor("out/attention_mask")[row], tensor(padded.Mask), "mask");
    }

    /// <summary>The published list of merges: 256 characters, the same with a word's end, the merges, two specials.</summary>
    private static BytePairVocabulary ReadVocabulary()
    {
        using var file = File.OpenRead(Goldens.Path("clip_tokenizer", "bpe_simple_vocab_16e6.txt.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var merges = reader.ReadToEnd().Split('\n')[1..(Merges + 1)];
        return new BytePairVocabulary(BytePairVocabulary.IdsOf(merges), merges, "bpe_simple_vocab_16e6.txt.gz");
    }
}
