using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>A model that paints all views of an object in one job.</summary>
internal interface IViewModel
{
    /// <summary>Checks what only this kind of model can say about a request.</summary>
    /// <param name="request">The request.</param>
    /// <exception cref="InvalidDataException">One sentence names the field.</exception>
    void Check(PaintRequest request);

    /// <summary>Size of all views in one picture, three rows of two, as a control image has it.</summary>
    /// <param name="request">The request.</param>
    /// <returns>Rows and columns in pixels.</returns>
    GridSize Frame(PaintRequest request);

    /// <summary>The prompts whose tokens <see cref="Start"/> takes.</summary>
    /// <param name="request">The request.</param>
    /// <returns>The prompts, those without guidance first; none where the words only come together with the picture.</returns>
    IReadOnlyList<string> Prompts(PaintRequest request);

    /// <summary>Makes what the network is told and puts the latents at their start, or where a saved job stood.</summary>
    /// <param name="request">What to paint.</param>
    /// <param name="words">Its encoded prompts; they stay the caller's.</param>
    /// <param name="shown">The picture that the network is shown; null for none.</param>
    /// <param name="control">What the views follow; it stays the caller's. Null for nothing.</param>
    /// <param name="state">Where the job stood; null to begin.</param>
    /// <returns>The job; the caller disposes it before those.</returns>
    SamplingJob Start(PaintRequest request, PromptTokens words, PixelImage? shown, ControlUse? control, SavedState? state);

    /// <summary>Decodes clean latents into views.</summary>
    /// <param name="latents">Where the job ended, [K, C, H, W].</param>
    /// <param name="request">What was asked for.</param>
    /// <returns>The views.</returns>
    ViewSet Finish(Tensor latents, PaintRequest request);

    /// <summary>The views on their way, for people.</summary>
    /// <param name="estimate">Clean latents that the last step assumed, [K, C, H, W].</param>
    /// <returns>All views in one picture, sRGB code values mapped to about [-1, 1], [1, 3, H, W]. The caller disposes it.</returns>
    Tensor Picture(Tensor estimate);
}
