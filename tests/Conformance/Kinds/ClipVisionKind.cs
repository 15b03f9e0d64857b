using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>CLIP's image tower with its projection, and the gradient to the pixels.</summary>
internal static class ClipVisionKind
{
    public static void Run(GoldenCase golden)
    {
        using var model = CaseModels.Build<ClipVisionModel, ClipVisionConfig>(golden, c => new(c));

        var pixels = golden.Tensor("in/pixel_values").requires_grad_(true);
        var output = model.call(pixels);
        golden.Compare("out/image_embeds", output.ImageEmbeds);
        golden.Compare("out/last_hidden_state", output.LastHiddenState);
        golden.Compare("out/hidden_states_minus2", output.PenultimateHiddenState);

        if (golden.Has("out/grad_pixel_values"))
        {
            (output.ImageEmbeds * golden.Tensor("in/cotangent")).sum().backward();
            golden.Compare("out/grad_pixel_values", pixels.grad!);
        }
    }
}
