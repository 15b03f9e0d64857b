using System.Text.Json.Serialization;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Widths of both towers, as a <c>CLIPModel</c>'s <c>config.json</c> spells them.</summary>
/// <param name="TextConfig">Text tower.</param>
/// <param name="VisionConfig">Image tower.</param>
/// <param name="ProjectionDim">Width of the shared space.</param>
/// <param name="LogitScaleInitValue">Logarithm of the factor on similarities before training.</param>
public sealed record ClipConfig(
    ClipTextConfig TextConfig,
    ClipVisionConfig VisionConfig,
    int ProjectionDim = 512,
    double LogitScaleInitValue = 2.6592) : IComponentConfig
{
    /// <summary>Kind of model, for readers of the folder.</summary>
    public string ModelType { get; } = "clip";

    /// <summary>Class that the folder was saved from.</summary>
    [JsonPropertyName("architectures")]
    public IReadOnlyList<string> Architectures { get; } = ["CLIPModel"];

    /// <inheritdoc/>
    public string? Problem() => ProjectionDim < 1
        ? "projection_dim must be at least 1."
        : TextConfig.Problem() ?? VisionConfig.Problem();
}

/// <summary>Both towers with one shared space: <c>CLIPModel</c>, what contrastive training trains.</summary>
/// <remarks>Source: Radford et al. 2021, arXiv:2103.00020, figure 3.</remarks>
public sealed class ClipModel : Module<Tensor, Tensor, (Tensor LogitsPerImage, Tensor TextEmbeds, Tensor ImageEmbeds)>
{
    private readonly ClipTextTower text_model;
    private readonly ClipVisionTower vision_model;
    private readonly Linear visual_projection;
    private readonly Linear text_projection;
    private readonly Parameter logit_scale;

    /// <param name="config">Widths.</param>
    public ClipModel(ClipConfig config) : base(nameof(ClipModel))
    {
        ConfigProblem.ThrowIfAny(config);
        Config = config;
        text_model = new ClipTextTower(config.TextConfig);
        vision_model = new ClipVisionTower(config.VisionConfig);
        visual_projection = Linear(config.VisionConfig.HiddenSize, config.ProjectionDim, hasBias: false);
        text_projection = Linear(config.TextConfig.HiddenSize, config.ProjectionDim, hasBias: false);
        using var start = tensor((float)config.LogitScaleInitValue);
        logit_scale = Parameter(start);
        RegisterComponents();
    }

    /// <summary>Widths.</summary>
    public ClipConfig Config { get; }

    /// <param name="inputIds">Token ids, int64 [T, L].</param>
    /// <param name="pixelValues">Normalised images, [I, C, image size, image size].</param>
    /// <returns>Scaled cosines [I, T]; unit embeddings of the texts [T, projection] and images [I, projection].
    /// The caller disposes them.</returns>
    public override (Tensor LogitsPerImage, Tensor TextEmbeds, Tensor ImageEmbeds) forward(
        Tensor inputIds, Tensor pixelValues)
    {
        using var scope = NewDisposeScope();

        var texts = EmbedTexts(inputIds);                               // [T, P]
        var images = EmbedImages(pixelValues);                          // [I, P]
        var logits = matmul(images, texts.t()) * logit_scale.exp();     // [I, T]
        return scope.MoveToOuter(logits, texts, images);
    }

    /// <summary>Unit embeddings of texts.</summary>
    /// <param name="inputIds">Token ids, int64 [T, L].</param>
    /// <returns>[T, projection]. The caller disposes it.</returns>
    public Tensor EmbedTexts(Tensor inputIds)
    {
        using var scope = NewDisposeScope();
        return Unit(text_projection.call(text_model.call(inputIds, null).Pooled)).MoveToOuterDisposeScope();
    }

    /// <summary>Unit embeddings of images.</summary>
    /// <param name="pixelValues">Normalised images, [I, C, image size, image size].</param>
    /// <returns>[I, projection]. The caller disposes it.</returns>
    public Tensor EmbedImages(Tensor pixelValues)
    {
        using var scope = NewDisposeScope();
        return Unit(visual_projection.call(vision_model.call(pixelValues).Pooled)).MoveToOuterDisposeScope();
    }

    /// <summary>Draws all parameters anew, as CLIP's published code does.</summary>
    /// <param name="generator">Source of the draws.</param>
    public void Initialise(Generator generator)
    {
        text_model.Initialise(generator);
        vision_model.Initialise(generator);
        Initialisation.Normal(text_projection, 1 / Math.Sqrt(Config.TextConfig.HiddenSize), generator);
        Initialisation.Normal(visual_projection, 1 / Math.Sqrt(Config.VisionConfig.HiddenSize), generator);
        init.constant_(logit_scale, Config.LogitScaleInitValue);
    }

    private static Tensor Unit(Tensor x) => x / x.pow(2).sum(-1, keepdim: true).sqrt();
}
