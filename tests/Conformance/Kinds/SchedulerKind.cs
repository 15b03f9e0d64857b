using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Conformance.Kinds;

/// <summary>A sampler's whole trajectory with a linear model, and noise added at given timesteps.</summary>
internal static class SchedulerKind
{
    public static void Run(GoldenCase golden)
    {
        var config = ConfigFile.Parse<SchedulerConfig>(golden.Config);
        if (config.ClassName != "DDIMScheduler")
        {
            throw new NotSupportedException($"_class_name {config.ClassName} is not supported.");
        }

        var schedule = new NoiseSchedule(config);
        var sampler = new DdimScheduler(schedule, golden.Args.GetProperty("num_inference_steps").GetInt32());
        golden.Compare("out/timesteps", tensor(sampler.Timesteps.Select(t => (long)t).ToArray()));
        golden.Compare("out/init_noise_sigma", tensor(1f));

        var (eta, noise) = (golden.Args.GetProperty("eta").GetDouble(), golden.TensorOrNull("in/noise"));
        var sample = golden.Tensor("in/sample");
        var (inputs, outputs) = (new List<Tensor>(), new List<Tensor>());
        var (previous, originals) = (new List<Tensor>(), new List<Tensor>());
        for (var k = 0; k < sampler.Timesteps.Count; k++)
        {
            var t = sampler.Timesteps[k];
            inputs.Add(sample);
            outputs.Add(sample * 0.3 + (0.1 * Math.Cos(t / 100.0)));
            var step = sampler.Step(outputs[^1], t, sample, eta, noise?[k]);
            (sample, _) = step;
            previous.Add(step.Previous);
            originals.Add(step.Original);
        }

        golden.Compare("out/scaled_input", stack(inputs));
        golden.Compare("out/model_output", stack(outputs));
        golden.Compare("out/prev_sample", stack(previous));
        golden.Compare("out/pred_original_sample", stack(originals));

        var timesteps = golden.Tensor("in/add_noise_timesteps").cpu().data<long>().ToArray().Select(t => (int)t).ToArray();
        var (original, fresh) = (golden.Tensor("in/add_noise_original"), golden.Tensor("in/add_noise_noise"));
        golden.Compare("out/add_noise", schedule.AddNoise(original, fresh, timesteps));
        golden.Compare("out/velocity", schedule.Velocity(original, fresh, timesteps));
    }
}
