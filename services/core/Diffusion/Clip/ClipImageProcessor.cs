using System.Text.Json;
using System.Text.Json.Serialization;
using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>A size as <c>preprocessor_config.json</c> gives it: a number, or an object.</summary>
/// <param name="ShortestEdge">Length of the shorter edge; the number where it is one.</param>
/// <param name="Height">Height.</param>
/// <param name="Width">Width.</param>
[JsonConverter(typeof(ImageExtentConverter))]
public sealed record ImageExtent(int? ShortestEdge = null, int? Height = null, int? Width = null);

/// <summary>What a folder's <c>preprocessor_config.json</c> says.</summary>
/// <param name="DoResize">Whether the image is resized.</param>
/// <param name="Size">To what.</param>
/// <param name="Resample">With which filter.</param>
/// <param name="DoCenterCrop">Whether the middle is cut out.</param>
/// <param name="CropSize">Of what size; a number means a square.</param>
/// <param name="DoRescale">Whether bytes are multiplied.</param>
/// <param name="RescaleFactor">By what.</param>
/// <param name="DoNormalize">Whether the mean is subtracted and the deviation divided by.</param>
/// <param name="ImageMean">Mean of each channel; CLIP's if not given.</param>
/// <param name="ImageStd">Deviation of each channel; CLIP's if not given.</param>
/// <param name="DoConvertRgb">Whether gray and alpha become three channels.</param>
public sealed record ClipImageProcessorConfig(
    bool DoResize = true,
    ImageExtent? Size = null,
    ResampleFilter Resample = ResampleFilter.Bicubic,
    bool DoCenterCrop = true,
    ImageExtent? CropSize = null,
    bool DoRescale = true,
    double RescaleFactor = 1 / 255.0,
    bool DoNormalize = true,
    IReadOnlyList<double>? ImageMean = null,
    IReadOnlyList<double>? ImageStd = null,
    bool DoConvertRgb = true) : IComponentConfig
{
    private const int UsualSize = 224;
    private const int MostSize = 8192;

    internal ImageExtent Target => Size ?? new ImageExtent(UsualSize);

    internal ImageExtent Crop => CropSize ?? new ImageExtent(Height: UsualSize, Width: UsualSize);

    internal IReadOnlyList<double> Mean => ImageMean ?? [0.48145466, 0.4578275, 0.40821073];

    internal IReadOnlyList<double> Deviation => ImageStd ?? [0.26862954, 0.26130258, 0.27577711];

    /// <inheritdoc/>
    public string? Problem() => this switch
    {
        _ when !Enum.IsDefined(Resample) => $"resample is {(int)Resample}, not 0 to 5.",
        _ when !IsSize(Target) => "size must be a number, shortest_edge, or height and width.",
        _ when !IsSize(Crop) => "crop_size must be a number, or height and width.",
        _ when Mean.Count == 0 || Deviation.Count == 0 || Deviation.Any(value => value == 0) => "image_mean and image_std need a value for each channel, no deviation of 0.",
        _ => null,
    };

    private static bool IsSize(ImageExtent extent) => extent switch
    {
        { ShortestEdge: { } edge } => edge is >= 1 and <= MostSize,
        { Height: { } height, Width: { } width } => height is >= 1 and <= MostSize && width is >= 1 and <= MostSize,
        _ => false,
    };
}

/// <summary>Makes pixels for CLIP's image tower: <c>CLIPImageProcessor</c>.</summary>
/// <remarks>
/// 1. To RGB. 2. The shorter edge to its length; the longer one to that times the ratio, cut to a whole number. 3. The middle; black
/// where the image is smaller. 4. Bytes times 1/255. 5. Mean and deviation.
/// Sources: Radford et al. 2021, arXiv:2103.00020, and the published configurations; <see cref="PixelResampling"/>.
/// </remarks>
/// <param name="config">The folder's settings.</param>
public sealed class ClipImageProcessor(ClipImageProcessorConfig config)
{
    /// <summary>The settings.</summary>
    public ClipImageProcessorConfig Config { get; } = config;

