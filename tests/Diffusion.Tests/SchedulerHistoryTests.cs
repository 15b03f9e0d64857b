using System.Text.Json;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public class SchedulerHistoryTests
{
    public static TheoryData<string, int> Runs()
    {
        TheoryData<string, int> runs = [];
        string[] configs =
        [
            """{"_class_name": "DDIMScheduler"}""",
            """{"_class_name": "DDPMScheduler"}""",
            """{"_class_name": "EulerDiscreteScheduler"}""",
            """{"_class_name": "EulerAncestralDiscreteScheduler"}""",
            """{"_class_name": "LCMScheduler"}""",
            """{"_class_name": "PNDMScheduler", "skip_prk_steps": true}""",
            """{"_class_name": "PNDMScheduler"}""",
            """{"_class_name": "DPMSolverMultistepScheduler", "solver_order": 3}""",
            """{"_class_name": "UniPCMultistepScheduler", "solver_order": 3}""",
        ];
        foreach (var config in configs)
        {
            foreach (var stop in new[] { 1, 2, 5 })
            {
                runs.Add(config, stop);
            }
        }

        return runs;
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void ResumedRun_EndsWithTheSameBits(string json, int stop)
    {
        using var scope = NewDisposeScope();
        using var document = JsonDocument.Parse(json);
        var schedule = new NoiseSchedule(ConfigFile.Parse<SchedulerConfig>(document.RootElement));
        var sampler = Schedulers.Create(schedule, new SamplingOptions(8));

        using var whole = new SchedulerHistory();
        var expected = Run(sampler, Start(), whole, sampler.Timesteps.Count);

        using var first = new SchedulerHistory();
        var half = Run(sampler, Start(), first, stop);
        using var second = SchedulerHistory.Restore(first.Save(), TestDevice.Here);
        Assert.Equal((stop, stop), (second.Index, second.Calls));
        var other = Schedulers.Create(schedule, new SamplingOptions(8));
        AssertTensor.Equal(expected, Run(other, half, second, sampler.Timesteps.Count), "end");
    }

    [Fact]
    public void Restore_OfOtherBytes_IsRefused()
    {
        var bytes = SafeTensorsWriter.ToBytes(new Dictionary<string, TensorData>());
        Assert.Contains("\"index\" is missing", Assert.Throws<MalformedFileException>(() => SchedulerHistory.Restore(bytes)).Message, StringComparison.Ordinal);
    }

    private static Tensor Start() => tensor(new[] { 0.5f, -1, 2, 0.25f, 1.5f, -0.75f }, [2, 3]);

    private static Tensor Run(IScheduler sampler, Tensor sample, SchedulerHistory history, int until)
    {
        while (history.Index < until)
        {
            var k = history.Index;
            var output = sampler.ScaleModelInput(sample, k).tanh() * 0.4 + (0.1 * Math.Cos(sampler.Timesteps[k] / 100));
            var noise = Start() * (0.3 + (0.1 * k));
            sample = sampler.TakeStep(output, sample, history, noise).Previous;
        }

        return sample;
    }
}
