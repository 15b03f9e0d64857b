using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Distillation gradients of a linear denoiser, in the conventions of threestudio and stable-dreamfusion.</summary>
internal static class ScoreDistillationKind
{
    public static void Run(GoldenCase golden)
    {
        double Number(string key) => golden.Args.GetProperty(key).GetDouble();
        var schedule = new NoiseSchedule(new SchedulerConfig(
            NumTrainTimesteps: golden.Config.GetProperty("num_train_timesteps").GetInt32(),
            BetaStart: 0.00085, BetaEnd: 0.012, BetaSchedule: BetaSchedule.ScaledLinear));
        int[] timesteps = [.. AssertTensor.Values(golden.Tensor("in/t")).Select(t => (int)t)];
        var (latents, noise) = (golden.Leaf("in/latents"), golden.Double("in/noise"));
        Tensor PerLatent(Func<int, double> value) => tensor(timesteps.Select(value).ToArray(), device: golden.Device);

        var noisy = schedule.AddNoise(latents.detach(), noise, timesteps);
        var time = PerLatent(t => t).reshape(-1, 1, 1, 1) * Number("b_text");
        var text = noisy * Number("A_text") + time + golden.Double("in/bias_text");
        var empty = noisy * Number("A_uncond") + PerLatent(t => t).reshape(-1, 1, 1, 1) * Number("b_uncond") + golden.Double("in/bias_uncond");
        golden.CompareDouble("out/alpha_bar_t", PerLatent(t => schedule.AlphasCumprod[t]));
        golden.CompareDouble("out/x_t", noisy);
        golden.CompareDouble("out/eps_text", text);
        golden.CompareDouble("out/eps_uncond", empty);

        var scale = golden.Config.GetProperty("guidance_scale").GetDouble();
        double? clip = golden.Args.TryGetProperty("grad_clip", out var limit) ? limit.GetDouble() : null;
        double[] Weights(DistillationWeighting weighting) =>
            [.. timesteps.Select(t => ScoreDistillation.Weight(schedule, t, weighting))];
        var sds = Weights(DistillationWeighting.Sds);
        golden.CompareDouble("out/w_sds", tensor(sds, device: golden.Device));

        var guided = Guidance.Apply(empty, text, Guidance.Scale(scale, GuidanceForm.FromConditional));
        var gradient = ScoreDistillation.Gradient(guided, noise, sds);
        golden.CompareDouble("out/grad_threestudio_sds", gradient);
        golden.CompareDouble("out/grad_threestudio_sds_clipped", ScoreDistillation.Gradient(guided, noise, sds, clip));
        golden.CompareDouble("out/grad_threestudio_uniform", ScoreDistillation.Gradient(guided, noise, Weights(DistillationWeighting.Uniform)));
        golden.CompareDouble("out/grad_threestudio_fantasia3d", ScoreDistillation.Gradient(guided, noise, Weights(DistillationWeighting.Fantasia3d)));
        golden.CompareDouble("out/grad_csd", ScoreDistillation.ClassifierGradient(text, empty, sds));
        var standard = Guidance.Apply(empty, text, Guidance.Scale(scale, GuidanceForm.FromUnconditional));
        golden.CompareDouble("out/grad_standard_cfg", ScoreDistillation.Gradient(standard, noise, sds));

        if (golden.Has("in/neg_weights"))
        {
            var biases = golden.Double("in/neg_bias");
            Tensor[] negatives = [.. biases.unbind(0).Select(bias => noisy * Number("A_uncond") + time + bias)];
            var kept = PerpNeg.Apply(empty, text, negatives, golden.Double("in/neg_weights"), scale);
            golden.CompareDouble("out/grad_threestudio_perp_neg", ScoreDistillation.Gradient(kept, noise, sds));
        }

        var loss = ScoreDistillation.Loss(latents, gradient);
        golden.CompareDouble("out/loss_threestudio", loss);
        loss.backward();
        golden.CompareGradient("out/dloss_dlatents_threestudio", latents);
    }
}
