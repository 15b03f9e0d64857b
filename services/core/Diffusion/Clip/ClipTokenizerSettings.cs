using System.Text.Json;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Special tokens and length of a CLIP tokenizer.</summary>
/// <param name="BosToken">Start of text.</param>
/// <param name="EosToken">End of text; also stands for what the vocabulary does not hold.</param>
/// <param name="PadToken">Padding.</param>
/// <param name="ModelMaxLength">Tokens of a padded prompt.</param>
internal sealed record ClipTokenizerSettings(
    string BosToken = "<|startoftext|>",
    string EosToken = "<|endoftext|>",
    string PadToken = "<|endoftext|>",
    int ModelMaxLength = 77)
{
    /// <summary>Reads both settings files, if present; the special tokens' own file wins, as in transformers.</summary>
    public static ClipTokenizerSettings Load(string folder)
    {
        var settings = new ClipTokenizerSettings();
        foreach (var file in new[] { "tokenizer_config.json", "special_tokens_map.json" })
        {
            var path = Path.Combine(folder, file);
            if (File.Exists(path))
            {
                settings = settings.Overlay(ConfigFile.ReadJson<Dictionary<string, JsonElement>>(path));
            }
        }

        return settings.ModelMaxLength is >= 2 and <= 4096
            ? settings
            : throw new MalformedFileException(folder, $"model_max_length is {settings.ModelMaxLength}, not 2 to 4096.");
    }

    private ClipTokenizerSettings Overlay(Dictionary<string, JsonElement> json) => new(
        Token(json, "bos_token") ?? BosToken,
        Token(json, "eos_token") ?? EosToken,
        Token(json, "pad_token") ?? PadToken,
        json.TryGetValue("model_max_length", out var given) && given.TryGetInt32(out var length)
            ? length
            : ModelMaxLength);

    /// <summary>A token is a string, or an object whose content is one.</summary>
    private static string? Token(Dictionary<string, JsonElement> json, string key)
    {
        if (!json.TryGetValue(key, out var token))
        {
            return null;
        }

        if (token.ValueKind == JsonValueKind.Object && token.TryGetProperty("content", out var content))
        {
            token = content;
        }

        return token.ValueKind == JsonValueKind.String && token.GetString() is { Length: > 0 } text ? text : null;
    }
}
