using System.Text.Json;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.Storage;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>A model's map from latents to colours: fitted when the model is loaded first, and kept beside it where that can be written.</summary>
internal static class PreviewColours
{
    /// <summary>The file beside <c>model_index.json</c>.</summary>
    public const string FileName = "latent_colours.json";

    private const int Samples = 64;
    private const int Side = 4;

    /// <summary>The kept map of these weights, or a new one.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="modelHash">Hash of its weights.</param>
    /// <param name="channels">Channels of its latents.</param>
    /// <param name="device">Where it is.</param>
    /// <param name="show">Clean latents as they are diffused, [N, C, h, w], to pictures, [N, 3, H, W].</param>
    /// <returns>The map.</returns>
    public static LatentColours Of(string folder, string modelHash, int channels, Device device, Func<Tensor, Tensor> show)
    {
        var file = Path.Combine(folder, FileName);
        if (Kept(file, modelHash, channels) is { } kept)
        {
            return kept;
        }

        using var scope = NewDisposeScope();
        using var latents = new JobNoise(seed: 0, device).Draw(DrawPurpose.Data, 0, Samples, channels, Side, Side);
        var pictures = Rows.Run(device, Samples, (start, length) => show(latents.narrow(0, start, length)));
        var colours = LatentColours.Fit(latents, pictures);
        try
        {
            ConfigFile.Write(file, new Saved(modelHash, colours.Map));
        }
        catch (Exception readOnly) when (readOnly is IOException or UnauthorizedAccessException)
        {
            // It is fitted again at the next start.
        }

        return colours;
    }

    private static LatentColours? Kept(string file, string modelHash, int channels)
    {
        try
        {
            var saved = File.Exists(file) ? JsonSerializer.Deserialize<Saved>(File.ReadAllBytes(file), Spelling) : null;
            return saved?.ModelHash == modelHash && new LatentColours(saved.Map) is var colours && colours.Channels == channels ? colours : null;
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            return null; // it is written anew
        }
    }

    private static JsonSerializerOptions Spelling { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private sealed record Saved(string ModelHash, IReadOnlyList<IReadOnlyList<double>> Map);
}
