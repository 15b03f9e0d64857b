using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Both towers of CLIP and their similarities.</summary>
internal static class ClipDualKind
{
    public static void Run(GoldenCase golden)
    {
        using var model = CaseModels.Build<ClipModel, ClipConfig>(golden, c => new(c));

        var (logits, texts, images) = model.call(golden.Tensor("in/input_ids"), golden.Tensor("in/pixel_values"));
        golden.Compare("out/logits_per_image", logits);
        golden.Compare("out/logits_per_text", logits.t());
        golden.Compare("out/text_embeds", texts);
        golden.Compare("out/image_embeds", images);
    }
}
