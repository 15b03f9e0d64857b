using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>UNet2DConditionModel: the prediction and, where the case asks, its gradients to the inputs.</summary>
internal static class UNetKind
{
    private const string Gradient = "out/grad_";

    private static readonly string[] Differentiable = ["sample", "encoder_hidden_states", "text_embeds", "timestep_cond", "image_embeds"];

    public static void Run(GoldenCase golden)
    {
        using var model = CaseModels.Build<UNet2DConditionModel, UNetConfig>(golden, config => new(config));
        var gradients = Differentiable.Where(name => golden.Has(Gradient + name)).ToArray();
        using var untracked = set_grad_enabled(gradients.Length > 0);

        var inputs = Differentiable.Where(name => golden.Has($"in/{name}")).ToDictionary(name => name, name => golden.Tensor($"in/{name}"));
        foreach (var name in gradients)
        {
            inputs[name].requires_grad_(true);
        }

        var output = model.call(inputs["sample"], golden.Tensor("in/timestep"), inputs["encoder_hidden_states"], new UNetConditions
        {
            EncoderAttentionMask = golden.TensorOrNull("in/encoder_attention_mask"),
            ClassLabels = golden.TensorOrNull("in/class_labels"),
            TimestepCond = inputs.GetValueOrDefault("timestep_cond"),
            TextEmbeds = inputs.GetValueOrDefault("text_embeds"),
            TimeIds = golden.TensorOrNull("in/time_ids"),
            ImageEmbeds = inputs.GetValueOrDefault("image_embeds"),
            Residuals = Residuals(golden),
        });
        golden.Compare("out/sample", output);

        if (gradients.Length > 0)
        {
            (output * golden.Tensor("in/cotangent")).sum().backward();
        }

        foreach (var name in gradients)
        {
            golden.Compare(Gradient + name, inputs[name].grad!);
        }
    }

    private static ControlResiduals? Residuals(GoldenCase golden)
    {
        if (golden.TensorOrNull("in/mid_block_additional_residual") is not { } middle)
        {
            return null;
        }

        var down = new List<Tensor>();
        while (golden.TensorOrNull($"in/down_block_additional_residual_{down.Count}") is { } residual)
        {
            down.Add(residual);
        }

        return new ControlResiduals(down, middle);
    }
}
