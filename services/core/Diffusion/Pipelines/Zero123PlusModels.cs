using System.Text.Json;
using Realiz3D.Mesh.Formats;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>The versions of Zero123++: the same network, other cameras.</summary>
public enum Zero123PlusVersion
{
    /// <summary>Elevations 30 and -20 degrees by turns, a lens of 35 mm before 32 mm of sensor.</summary>
    V11,

    /// <summary>Elevations 20 and -10 degrees by turns, views of 30 degrees.</summary>
    V12,
}

/// <summary>The parts of a Zero123++ folder.</summary>
/// <param name="Vae">Autoencoder.</param>
/// <param name="UNet">U-Net.</param>
/// <param name="TextEncoder">Text tower.</param>
/// <param name="VisionEncoder">Image tower.</param>
/// <param name="VaeProcessor">Makes the autoencoder's pixels.</param>
/// <param name="ClipProcessor">Makes the image tower's pixels.</param>
/// <param name="Scheduler">The folder's own sampler.</param>
/// <param name="Ramp">How much of the embedded image each text token gets.</param>
/// <param name="Version">Which rig its views have.</param>
public sealed record Zero123PlusModels(
    AutoencoderKL Vae,
    UNet2DConditionModel UNet,
    ClipTextModel TextEncoder,
    ClipVisionModel VisionEncoder,
    ClipImageProcessor VaeProcessor,
    ClipImageProcessor ClipProcessor,
    SchedulerConfig Scheduler,
    IReadOnlyList<double> Ramp,
    Zero123PlusVersion Version) : IDisposable
{
    private const string RampKey = "ramping_coefficients";
    private const string VaeProcessorFolder = "feature_extractor_vae";
    private const string ClipProcessorFolder = "feature_extractor_clip";

    /// <summary>Makes the autoencoder's pixels in a folder that does not say how: as version 1.2 does.</summary>
    private static readonly ClipImageProcessorConfig UsualVaeProcessor = new(
        Size: new ImageExtent(512), CropSize: new ImageExtent(512), ImageMean: [0.5, 0.5, 0.5], ImageStd: [0.8, 0.8, 0.8]);

    /// <summary>Loads a folder.</summary>
    /// <param name="folder">An open folder.</param>
    /// <returns>Its parts on the CPU, in evaluation mode; the caller disposes them.</returns>
    /// <exception cref="MalformedFileException">The folder lacks a part, or one is broken.</exception>
    public static Zero123PlusModels Load(ModelFolder folder)
    {
        var loaded = new List<IDisposable>();
        T Keep<T>(T part) where T : IDisposable
        {
            loaded.Add(part);
            return part;
        }

        try
        {
            var text = Keep(folder.LoadTextEncoder());
            return new Zero123PlusModels(
                Keep(folder.LoadAutoencoder()),
                Keep(folder.LoadUNet()),
                text,
                Keep(folder.LoadImageEncoder("vision_encoder")),
                new ClipImageProcessor(Processor(folder, VaeProcessorFolder) ?? UsualVaeProcessor),
                new ClipImageProcessor(Processor(folder, ClipProcessorFolder) ?? new ClipImageProcessorConfig()),
                folder.ReadScheduler(),
                ReadRamp(folder, text.Config.MaxPositionEmbeddings),
                VersionOf(folder));
        }
        catch
        {
            loaded.ForEach(part => part.Dispose());
            throw;
        }
    }

    /// <summary>The coefficients that training starts with: i / L.</summary>
    /// <remarks>Source: Shi et al. 2023, arXiv:2310.15110, section 2.3.</remarks>
    /// <param name="length">L, tokens of a prompt.</param>
    /// <returns>L coefficients.</returns>
    public static IReadOnlyList<double> StartingRamp(int length) =>
        [.. Enumerable.Range(1, length).Select(i => (double)i / length)];

    /// <inheritdoc/>
    public void Dispose()
    {
        Vae.Dispose();
        UNet.Dispose();
        TextEncoder.Dispose();
        VisionEncoder.Dispose();
    }

    /// <summary>1.1 where the index or else the folder's name says so, else 1.2.</summary>
    private static Zero123PlusVersion VersionOf(ModelFolder folder)
    {
        var name = folder.Settings.TryGetValue("_name_or_path", out var given) ? given.ToString() : Path.GetFileName(folder.FullPath);
        return name.Contains("v1.1", StringComparison.OrdinalIgnoreCase) ? Zero123PlusVersion.V11 : Zero123PlusVersion.V12;
    }

    private static ClipImageProcessorConfig? Processor(ModelFolder folder, string component)
    {
        var file = Path.Combine(folder.FullPath, component, "preprocessor_config.json");
        return File.Exists(file) ? ConfigFile.Read<ClipImageProcessorConfig>(file) : null;
    }

    private static IReadOnlyList<double> ReadRamp(ModelFolder folder, int length)
    {
        if (!folder.Settings.TryGetValue(RampKey, out var given))
        {
            folder.Warn($"model_index.json has no {RampKey}; the untrained ones, i / {length}, are used.");
            return StartingRamp(length);
        }

        var ramp = given.ValueKind == JsonValueKind.Array && given.EnumerateArray().All(w => w.ValueKind == JsonValueKind.Number)
            ? given.EnumerateArray().Select(w => w.GetDouble()).ToArray() : [];
        return ramp.Length == length
            ? ramp
            : throw new MalformedFileException(
                Path.Combine(folder.FullPath, "model_index.json"), $"{RampKey} must be {length} numbers, one for each text token.");
    }
}
