using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>What an image tower says about a batch of images. The receiver disposes the tensors.</summary>
/// <param name="ImageEmbeds">Projected class token, not normalised, [N, projection].</param>
/// <param name="LastHiddenState">Before the post norm, class token first, [N, 1 + patches, E].</param>
/// <param name="PenultimateHiddenState">Input of the last layer, [N, 1 + patches, E].</param>
public sealed record ClipVisionOutput(Tensor ImageEmbeds, Tensor LastHiddenState, Tensor PenultimateHiddenState);

/// <summary>Patch, class and position embeddings of the image tower.</summary>
internal sealed class ClipVisionEmbeddings : Module<Tensor, Tensor>
{
    private readonly Parameter class_embedding;
    private readonly Conv2d patch_embedding;
    private readonly Embedding position_embedding;

    public ClipVisionEmbeddings(ClipVisionConfig config) : base(nameof(ClipVisionEmbeddings))
    {
        var side = config.ImageSize / config.PatchSize;
        using var start = zeros(config.HiddenSize);
        class_embedding = Parameter(start);
        patch_embedding = Conv2d(
            config.NumChannels, config.HiddenSize, kernel_size: config.PatchSize, stride: config.PatchSize, bias: false);
        position_embedding = Embedding((side * side) + 1, config.HiddenSize);
        RegisterComponents();
    }

    /// <param name="pixels">[N, C, H, W].</param>
    /// <returns>[N, 1 + patches, E].</returns>
    public override Tensor forward(Tensor pixels)
    {
        using var scope = NewDisposeScope();
        var patches = patch_embedding.call(pixels).flatten(2).transpose(1, 2);                  // [N, patches, E]
        var first = class_embedding.expand(pixels.shape[0], 1, -1);                             // [N, 1, E]
        return (cat([first, patches], 1) + position_embedding.weight).MoveToOuterDisposeScope();
    }

    public void Initialise(ClipVisionConfig config, Generator generator)
    {
        init.normal_(class_embedding, 0, 1 / Math.Sqrt(config.HiddenSize), generator);
        init.normal_(patch_embedding.weight, 0, 0.02, generator);
        init.normal_(position_embedding.weight, 0, 0.02, generator);
    }
}

/// <summary>The image tower inside its published wrappers.</summary>
internal sealed class ClipVisionTower : Module<Tensor, (Tensor Pooled, Tensor Last, Tensor Penultimate)>
{
    private readonly ClipVisionConfig _config;
    private readonly ClipVisionEmbeddings embeddings;
    private readonly LayerNorm pre_layrnorm;    // the checkpoint spells it so
    private readonly ClipEncoder encoder;
    private readonly LayerNorm post_layernorm;

    public ClipVisionTower(ClipVisionConfig config) : base(nameof(ClipVisionTower))
    {
        ConfigProblem.ThrowIfAny(config);
        _config = config;
        embeddings = new ClipVisionEmbeddings(config);
        pre_layrnorm = LayerNorm(config.HiddenSize, config.LayerNormEps);
        encoder = new ClipEncoder(ClipEncoderConfig.Of(config));
        post_layernorm = LayerNorm(config.HiddenSize, config.LayerNormEps);
        RegisterComponents();
    }

    /// <param name="pixels">[N, C, image size, image size].</param>
    /// <returns>Normed class token [N, E]; states of the last two layers, [N, 1 + patches, E].</returns>
    public override (Tensor Pooled, Tensor Last, Tensor Penultimate) forward(Tensor pixels)
    {
        Layers.RequireShape(pixels, nameof(pixels), -1, _config.NumChannels, _config.ImageSize, _config.ImageSize);
        using var scope = NewDisposeScope();

        var (last, before) = encoder.call(pre_layrnorm.call(embeddings.call(pixels)), null);    // [N, 1 + patches, E]
        var pooled = post_layernorm.call(last.select(1, 0));                                    // [N, E]
        return scope.MoveToOuter(pooled, last, before);
    }

    public void Initialise(Generator generator)
    {
        embeddings.Initialise(_config, generator);
        encoder.Initialise(generator);
        foreach (var norm in new[] { pre_layrnorm, post_layernorm })
        {
            init.ones_(norm.weight!);
            init.zeros_(norm.bias!);
        }
    }
}

/// <summary>CLIP's image tower with its projection: <c>CLIPVisionModelWithProjection</c>.</summary>
/// <remarks>Source: Radford et al. 2021, arXiv:2103.00020. State-dict names and numbers are those of transformers.</remarks>
public sealed class ClipVisionModel : Module<Tensor, ClipVisionOutput>
{
    private readonly ClipVisionTower vision_model;
    private readonly Linear visual_projection;

    /// <param name="config">Widths.</param>
    public ClipVisionModel(ClipVisionConfig config) : base(nameof(ClipVisionModel))
    {
        vision_model = new ClipVisionTower(config);
        visual_projection = Linear(config.HiddenSize, config.ProjectionDim, hasBias: false);
        Config = config;
        RegisterComponents();
    }

    /// <summary>Widths.</summary>
    public ClipVisionConfig Config { get; }

    /// <param name="pixelValues">Normalised images, [N, C, image size, image size].</param>
    /// <returns>Embeddings and hidden states. The caller disposes them.</returns>
    public override ClipVisionOutput forward(Tensor pixelValues)
    {
        var (pooled, last, before) = vision_model.call(pixelValues);
        using (pooled)
        {
            return new ClipVisionOutput(visual_projection.call(pooled), last, before);
        }
    }

    /// <summary>Draws all parameters anew, as CLIP's published code does.</summary>
    /// <param name="generator">Source of the draws.</param>
    public void Initialise(Generator generator)
    {
        vision_model.Initialise(generator);
        Initialisation.Normal(visual_projection, 1 / Math.Sqrt(Config.HiddenSize), generator);
    }
}
