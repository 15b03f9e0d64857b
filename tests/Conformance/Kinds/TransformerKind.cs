using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Diffusion transformer in the PixArt-alpha layout, and the gradient to the latent.</summary>
internal static class TransformerKind
{
    public static void Run(GoldenCase golden)
    {
        using var model = CaseModels.Build<Transformer2DModel, TransformerConfig>(golden, config => new(config));

        var latent = golden.Tensor("in/hidden_states").requires_grad_(true);
        var sample = model.call(
            latent,
            golden.Tensor("in/encoder_hidden_states"),
            golden.Tensor("in/timestep"),
            golden.TensorOrNull("in/encoder_attention_mask"));
        golden.Compare("out/sample", sample);

        if (golden.Has("out/grad_hidden_states"))
        {
            (sample * golden.Tensor("in/cotangent")).sum().backward();
            golden.Compare("out/grad_hidden_states", latent.grad!);
        }
    }
}
