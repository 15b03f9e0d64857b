using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>What a U-Net may be told beyond noise level and text. The configuration says which of them it needs.</summary>
public sealed record UNetConditions
{
    /// <summary>1 for text tokens that count, 0 for padding, [N, L]; null for all.</summary>
    public Tensor? EncoderAttentionMask { get; init; }

    /// <summary>Classes: numbers [N], or vectors [N, width], as <see cref="UNetConfig.ClassEmbedType"/> says.</summary>
    public Tensor? ClassLabels { get; init; }

    /// <summary>A further condition of the noise level, [N, <see cref="UNetConfig.TimeCondProjDim"/>].</summary>
    public Tensor? TimestepCond { get; init; }

    /// <summary>Pooled text (<c>text_time</c>, <c>text_image</c>), [N, width].</summary>
    public Tensor? TextEmbeds { get; init; }

    /// <summary>Sizes and crops of the image (<c>text_time</c>), [N, count].</summary>
    public Tensor? TimeIds { get; init; }

    /// <summary>Embedded images (<c>image</c>, <c>text_image</c>, <c>image_proj</c>, <c>text_image_proj</c>), [N, width].</summary>
    public Tensor? ImageEmbeds { get; init; }

    /// <summary>A ControlNet's answer, added to skips and middle.</summary>
    public ControlResiduals? Residuals { get; init; }

    /// <summary>Self-attention tokens that are kept, or looked at beside the own ones.</summary>
    public ReferenceTokens? Reference { get; init; }
}

/// <summary>What a ControlNet says to a U-Net. The receiver disposes the tensors.</summary>
/// <param name="Down">Added to the skips, in the order of the way down: each [N, C, H, W] of its skip, or [N, C, 1, 1].</param>
/// <param name="Middle">Added to the middle's output.</param>
public sealed record ControlResiduals(IReadOnlyList<Tensor> Down, Tensor Middle) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var residual in Down)
        {
            residual.Dispose();
        }

        Middle.Dispose();
    }
}
