using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>CLIP's text tower, with its projection where the case asks for it.</summary>
internal static class ClipTextKind
{
    public static void Run(GoldenCase golden)
    {
        var (ids, mask) = (golden.Tensor("in/input_ids"), golden.TensorOrNull("in/attention_mask"));

        if (golden.Args.TryGetProperty("with_projection", out var projected) && projected.GetBoolean())
        {
            using var model = CaseModels.Build<ClipTextModelWithProjection, ClipTextConfig>(golden, c => new(c));
            var (embeds, states) = model.call(ids, mask);
            golden.Compare("out/text_embeds", embeds);
            Compare(golden, states, model.ApplyFinalNorm);
        }
        else
        {
            using var model = CaseModels.Build<ClipTextModel, ClipTextConfig>(golden, c => new(c));
            Compare(golden, model.call(ids, mask), model.ApplyFinalNorm);
        }
    }

    private static void Compare(GoldenCase golden, ClipTextOutput states, Func<Tensor, Tensor> finalNorm)
    {
        golden.Compare("out/pooler_output", states.Pooled);
        golden.Compare("out/last_hidden_state", states.LastHiddenState);
        golden.Compare("out/hidden_states_minus2", states.PenultimateHiddenState);
        golden.Compare("out/hidden_states_minus2_final_norm", finalNorm(states.PenultimateHiddenState));
    }
}
