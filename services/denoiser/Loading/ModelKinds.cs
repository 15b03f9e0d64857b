using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Tells what a folder holds, without its weights.</summary>
internal static class ModelKinds
{
    /// <summary>Components that are used, or that say nothing about what is computed here.</summary>
    private static readonly HashSet<string> Known =
    [
        "text_encoder", "tokenizer", "vae", "unet", "controlnet", "transformer", "scheduler", "vision_encoder", "image_encoder",
        "feature_extractor", "feature_extractor_clip", "feature_extractor_vae",
    ];

    /// <summary>What a folder's model does.</summary>
    /// <remarks>
    /// Only Zero123++ has a vision_encoder. An autoencoder that paints colour and alpha is one of views; one that paints colour is that
    /// of pictures.
    /// </remarks>
    /// <param name="folder">An open folder.</param>
    /// <returns>Its kind.</returns>
    /// <exception cref="MalformedFileException">The folder lacks a network, or its autoencoder's configuration is broken.</exception>
    public static ModelKind Of(ModelFolder folder)
    {
        if (folder.Components.ContainsKey("vision_encoder"))
        {
            return ModelKind.ImageToViews;
        }

        if (folder.Components.ContainsKey("unet"))
        {
            return ModelKind.TextToImage;
        }

        if (!folder.Components.ContainsKey("transformer"))
        {
            throw new MalformedFileException(
                Path.Combine(folder.FullPath, "model_index.json"), "neither \"unet\" nor \"transformer\" is among the components.");
        }

        var autoencoder = ConfigFile.Read<AutoencoderConfig>(Path.Combine(folder.FullPath, "vae", "config.json"));
        return autoencoder.OutChannels == PaintedChannels ? ModelKind.ViewPainter : ModelKind.TextToImage;
    }

    /// <summary>Domains that a kind of model paints in.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>Ours has seen only plain renders so far, and so has Zero123++; a published painter of pictures does what its prompt says.</returns>
    public static IReadOnlyList<Domain> Domains(ModelKind kind) =>
        kind == ModelKind.TextToImage ? [Domain.Synthetic, Domain.Photo] : [Domain.Synthetic];

    /// <summary>Steps and guidance when a request sets none: those of the published pipelines, and of our own model's card.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>Both.</returns>
    public static (int StepCount, float GuidanceScale) Defaults(ModelKind kind) => kind switch
    {
        ModelKind.TextToImage => (50, 7.5f),
        ModelKind.ImageToViews => (28, 4),
        _ => (25, 3),
    };

    /// <summary>Components of a folder that have no part in what is served, a sentence each.</summary>
    /// <param name="folder">An open folder.</param>
    /// <returns>The sentences.</returns>
    public static IEnumerable<string> Unused(ModelFolder folder) => folder.Components.Keys
        .Where(name => !Known.Contains(name))
        .Select(name => $"model_index.json: the component \"{name}\" is not used.");

    /// <summary>Colour and alpha.</summary>
    public const int PaintedChannels = 4;
}