    /// <summary>Steps 1 and 2.</summary>
    /// <param name="image">Any image.</param>
    /// <returns>The resized image.</returns>
    public PixelImage Resize(PixelImage image)
    {
        // 1.
        var rgb = Config.DoConvertRgb ? image.ToRgb() : image;

        // 2.
        if (!Config.DoResize)
        {
            return rgb;
        }

        var (width, height) = Config.Target switch
        {
            { ShortestEdge: { } edge } when rgb.Width <= rgb.Height => (edge, Longer(edge, rgb.Height, rgb.Width)),
            { ShortestEdge: { } edge } => (Longer(edge, rgb.Width, rgb.Height), edge),
            var both => (both.Width!.Value, both.Height!.Value),
        };
        return PixelResampling.Resize(rgb, width, height, Config.Resample);
    }

    /// <summary>Step 3.</summary>
    /// <param name="resized">The resized image.</param>
    /// <returns>Its middle.</returns>
    public PixelImage Crop(PixelImage resized) => !Config.DoCenterCrop
        ? resized
        : Config.Crop is { ShortestEdge: { } side }
            ? resized.CentreCrop(side, side)
            : resized.CentreCrop(Config.Crop.Width!.Value, Config.Crop.Height!.Value);

    /// <summary>All steps.</summary>
    /// <param name="image">Any image.</param>
    /// <returns>float32 [1, C, H, W]. The caller disposes it.</returns>
    public Tensor Process(PixelImage image)
    {
        using var scope = NewDisposeScope();
        var pixels = ToTensor(Crop(Resize(image))).to(ScalarType.Float32);      // [1, C, H, W]

        // 4.
        if (Config.DoRescale)
        {
            pixels = pixels * Config.RescaleFactor;
        }

        // 5.
        if (Config.DoNormalize)
        {
            pixels = (pixels - PerChannel(Config.Mean, pixels)) / PerChannel(Config.Deviation, pixels);
        }

        return pixels.MoveToOuterDisposeScope();
    }

    /// <summary>An image as whole numbers.</summary>
    /// <param name="image">Image.</param>
    /// <returns>int64 [1, C, H, W]. The caller disposes it.</returns>
    public static Tensor ToTensor(PixelImage image)
    {
        using var scope = NewDisposeScope();
        var values = tensor(Array.ConvertAll(image.Bytes, value => (long)value), [1, image.Height, image.Width, image.Channels]);
        return values.permute(0, 3, 1, 2).contiguous().MoveToOuterDisposeScope();
    }

    private static int Longer(int edge, int longer, int shorter) => (int)((double)edge * longer / shorter);

    private static Tensor PerChannel(IReadOnlyList<double> values, Tensor pixels) => values.Count == pixels.shape[1]
        ? tensor(values.Select(value => (float)value).ToArray(), [1, values.Count, 1, 1])
        : throw new ArgumentException($"image_mean and image_std have {values.Count} values, the image has {pixels.shape[1]} channels.");
}

/// <summary>Reads a number or an object.</summary>
internal sealed class ImageExtentConverter : JsonConverter<ImageExtent>
{
    public override ImageExtent Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var json = document.RootElement;
        int? Number(string key) => json.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt32() : null;
        return json.ValueKind switch
        {
            JsonValueKind.Number => new ImageExtent(json.GetInt32()),
            JsonValueKind.Object => new ImageExtent(Number("shortest_edge"), Number("height"), Number("width")),
            _ => throw new JsonException(),
        };
    }

    public override void Write(Utf8JsonWriter writer, ImageExtent value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (key, number) in new[] { ("shortest_edge", value.ShortestEdge), ("height", value.Height), ("width", value.Width) })
        {
            if (number is { } given)
            {
                writer.WriteNumber(key, given);
            }
        }

        writer.WriteEndObject();
    }
}
