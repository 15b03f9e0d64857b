using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Realiz3D.Mesh.Training;

/// <summary>Writes a vocabulary as the files of a CLIP tokenizer.</summary>
internal static class TokenizerFolder
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes vocab.json, merges.txt, tokenizer_config.json and special_tokens_map.json.</summary>
    /// <param name="folder">Where to; created if missing.</param>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="maxLength">Tokens of a text, start and end included.</param>
    public static void Write(string folder, VocabularyBuilder vocabulary, int maxLength)
    {
        Directory.CreateDirectory(folder);
        var ids = vocabulary.Symbols().Select((symbol, id) => (symbol, id)).ToDictionary(p => p.symbol, p => p.id);
        WriteJson(folder, "vocab.json", ids);
        var merges = vocabulary.Merges.Select(merge => $"{merge.Left} {merge.Right}\n");
        File.WriteAllText(Path.Combine(folder, "merges.txt"), "#version: 0.2\n" + string.Concat(merges), Utf8);
        WriteJson(folder, "tokenizer_config.json", new Dictionary<string, object>
        {
            ["tokenizer_class"] = "CLIPTokenizer",
            ["model_max_length"] = maxLength,
            ["do_lower_case"] = true,
            ["bos_token"] = VocabularyBuilder.Start,
            ["eos_token"] = VocabularyBuilder.End,
            ["unk_token"] = VocabularyBuilder.End,
            ["pad_token"] = VocabularyBuilder.End,
        });
        WriteJson(folder, "special_tokens_map.json", new Dictionary<string, string>
        {
            ["bos_token"] = VocabularyBuilder.Start,
            ["eos_token"] = VocabularyBuilder.End,
            ["unk_token"] = VocabularyBuilder.End,
            ["pad_token"] = VocabularyBuilder.End,
        });
    }

    private static UTF8Encoding Utf8 { get; } = new(encoderShouldEmitUTF8Identifier: false);

    private static void WriteJson<T>(string folder, string file, T value) =>
        File.WriteAllText(Path.Combine(folder, file), JsonSerializer.Serialize(value, Indented) + "\n", Utf8);
}
