using Grpc.Core;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>The folder's own sampler, and jobs that go on from a saved state.</summary>
public sealed class ResumeTests(DenoiserHost host) : IClassFixture<DenoiserHost>
{
    [Theory]
    [InlineData("EulerAncestralDiscreteScheduler", "epsilon")]      // scales its input, draws noise
    [InlineData("UniPCMultistepScheduler", "sample")]               // remembers outputs
    [InlineData("PNDMScheduler", "epsilon")]                        // remembers outputs, visits a timestep twice
    public async Task GenerateViews_TakesTheFoldersSampler_AndGoesOnFromASavedState_ToTheSameBytes(string sampler, string prediction)
    {
        var request = Request(sampler, prediction);
        request.SavesStates = true;
        var whole = await host.PaintAsync(request);

        var states = whole.Where(response => response.StateArtifactId.Length > 0).ToArray();
        Assert.Equal([5, 10], states.Select(state => state.Progress.Step));
        foreach (var state in states)
        {
            var rest = request.Clone();
            (rest.ResumeArtifactId, rest.SavesStates) = (state.StateArtifactId, false);
            var resumed = await host.PaintAsync(rest);

            Assert.Equal(state.Progress.Step + 1, resumed[0].Progress.Step);
            Assert.Equal(whole[^1].Result, resumed[^1].Result);
            Assert.All(resumed, response => Assert.Empty(response.StateArtifactId));
        }

        using var scope = NewDisposeScope();
        var views = await host.ReadViewsAsync(whole[^1].Result.ViewsArtifactId);
        AssertTensor.Close(PaintAlone(request), tensor(views.Rgba, [6, 4, 16, 16]), relative: 1e-3, absolute: 1e-3, "views");
    }

    [Fact]
    public async Task GenerateViews_FromTheStateOfAnotherJob_IsRefused()
    {
        var request = Request("UniPCMultistepScheduler", "sample");
        request.SavesStates = true;
        var state = (await host.PaintAsync(request)).First(response => response.StateArtifactId.Length > 0).StateArtifactId;

        var other = request.Clone();
        (other.ResumeArtifactId, other.Seed) = (state, other.Seed + 1);
        Assert.Equal(StatusCode.InvalidArgument, await RefusedAsync(other, "resume_artifact_id names no state of this job"));

        other = request.Clone();
        other.ResumeArtifactId = await host.StoreAsync([1, 2, 3]);
        Assert.Equal(StatusCode.InvalidArgument, await RefusedAsync(other, "resume_artifact_id names no state of a job"));

        other.ResumeArtifactId = new string('0', 64);
        Assert.Equal(StatusCode.NotFound, await RefusedAsync(other, "There is no artifact"));
    }

    private GenerateViewsRequest Request(string sampler, string prediction)
    {
        var folder = Path.Combine(host.Models, sampler);
        if (!Directory.Exists(folder))
        {
            TinyModel.Write(folder, seed: 3);
            File.WriteAllText(Path.Combine(folder, "scheduler", "scheduler_config.json"), $$"""
                {"_class_name": "{{sampler}}", "prediction_type": "{{prediction}}", "beta_schedule": "scaled_linear",
                 "beta_start": 0.00085, "beta_end": 0.012, "skip_prk_steps": true, "clip_sample": false}
                """);
        }

        var request = DenoiserHost.Request();
        (request.Model, request.StepCount) = (sampler, 11);
        return request;
    }

    /// <summary>The method's loop, written out over the folder's parts.</summary>
    private Tensor PaintAlone(GenerateViewsRequest request)
    {
        using var _ = no_grad();
        using var model = LoadedModel.Load("alone", Path.Combine(host.Models, request.Model), TestDevice.Here);
        var painter = Assert.IsType<ViewPainter>(model);
        Tensor Draw(Storage.DrawPurpose purpose, int step)
        {
            var numbers = new float[8 * 24 * 16];
            new Storage.Philox(request.Seed, purpose).FillNormal(numbers, step);
            return tensor(numbers, [1, 8, 24, 16]);
        }

        var (states, mask) = model.Encode("", request.Prompt);
        var sampler = Schedulers.Create(model.Schedule, new SamplingOptions(request.StepCount));
        Assert.Equal(request.Model, sampler.GetType().Name, ignoreCase: true);
        using var history = new SchedulerHistory();
        var x = Draw(Storage.DrawPurpose.Start, 0) * sampler.InitNoiseSigma;
        for (var k = 0; k < sampler.Timesteps.Count; k++)
        {
            var input = sampler.ScaleModelInput(x, k).repeat(2, 1, 1, 1);
            var parts = painter.Network.Pass(new Serving.StepInputs(input, full([2], (float)sampler.Timesteps[k]), states, mask)).chunk(2, 0);
            var noise = sampler.NeedsNoise(k) ? Draw(Storage.DrawPurpose.Step, k) : null;
            x = sampler.TakeStep(Guidance.Apply(parts[0], parts[1], request.GuidanceScale), x, history, noise).Previous;
        }

        return PaintedViews.ToViews(painter.Decode(x));
    }

    private async Task<StatusCode> RefusedAsync(GenerateViewsRequest request, string start)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => host.PaintAsync(request));
        Assert.StartsWith(start, refused.Status.Detail, StringComparison.Ordinal);
        return refused.StatusCode;
    }
}
