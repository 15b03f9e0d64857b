using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Serving;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Finds which of several painted objects is nearest to the prompt, with the model's own image tower.</summary>
/// <remarks>
/// The score of an object is the mean cosine between the prompt and each of its views in the space that text encoder and image
/// tower were trained to share. Source: reranking as in Ramesh et al. 2021, arXiv:2102.12092, section 2.6.
/// </remarks>
internal sealed class CandidateJudge
{
    private readonly ClipVisionModel _tower;
    private readonly Device _device;

    private CandidateJudge(ClipVisionModel tower, Device device) => (_tower, _device) = (tower, device);

    /// <summary>Loads the image tower of a folder.</summary>
    /// <param name="parts">The model's parts; own the tower from then on.</param>
    /// <param name="text">Its text encoder.</param>
    /// <param name="viewSize">Height and width of its views.</param>
    /// <returns>The judge, or null where the folder's tower sees other images or shares no space with the pooled text.</returns>
    public static CandidateJudge? TryLoad(ModelParts parts, ClipTextConfig text, int viewSize)
    {
        if (!parts.Folder.Components.ContainsKey("image_encoder"))
        {
            return null;
        }

        var tower = parts.Folder.LoadImageEncoder();
        if (tower.Config.ProjectionDim != text.HiddenSize || tower.Config.ImageSize != viewSize)
        {
            tower.Dispose();
            return null;
        }

        return new CandidateJudge(parts.Own(tower), parts.Device);
    }

    /// <summary>Scores painted objects.</summary>
    /// <param name="text">The prompt's place, [1, E].</param>
    /// <param name="views">Six views of each object, as the network paints them, [6 K, 4, h, w].</param>
    /// <returns>One score per object, -1 to 1.</returns>
    public float[] Score(Tensor text, Tensor views)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var pictures = views.narrow(1, 0, 3).clamp(-1, 1);                                                  // [6 K, 3, h, w]
        var places = Rows.Run(
            _device, (int)views.shape[0], (start, length) => _tower.call(pictures.narrow(0, start, length)).ImageEmbeds);
        var cosines = (places * text).sum(1) / (places.square().sum(1) * text.square().sum(1)).sqrt();      // [6 K]
        return cosines.reshape(-1, SixViewGrid.Views).mean([1]).cpu().data<float>().ToArray();
    }
}
