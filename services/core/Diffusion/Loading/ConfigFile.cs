using System.Text.Encodings.Web;
using System.Text.Json;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Reads and writes the JSON files of a model folder, keys spelled as published.</summary>
public static class ConfigFile
{
    private const long MaxBytes = 16 << 20;

    private static readonly JsonSerializerOptions Published = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    /// <summary>Reads a component's configuration and checks it.</summary>
    /// <typeparam name="T">The configuration.</typeparam>
    /// <param name="path">File.</param>
    /// <returns>The configuration.</returns>
    /// <exception cref="MalformedFileException">The file is missing or says something that cannot be built.</exception>
    public static T Read<T>(string path) where T : class, IComponentConfig
    {
        var config = ReadJson<T>(path);
        return config.Problem() is { } problem ? throw new MalformedFileException(path, problem) : config;
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
            return JsonSerializer.Deserialize<T>(File.ReadAllBytes(path), Published)
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
        json.Deserialize<T>(Published) ?? throw new JsonException("The configuration is null.");

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
