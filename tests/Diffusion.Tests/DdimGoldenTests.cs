using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

public class DdimGoldenTests
{
    public static IEnumerable<object[]> Cases() => GoldenCase.Names("scheduler", "ddim_");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Trajectory_MatchesDiffusers(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Open("scheduler", name);
        var schedule = new NoiseSchedule(ConfigFile.Parse<SchedulerConfig>(golden.Config));
        var sampler = new DdimScheduler(schedule, golden.Args.GetProperty("num_inference_steps").GetInt32());
        AssertTensor.Equal(
            golden.Tensor("out/timesteps"), tensor(sampler.Timesteps.Select(t => (long)t).ToArray()), "timesteps");

        var (eta, noise) = (golden.Args.GetProperty("eta").GetDouble(), golden.TensorOrNull("in/noise"));
        var sample = golden.Tensor("in/sample");
        var (previous, originals) = (new List<Tensor>(), new List<Tensor>());
        for (var k = 0; k < sampler.Timesteps.Count; k++)
        {
            var t = sampler.Timesteps[k];
            var step = sampler.Step(sample * 0.3 + (0.1 * Math.Cos(t / 100.0)), t, sample, eta, noise?[k]);
            (sample, _) = step;
            previous.Add(step.Previous);
            originals.Add(step.Original);
        }

        golden.Check("out/prev_sample", stack(previous));
        golden.Check("out/pred_original_sample", stack(originals));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void AddNoiseAndVelocity_MatchDiffusers(string name)
    {
        using var scope = NewDisposeScope();
        using var golden = GoldenCase.Open("scheduler", name);
        var schedule = new NoiseSchedule(ConfigFile.Parse<SchedulerConfig>(golden.Config));
        var timesteps = golden.Tensor("in/add_noise_timesteps").data<long>().ToArray().Select(t => (int)t).ToArray();
        var (original, noise) = (golden.Tensor("in/add_noise_original"), golden.Tensor("in/add_noise_noise"));

        golden.Check("out/add_noise", schedule.AddNoise(original, noise, timesteps));
        golden.Check("out/velocity", schedule.Velocity(original, noise, timesteps));
    }
}
