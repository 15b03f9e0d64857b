using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>Text to image from encoded prompts: every call of the network, every latent, the picture.</summary>
/// <remarks>
/// Guidance multiplies rounding errors from call to call, so that two float32 runs can part by more than a case allows; one of them
/// runs in double here, which leaves the reference's own. Single calls are held in float32 by the kinds of the networks.
/// </remarks>
internal static class TextToImageKind
{
    public static void Run(GoldenCase golden)
    {
        using var untracked = no_grad();
        using var unet = CaseModels.Build<UNet2DConditionModel, UNetConfig>(golden, config => new(config), "unet").to(ScalarType.Float64);
        using var vae = CaseModels.Build<AutoencoderKL, AutoencoderConfig>(golden, config => new(config), "vae").to(ScalarType.Float64);
        var schedule = new NoiseSchedule(ConfigFile.Parse<SchedulerConfig>(golden.Config.GetProperty("scheduler")));
        var pipeline = new TextToImagePipeline(unet, vae, schedule);
        var sampling = SchedulerKind.Options(golden.Args);
        var sampler = Schedulers.Create(schedule, sampling);
        golden.Compare("out/timesteps", tensor(sampler.Timesteps.ToArray()).to(sampler.TimestepType));

        var noise = Exact("in/noise");
        var (inputs, predictions, states) = (new List<Tensor>(), new List<Tensor>(), new List<Tensor>());
        var latents = pipeline.Paint(
            new PaintingRequest(
                Exact("in/prompt_embeds")!, Exact("in/negative_prompt_embeds"), Exact("in/latents")!, sampling,
                new GuidanceOptions(Number("guidance_scale", 1), Number("guidance_rescale", 0)))
            {
                StepNoise = noise is null ? null : index => noise[index],
            },
            step =>
            {
                inputs.Add(step.Input.clone().DetachFromDisposeScope());
                predictions.Add(step.Prediction.clone().DetachFromDisposeScope());
                states.Add(step.Latents.clone().DetachFromDisposeScope());
            });
        golden.Compare("out/unet_input", stack(inputs).to(ScalarType.Float32));
        golden.Compare("out/noise_pred_uncond_cond", stack(predictions).to(ScalarType.Float32));
        golden.Compare("out/latents_per_step", stack(states).to(ScalarType.Float32));
        golden.Compare("out/latents", latents.to(ScalarType.Float32));
        foreach (var kept in (Tensor[])[.. inputs, .. predictions, .. states])
        {
            kept.Dispose();
        }

        var decoded = pipeline.Decode(latents);
        var image = LatentPipeline.ToImage(decoded);
        golden.Compare("out/decoded", decoded.to(ScalarType.Float32));
        golden.Compare("out/image", image.to(ScalarType.Float32));
        golden.Compare("out/image_uint8", (image * 255).round().permute(0, 2, 3, 1).to(ScalarType.Int64), absolute: 1);

        Tensor? Exact(string name) => golden.TensorOrNull(name)?.to(ScalarType.Float64);

        double Number(string key, double otherwise) =>
            golden.Args.TryGetProperty(key, out var value) ? value.GetDouble() : otherwise;
    }
}
