using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

public class TransformerGoldenTests
{
    public static IEnumerable<object[]> Cases() => GoldenCase.Names("transformer2d");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Forward_MatchesDiffusers(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Open("transformer2d", name);
        using var model = GoldenModels.Build<Transformer2DModel, TransformerConfig>(golden, config => new(config));

        var latent = golden.Tensor("in/hidden_states").requires_grad_(true);
        var sample = model.call(
            latent,
            golden.Tensor("in/encoder_hidden_states"),
            golden.Tensor("in/timestep"),
            golden.TensorOrNull("in/encoder_attention_mask"));
        golden.Check("out/sample", sample);

        if (golden.Has("out/grad_hidden_states"))
        {
            (sample * golden.Tensor("in/cotangent")).sum().backward();
            golden.Check("out/grad_hidden_states", latent.grad!);
        }
    }
}
