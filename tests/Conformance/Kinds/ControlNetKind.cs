using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>ControlNetModel: its residuals, and the U-Net's prediction with and without them.</summary>
internal static class ControlNetKind
{
    public static void Run(GoldenCase golden)
    {
        using var untracked = no_grad();
        using var control = CaseModels.Build<ControlNetModel, ControlNetConfig>(golden, config => new(config), "controlnet");
        using var unet = CaseModels.Build<UNet2DConditionModel, UNetConfig>(golden, config => new(config), "unet");
        var (sample, t, text) =
            (golden.Tensor("in/sample"), golden.Tensor("in/timestep"), golden.Tensor("in/encoder_hidden_states"));
        var conditions = new UNetConditions
        {
            EncoderAttentionMask = golden.TensorOrNull("in/encoder_attention_mask"),
            ClassLabels = golden.TensorOrNull("in/class_labels"),
            TextEmbeds = golden.TensorOrNull("in/text_embeds"),
            TimeIds = golden.TensorOrNull("in/time_ids"),
        };

        var hint = new ControlHint(
            golden.Tensor("in/controlnet_cond"),
            golden.Args.TryGetProperty("conditioning_scale", out var scale) ? scale.GetDouble() : 1,
            golden.Args.TryGetProperty("guess_mode", out var guess) && guess.GetBoolean(),
            conditions);
        var residuals = control.call(sample, t, text, hint);
        for (var i = 0; i < residuals.Down.Count; i++)
        {
            golden.Compare($"out/down_block_res_sample_{i}", residuals.Down[i]);
        }

        golden.Compare("out/mid_block_res_sample", residuals.Middle);
        golden.Compare("out/unet_sample", unet.call(sample, t, text, conditions with { Residuals = residuals }));
        golden.Compare("out/unet_sample_without_control", unet.call(sample, t, text, conditions));
    }
}
