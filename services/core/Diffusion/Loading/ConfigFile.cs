using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Reads and writes the JSON files of a model folder, keys spelled as published.</summary>
public static class ConfigFile
{
    private const long MaxBytes = 16 << 20;

    private static readonly JsonSerializerOptions Published = new()
    {
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        AllowDuplicateProperties = false,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>Keys that the libraries write and that say nothing about what a network computes outside training.</summary>
    private static readonly HashSet<string> Silent =
    [
        "architectures", "attention_dropout", "dropout", "gradient_checkpointing", "initializer_factor", "initializer_range",
        "model_type", "torch_dtype", "transformers_version", "use_cache",
    ];

    /// <summary>Keys of a configuration that are not known, and so are ignored: worth a warning.</summary>
    /// <typeparam name="T">The configuration.</typeparam>
    /// <param name="json">JSON.</param>
    /// <returns>The keys; those that begin with an underscore are the libraries' own notes.</returns>
    public static IReadOnlyList<string> UnknownKeys<T>(JsonElement json) where T : class, IComponentConfig
    {
        var known = KeysOf(typeof(T));
        return [.. json.EnumerateObject().Select(property => property.Name)
            .Where(name => !name.StartsWith('_') && !known.Contains(name) && !Silent.Contains(name))];
    }

    /// <summary>Reads a component's configuration and checks it.</summary>
    /// <typeparam name="T">The configuration.</typeparam>
    /// <param name="path">File.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="MalformedFileException">The file is missing or says something that cannot be built.</exception>
    public static T Read<T>(string path) where T : class, IComponentConfig
    {
        var json = ReadJson<JsonObject>(path);
        try
        {
            var config = Parse<T>(json);
            return config.Problem() is { } problem ? throw new MalformedFileException(path, problem) : config;
        }
        catch (JsonException broken)
        {
            throw new MalformedFileException(path, broken.Message, broken);
        }
    }

    /// <summary>Reads any JSON file of a model folder.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="path">File.</param>
    /// <returns>Its contents.</returns>
    /// <exception cref="MalformedFileException">The file is missing or is no such JSON.</exception>
    internal static T ReadJson<T>(string path) where T : class
    {
        var file = new FileInfo(path);
        if (!file.Exists)
        {
            throw new MalformedFileException(path, "the file is missing.");
        }

        if (file.Length > MaxBytes)
        {
            throw new MalformedFileException(path, $"{file.Length} bytes are more than the limit of {MaxBytes}.");
        }

        try
        {
            return JsonSerializer.Deserialize<T>(PythonJson.ToJson(File.ReadAllBytes(path)), Published)
                ?? throw new MalformedFileException(path, "the file says only null.");
        }
        catch (JsonException broken)
        {
            throw new MalformedFileException(path, $"not the expected JSON: {broken.Message}", broken);
        }
    }

    /// <summary>Parses a configuration.</summary>
    /// <typeparam name="T">The configuration.</typeparam>
    /// <param name="json">JSON.</param>
    /// <returns>The configuration, unchecked.</returns>
    /// <exception cref="JsonException">It is no such JSON.</exception>
    public static T Parse<T>(JsonElement json) where T : class, IComponentConfig =>
        Parse<T>(JsonObject.Create(json) ?? throw new JsonException("The configuration is no object."));

    /// <summary>Reads those keys of a configuration that a record of options has.</summary>
    /// <param name="record">Type of the record.</param>
    /// <param name="keys">Keys of the file.</param>
    /// <returns>The record, unchecked; defaults where keys are absent.</returns>
    /// <exception cref="JsonException">A value is impossible; the message names its key.</exception>
    internal static IComponentConfig FromKeys(Type record, IDictionary<string, JsonElement> keys)
    {
        var known = KeysOf(record);
        var json = new JsonObject(keys.Where(pair => known.Contains(pair.Key))
            .Select(pair => KeyValuePair.Create(pair.Key, JsonNode.Parse(pair.Value.GetRawText()))));
        return (IComponentConfig)Named(json, () => json.Deserialize(record, Published))!;
    }

    /// <summary>The keys of a record, as files spell them.</summary>
    /// <param name="record">Type of the record.</param>
    /// <returns>The keys.</returns>
    internal static IReadOnlySet<string> KeysOf(Type record) =>
        Published.GetTypeInfo(record).Properties.Select(property => property.Name).ToHashSet();

    private static T Parse<T>(JsonObject json) where T : class, IComponentConfig
    {
        T.Complete(json);
        return Named(json, () => json.Deserialize<T>(Published)) ?? throw new JsonException("The configuration is null.");
    }

    /// <summary>Says the key whose value cannot be read.</summary>
    private static T Named<T>(JsonObject json, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (JsonException broken) when (broken.Path is ['$', '.', .. var key] && json.ContainsKey(key))
        {
            throw new JsonException($"\"{key}\" cannot be {json[key]?.ToJsonString() ?? "null"}.", broken);
        }
    }

    /// <summary>Writes a JSON file, creating its folder.</summary>
    /// <typeparam name="T">Type of the contents.</typeparam>
    /// <param name="path">File.</param>
    /// <param name="contents">What it shall say.</param>
    public static void Write<T>(string path, T contents)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, JsonSerializer.Serialize(contents, Published) + "\n");
    }
}
