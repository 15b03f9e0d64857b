using System.IO.Compression;
using System.Text.Json;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>CLIP's tokenizer: ids of every prompt, whole and padded, and the masks.</summary>
internal static class ClipTokenizerKind
{
    private const int Merges = 49152 - 256 - 2;

    public static void Run(GoldenCase golden)
    {
        var settings = new ClipTokenizerSettings(
            Text(golden.Config, "bos_token"), Text(golden.Config, "eos_token"), Text(golden.Config, "pad_token"),
            golden.Args.GetProperty("max_length").GetInt32());
        var vocabulary = ReadVocabulary(Path.Combine(golden.Folder, Text(golden.Args, "vocab")));
        var tokenizer = ClipTokenizer.Of(vocabulary, settings);
        using var expected = JsonDocument.Parse(
            File.ReadAllBytes(Path.Combine(golden.Folder, Text(golden.Args, "prompts"))));

        var padded = new List<TokenizedPrompt>();
        foreach (var entry in expected.RootElement.EnumerateArray())
        {
            var prompt = Text(entry, "prompt");
            padded.Add(tokenizer.EncodePadded(prompt));
            var (wanted, got) = (entry.GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()), tokenizer.Encode(prompt));
            if (!wanted.SequenceEqual(got))
            {
                golden.Fail($"\"{prompt}\": expected ids {string.Join(" ", wanted)}, got {string.Join(" ", got)}.");
            }
        }

        golden.Compare("out/input_ids", stack([.. padded.Select(p => tensor(p.Ids))]));
        golden.Compare("out/attention_mask", stack([.. padded.Select(p => tensor(p.Mask))]));
    }

    private static string Text(JsonElement parent, string key) => parent.GetProperty(key).GetString()!;

    /// <summary>The published list of merges: 256 characters, the same with a word's end, the merges, two specials.</summary>
    private static BytePairVocabulary ReadVocabulary(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var merges = reader.ReadToEnd().Split('\n')[1..(Merges + 1)];
        return new BytePairVocabulary(BytePairVocabulary.IdsOf(merges), merges, path);
    }
}
