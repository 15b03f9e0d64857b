using System.Text.Json;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>A sampler's whole trajectory with a linear model, noise added at given timesteps, and min-SNR weights.</summary>
internal static class SchedulerKind
{
    public static void Run(GoldenCase golden)
    {
        var config = ConfigFile.Parse<SchedulerConfig>(golden.Config);
        var schedule = new NoiseSchedule(config);
        switch (golden.Args.GetProperty("op").GetString())
        {
            case "trajectory":
                Trajectory(golden, Schedulers.Create(schedule, Options(golden.Args)));
                break;
            case "min_snr":
                MinSnr(golden, schedule);
                break;
            case var op:
                throw new NotSupportedException($"args.op {op} is unknown; say trajectory or min_snr.");
        }
    }

    private static void Trajectory(GoldenCase golden, IScheduler sampler)
    {
        golden.Compare("out/timesteps", tensor(sampler.Timesteps.ToArray()).to(sampler.TimestepType));
        golden.Compare("out/sigmas", tensor(sampler.Sigmas.Select(sigma => (float)sigma).ToArray()));
        golden.Compare("out/init_noise_sigma", tensor((float)sampler.InitNoiseSigma));

        using var history = new SchedulerHistory();
        var noise = golden.TensorOrNull("in/noise");
        var scaledStart = !golden.Args.TryGetProperty("multiply_by_init_noise_sigma", out var scaled) || scaled.GetBoolean();
        var sample = golden.Tensor("in/sample") * (scaledStart ? sampler.InitNoiseSigma : 1);
        var (inputs, outputs) = (new List<Tensor>(), new List<Tensor>());
        var (previous, originals) = (new List<Tensor>(), new List<Tensor>());
        for (var k = 0; k < sampler.Timesteps.Count; k++)
        {
            inputs.Add(sampler.ScaleModelInput(sample, k));
            outputs.Add(inputs[^1] * 0.3 + (0.1 * Math.Cos(sampler.Timesteps[k] / 100)));
            var step = sampler.TakeStep(outputs[^1], sample, history, noise?[k]);
            (sample, _) = step;
            previous.Add(step.Previous);
            originals.Add(step.Original);
        }

        golden.Compare("out/scaled_input", stack(inputs));
        golden.Compare("out/model_output", stack(outputs));
        golden.Compare("out/prev_sample", stack(previous));
        golden.Compare("out/pred_original_sample", stack(originals));
        golden.Compare("out/denoised", stack(originals));

        var timesteps = AssertTensor.Values(golden.Tensor("in/add_noise_timesteps"));
        var (original, fresh) = (golden.Tensor("in/add_noise_original"), golden.Tensor("in/add_noise_noise"));
        golden.Compare("out/add_noise", sampler.AddNoise(original, fresh, timesteps));
        golden.Compare("out/velocity", sampler.Velocity(original, fresh, timesteps));
    }

    private static void MinSnr(GoldenCase golden, NoiseSchedule schedule)
    {
        var gamma = golden.Args.GetProperty("gamma").GetDouble();
        var timesteps = AssertTensor.Values(golden.Tensor("in/timesteps")).Select(t => (int)t).ToArray();
        Tensor Of(Func<int, double> value) => tensor(timesteps.Select(t => (float)value(t)).ToArray());

        golden.Compare("out/betas", tensor(schedule.Betas.Select(beta => (float)beta).ToArray()));
        golden.Compare("out/alphas_cumprod", tensor(schedule.AlphasCumprod.Select(a => (float)a).ToArray()));
        golden.Compare("out/snr", Of(schedule.SignalToNoise));
        golden.Compare("out/weights_epsilon", Of(t => schedule.MinSnrWeight(t, gamma, PredictionType.Epsilon)));
        golden.Compare("out/weights_v_prediction", Of(t => schedule.MinSnrWeight(t, gamma, PredictionType.VPrediction)));
        golden.Compare("out/weights_sample", Of(t => schedule.MinSnrWeight(t, gamma, PredictionType.Sample)));

        // What a training example of diffusers 0.23 computed; recorded to be recognised, not to be used.
        golden.Compare("out/weights_v_prediction_diffusers_0_23_example", Of(t =>
            Math.Min(schedule.SignalToNoise(t) + 1, gamma) / (schedule.SignalToNoise(t) + 1)));
    }

    /// <summary>The arguments that samplers take.</summary>
    public static SamplingOptions Options(JsonElement args)
    {
        var options = new SamplingOptions(args.GetProperty("num_inference_steps").GetInt32());
        foreach (var argument in args.EnumerateObject())
        {
            var value = argument.Value;
            options = argument.Name switch
            {
                "eta" => options with { Eta = value.GetDouble() },
                "use_clipped_model_output" => options with { UseClippedModelOutput = value.GetBoolean() },
                "original_inference_steps" => options with { OriginalInferenceSteps = value.GetInt32() },
                "strength" => options with { Strength = value.GetDouble() },
                "timesteps" => options with { Timesteps = [.. value.EnumerateArray().Select(t => t.GetInt32())] },
                "s_churn" => options with { Churn = (options.Churn ?? new(0)) with { Amount = value.GetDouble() } },
                "s_tmin" => options with { Churn = (options.Churn ?? new(0)) with { From = value.GetDouble() } },
                "s_tmax" => options with { Churn = (options.Churn ?? new(0)) with { To = value.GetDouble() } },
                "s_noise" => options with { Churn = (options.Churn ?? new(0)) with { NoiseScale = value.GetDouble() } },
                _ => options,
            };
        }

        return options;
    }
}
