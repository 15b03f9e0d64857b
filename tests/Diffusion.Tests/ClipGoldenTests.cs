using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

public class ClipGoldenTests
{
    public static IEnumerable<object[]> TextCases() => GoldenCase.Names("clip_text");

    public static IEnumerable<object[]> VisionCases() => GoldenCase.Names("clip_vision");

    [Theory]
    [MemberData(nameof(TextCases))]
    public void Text_MatchesTransformers(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Open("clip_text", name);
        var (ids, mask) = (golden.Tensor("in/input_ids"), golden.TensorOrNull("in/attention_mask"));

        if (golden.Has("out/text_embeds"))
        {
            using var model = GoldenModels.Build<ClipTextModelWithProjection, ClipTextConfig>(golden, c => new(c));
            var (embeds, states) = model.call(ids, mask);
            golden.Check("out/text_embeds", embeds);
            CheckStates(golden, states, model.ApplyFinalNorm);
        }
        else
        {
            using var model = GoldenModels.Build<ClipTextModel, ClipTextConfig>(golden, c => new(c));
            var states = model.call(ids, mask);
            golden.Check("out/pooler_output", states.Pooled);
            CheckStates(golden, states, model.ApplyFinalNorm);
        }
    }

    [Theory]
    [MemberData(nameof(VisionCases))]
    public void Vision_MatchesTransformers(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Open("clip_vision", name);
        using var model = GoldenModels.Build<ClipVisionModel, ClipVisionConfig>(golden, c => new(c));

        var pixels = golden.Tensor("in/pixel_values").requires_grad_(true);
        var output = model.call(pixels);
        golden.Check("out/image_embeds", output.ImageEmbeds);
        golden.Check("out/last_hidden_state", output.LastHiddenState);
        golden.Check("out/hidden_states_minus2", output.PenultimateHiddenState);

        if (golden.Has("out/grad_pixel_values"))
        {
            (output.ImageEmbeds * golden.Tensor("in/cotangent")).sum().backward();
            golden.Check("out/grad_pixel_values", pixels.grad!);
        }
    }

    [Fact]
    public void BothTowers_MatchTransformers()
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Open("clip_dual", "quick_gelu");
        using var model = GoldenModels.Build<ClipModel, ClipConfig>(golden, c => new(c));

        var (logits, texts, images) = model.call(golden.Tensor("in/input_ids"), golden.Tensor("in/pixel_values"));
        golden.Check("out/logits_per_image", logits);
        golden.Check("out/logits_per_text", logits.t());
        golden.Check("out/text_embeds", texts);
        golden.Check("out/image_embeds", images);
    }

    private static void CheckStates(GoldenCase golden, ClipTextOutput states, Func<Tensor, Tensor> finalNorm)
    {
        golden.Check("out/last_hidden_state", states.LastHiddenState);
        golden.Check("out/hidden_states_minus2", states.PenultimateHiddenState);
        golden.Check("out/hidden_states_minus2_final_norm", finalNorm(states.PenultimateHiddenState));
    }
}
