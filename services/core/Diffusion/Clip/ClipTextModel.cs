using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>CLIP's text tower as text encoder: <c>CLIPTextModel</c>.</summary>
/// <remarks>Source: Radford et al. 2021, arXiv:2103.00020. State-dict names and numbers are those of transformers.</remarks>
public sealed class ClipTextModel : Module<Tensor, Tensor?, ClipTextOutput>
{
    private readonly ClipTextTower text_model;

    /// <param name="config">Widths.</param>
    public ClipTextModel(ClipTextConfig config) : base(nameof(ClipTextModel))
    {
        text_model = new ClipTextTower(config);
        Config = config;
        RegisterComponents();
    }

    /// <summary>Widths.</summary>
    public ClipTextConfig Config { get; }

    /// <param name="inputIds">Token ids, int64 [N, L].</param>
    /// <param name="attentionMask">1 for tokens that may be seen, [N, L]; null for all.</param>
    /// <returns>Hidden states. The caller disposes them.</returns>
    public override ClipTextOutput forward(Tensor inputIds, Tensor? attentionMask) =>
        text_model.call(inputIds, attentionMask);

    /// <summary>Applies the final norm, which <see cref="ClipTextOutput.PenultimateHiddenState"/> has not seen.</summary>
    /// <param name="hiddenState">[N, L, E].</param>
    /// <returns>[N, L, E].</returns>
    public Tensor ApplyFinalNorm(Tensor hiddenState) => text_model.FinalNorm(hiddenState);

    /// <summary>Draws all parameters anew, as CLIP's published code does.</summary>
    /// <param name="generator">Source of the draws.</param>
    public void Initialise(Generator generator) => text_model.Initialise(generator);
}

/// <summary>CLIP's text tower with its projection into the space shared with images: <c>CLIPTextModelWithProjection</c>.</summary>
public sealed class ClipTextModelWithProjection : Module<Tensor, Tensor?, (Tensor TextEmbeds, ClipTextOutput States)>
{
    private readonly ClipTextTower text_model;
    private readonly Linear text_projection;

    /// <param name="config">Widths.</param>
    public ClipTextModelWithProjection(ClipTextConfig config) : base(nameof(ClipTextModelWithProjection))
    {
        text_model = new ClipTextTower(config);
        text_projection = Linear(config.HiddenSize, config.ProjectionDim, hasBias: false);
        Config = config;
        RegisterComponents();
    }

    /// <summary>Widths.</summary>
    public ClipTextConfig Config { get; }

    /// <param name="inputIds">Token ids, int64 [N, L].</param>
    /// <param name="attentionMask">1 for tokens that may be seen, [N, L]; null for all.</param>
    /// <returns>Projected pooled state [N, projection], not normalised, and hidden states. The caller disposes them.</returns>
    public override (Tensor TextEmbeds, ClipTextOutput States) forward(Tensor inputIds, Tensor? attentionMask)
    {
        var states = text_model.call(inputIds, attentionMask);
        return (text_projection.call(states.Pooled), states);
    }

    /// <summary>Applies the final norm, which <see cref="ClipTextOutput.PenultimateHiddenState"/> has not seen.</summary>
    /// <param name="hiddenState">[N, L, E].</param>
    /// <returns>[N, L, E].</returns>
    public Tensor ApplyFinalNorm(Tensor hiddenState) => text_model.FinalNorm(hiddenState);

    /// <summary>Draws all parameters anew, as CLIP's published code does.</summary>
    /// <param name="generator">Source of the draws.</param>
    public void Initialise(Generator generator)
    {
        text_model.Initialise(generator);
        Initialisation.Normal(text_projection, 1 / Math.Sqrt(Config.HiddenSize), generator);
    }
}
