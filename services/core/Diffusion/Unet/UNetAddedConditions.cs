using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Pools tokens into one: their mean, with a learned position, asks all of them.</summary>
/// <remarks>Source: Radford et al. 2021, arXiv:2103.00020, section 2.4 (attention pooling).</remarks>
internal sealed class AttentionPooling : Module<Tensor, Tensor>
{
    private readonly int _heads;
    private readonly Parameter positional_embedding;
    private readonly Linear k_proj;
    private readonly Linear q_proj;
    private readonly Linear v_proj;

    public AttentionPooling(int width, int heads) : base(nameof(AttentionPooling))
    {
        _heads = heads;
        positional_embedding = Parameter(zeros(1, width));
        k_proj = Linear(width, width);
        q_proj = Linear(width, width);
        v_proj = Linear(width, width);
        RegisterComponents();
    }

    /// <param name="tokens">[N, L, E].</param>
    /// <returns>[N, E].</returns>
    public override Tensor forward(Tensor tokens)
    {
        using var scope = NewDisposeScope();
        var mean = tokens.mean([1], keepdim: true) + positional_embedding;                          // [N, 1, E]
        var all = cat([mean, tokens], 1);                                                           // [N, 1 + L, E]
        var pooled = Layers.Attend(q_proj.call(mean), k_proj.call(all), v_proj.call(all), _heads, null);
        return pooled.squeeze(1).MoveToOuterDisposeScope();
    }
}

/// <summary>The whole text as a term of the noise level's embedding.</summary>
internal sealed class TextTimeEmbedding : Module<Tensor, Tensor>
{
    private readonly LayerNorm norm1;
    private readonly AttentionPooling pool;
    private readonly Linear proj;
    private readonly LayerNorm norm2;

    public TextTimeEmbedding(int textWidth, int width, int heads) : base(nameof(TextTimeEmbedding))
    {
        norm1 = LayerNorm(textWidth);
        pool = new AttentionPooling(textWidth, heads);
        proj = Linear(textWidth, width);
        norm2 = LayerNorm(width);
        RegisterComponents();
    }

    /// <param name="text">[N, L, E].</param>
    /// <returns>[N, D].</returns>
    public override Tensor forward(Tensor text) =>
        norm1.call(text).Then(pool.call).Then(proj.call).Then(norm2.call);
}

/// <summary>A pooled text and an embedded image as a term of the noise level's embedding.</summary>
internal sealed class TextImageTimeEmbedding : Module<Tensor, Tensor, Tensor>
{
    private readonly Linear text_proj;
    private readonly LayerNorm text_norm;
    private readonly Linear image_proj;

    public TextImageTimeEmbedding(int inputWidth, int width) : base(nameof(TextImageTimeEmbedding))
    {
        text_proj = Linear(inputWidth, width);
        text_norm = LayerNorm(width);
        image_proj = Linear(inputWidth, width);
        RegisterComponents();
    }

    /// <param name="text">[N, E].</param>
    /// <param name="image">[N, E].</param>
    /// <returns>[N, D].</returns>
    public override Tensor forward(Tensor text, Tensor image)
    {
        using var scope = NewDisposeScope();
        return (image_proj.call(image) + text_norm.call(text_proj.call(text))).MoveToOuterDisposeScope();
    }
}

/// <summary>An embedded image as a term of the noise level's embedding.</summary>
internal sealed class ImageTimeEmbedding : Module<Tensor, Tensor>
{
    private readonly Linear image_proj;
    private readonly LayerNorm image_norm;

    public ImageTimeEmbedding(int imageWidth, int width) : base(nameof(ImageTimeEmbedding))
    {
        image_proj = Linear(imageWidth, width);
        image_norm = LayerNorm(width);
        RegisterComponents();
    }

    /// <param name="image">[N, E].</param>
    /// <returns>[N, D].</returns>
    public override Tensor forward(Tensor image) => image_proj.call(image).Then(image_norm.call);
}

/// <summary>An embedded image as tokens in the place of the text.</summary>
internal sealed class ImageProjection : Module<Tensor, Tensor>
{
    private const int Tokens = 32;

    private readonly Linear image_embeds;
    private readonly LayerNorm norm;

    public ImageProjection(int imageWidth, int width) : base(nameof(ImageProjection))
    {
        image_embeds = Linear(imageWidth, Tokens * width);
        norm = LayerNorm(width);
        RegisterComponents();
    }

    /// <param name="image">[N, E].</param>
    /// <returns>[N, 32, width].</returns>
    public override Tensor forward(Tensor image) =>
        image_embeds.call(image).Then(tokens => tokens.view(image.shape[0], Tokens, -1)).Then(norm.call);
}

/// <summary>An embedded image as ten tokens before those of the text.</summary>
internal sealed class TextImageProjection : Module<Tensor, Tensor, Tensor>
{
    private const int Tokens = 10;

    private readonly Linear image_embeds;
    private readonly Linear text_proj;

    public TextImageProjection(int textWidth, int width) : base(nameof(TextImageProjection))
    {
        image_embeds = Linear(width, Tokens * width);
        text_proj = Linear(textWidth, width);
        RegisterComponents();
    }

    /// <param name="text">[N, L, E].</param>
    /// <param name="image">[N, width].</param>
    /// <returns>[N, 10 + L, width].</returns>
    public override Tensor forward(Tensor text, Tensor image)
    {
        using var scope = NewDisposeScope();
        var tokens = image_embeds.call(image).view(image.shape[0], Tokens, -1);
        return cat([tokens, text_proj.call(text)], 1).MoveToOuterDisposeScope();
    }
}
