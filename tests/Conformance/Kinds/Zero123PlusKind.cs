using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Zero123++ whole: conditions, every step, and the image.</summary>
internal static class Zero123PlusKind
{
    public static void Run(GoldenCase golden)
    {
        using var untracked = no_grad();
        using var models = Models(golden);
        using var control = golden.Config.TryGetProperty("controlnet", out _)
            ? CaseModels.Build<ControlNetModel, ControlNetConfig>(golden, config => new(config), "controlnet") : null;
        var pipeline = new Zero123PlusPipeline(models, control);
        var args = golden.Args;
        var job = new Zero123PlusJob(
            Image(golden.Tensor("in/image")),
            golden.Tensor("in/prompt_input_ids"),
            golden.Tensor("in/negative_input_ids"),
            args.GetProperty("num_inference_steps").GetInt32(),
            args.TryGetProperty("guidance_scale", out var guidance) ? guidance.GetDouble() : 4,
            golden.TensorOrNull("in/depth_image") is { } depth ? Image(depth) : null,
            args.TryGetProperty("controlnet_conditioning_scale", out var scale) ? scale.GetDouble() : 1);
        var (reference, ancestral) = (golden.Tensor("in/reference_noise"), golden.Tensor("in/ancestral_noise"));
        var condition = golden.Tensor("in/vae_noise_cond");
        var noise = new Zero123PlusNoise(
            golden.Tensor("in/latents"), condition, golden.TensorOrNull("in/vae_noise_negative") ?? condition,
            k => reference[k], k => ancestral[k]);

        CompareConditions(golden, pipeline, job, noise);
        CompareSteps(golden, pipeline, models, job, noise);
    }

    private static void CompareConditions(
        GoldenCase golden, Zero123PlusPipeline pipeline, Zero123PlusJob job, Zero123PlusNoise noise)
    {
        using var condition = pipeline.Condition(job, noise);
        golden.Compare("out/pixel_values_vae", condition.VaePixels);
        golden.Compare("out/pixel_values_clip", condition.ClipPixels);
        golden.Compare("out/image_embeds", condition.ImageEmbeds);
        golden.Compare("out/cond_lat", condition.Latent);
        golden.Compare("out/prompt_embeds_cfg", condition.Text);
        if (condition.Depth is { } depth)
        {
            golden.Compare("out/control_depth", depth);
        }
    }

    private static void CompareSteps(
        GoldenCase golden, Zero123PlusPipeline pipeline, Zero123PlusModels models, Zero123PlusJob job, Zero123PlusNoise noise)
    {
        var sampler = pipeline.Sampler(job.Steps);
        golden.Compare("out/timesteps", Floats(golden, sampler.Timesteps));
        golden.Compare("out/sigmas", Floats(golden, sampler.Sigmas));

        List<Tensor> inputs = [], references = [], predictions = [], latents = [];
        var image = pipeline.Run(job, noise, step =>
        {
            inputs.Add(step.Input.clone().DetachFromDisposeScope());
            references.Add(step.Reference.clone().DetachFromDisposeScope());
            predictions.Add(step.Prediction.clone().DetachFromDisposeScope());
            latents.Add(step.Latents.clone().DetachFromDisposeScope());
            if (step is { Index: 0, Control: { } residuals })
            {
                for (var i = 0; i < residuals.Down.Count; i++)
                {
                    golden.Compare($"out/step0_controlnet_down_{i}", residuals.Down[i]);
                }

                golden.Compare("out/step0_controlnet_mid", residuals.Middle);
            }
        });

        golden.Compare("out/unet_input", stack(inputs));
        golden.Compare("out/noisy_cond_lat", stack(references));
        golden.Compare("out/noise_pred_uncond_cond", stack(predictions));
        golden.Compare("out/latents_per_step", stack(latents));
        var decoderInput = pipeline.ToDecoder(latents[^1]);
        golden.Compare("out/vae_decode_input", decoderInput);
        golden.Compare("out/vae_decode_output", models.Vae.Decode(decoderInput));
        golden.Compare("out/image", image);
        foreach (var kept in inputs.Concat(references).Concat(predictions).Concat(latents))
        {
            kept.Dispose();
        }
    }

    private static Zero123PlusModels Models(GoldenCase golden)
    {
        var config = golden.Config;
        return new Zero123PlusModels(
            CaseModels.Build<AutoencoderKL, AutoencoderConfig>(golden, c => new(c), "vae"),
            CaseModels.Build<UNet2DConditionModel, UNetConfig>(golden, c => new(c), "unet"),
            CaseModels.Build<ClipTextModel, ClipTextConfig>(golden, c => new(c), "text_encoder"),
            CaseModels.Build<ClipVisionModel, ClipVisionConfig>(golden, c => new(c), "vision_encoder"),
            Processor("feature_extractor_vae"),
            Processor("feature_extractor_clip"),
            ConfigFile.Parse<SchedulerConfig>(config.GetProperty("scheduler")),
            [.. config.GetProperty("ramping_coefficients").EnumerateArray().Select(w => w.GetDouble())],
            Zero123PlusVersion.V12);

        ClipImageProcessor Processor(string component) =>
            new(ConfigFile.Parse<ClipImageProcessorConfig>(config.GetProperty(component)));
    }

    /// <summary>Whole numbers, [H, W, C], as an image.</summary>
    private static PixelImage Image(Tensor values) => new(
        (int)values.shape[1], (int)values.shape[0], (int)values.shape[2],
        Array.ConvertAll(values.cpu().data<long>().ToArray(), value => (byte)value));

    private static Tensor Floats(GoldenCase golden, IReadOnlyList<double> values) =>
        tensor(values.Select(value => (float)value).ToArray()).to(golden.Device);
}
