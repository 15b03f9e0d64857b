using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Candidates and the judge that chooses among them.</summary>
public sealed class CandidateTests(DenoiserHost host) : IClassFixture<DenoiserHost>
{
    [Fact]
    public void Score_IsTheMeanCosineOfTheViews()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var folder = ModelFolder.Open(Path.Combine(host.Models, "other"));
        using var model = Load(folder.FullPath);
        using var tower = folder.LoadImageEncoder().to(TestDevice.Here);
        using var generator = new Generator(9);
        var views = randn([12, 4, 16, 16], generator: generator) * 0.3;
        var text = model.EmbedText("a red vase");

        var scores = model.Judge!.Score(text, views);

        var t = AssertTensor.Values(text);
        var places = AssertTensor.Values(tower.call(views.narrow(1, 0, 3).clamp(-1, 1)).ImageEmbeds);
        double Cosine(int view)
        {
            var p = places.AsSpan(view * 8, 8).ToArray();
            return p.Zip(t, (a, b) => a * b).Sum() / Math.Sqrt(p.Sum(a => a * a) * t.Sum(b => b * b));
        }

        Assert.Equal(2, scores.Length);
        Assert.Equal(Enumerable.Range(0, 6).Average(Cosine), scores[0], 1e-4);
        Assert.Equal(Enumerable.Range(6, 6).Average(Cosine), scores[1], 1e-4);
    }

    [Fact]
    public async Task WithAJudge_TheNearestOfTheCandidatesIsPainted()
    {
        var request = DenoiserHost.Request(seed: 3);
        request.Model = "other";
        var kept = await host.ReadViewsAsync((await host.PaintAsync(request))[^1].Result.ViewsArtifactId);

        // The kept views score highest among what the same noise gives: score all candidates anew, one by one.
        using var scope = NewDisposeScope();
        using var model = Load(Path.Combine(host.Models, "other"));
        var candidates = Enumerable.Range(0, ViewPainter.Candidates).Select(k => PaintAlone(model, 3, k, request)).ToArray();
        var scores = candidates.Select(painted => model.Judge!.Score(model.EmbedText(request.Prompt), painted)[0]).ToArray();
        var best = candidates[Array.IndexOf(scores, scores.Max())];

        Assert.True(scores.Distinct().Count() > 1);
        AssertTensor.Close(
            PaintedViews.ToViews(best), tensor(kept.Rgba, [6, 4, 16, 16]), relative: 1e-3, absolute: 1e-3, "views");
    }

    private static ViewPainter Load(string folder) => Assert.IsType<ViewPainter>(LoadedModel.Load("other", folder, TestDevice.Here));

    private static Tensor PaintAlone(
        ViewPainter model, ulong seed, int candidate, Contracts.Denoising.V1.GenerateViewsRequest request)
    {
        using var _ = no_grad();
        const int Numbers = 8 * 24 * 16;
        var noise = new float[ViewPainter.Candidates * Numbers];
        new Storage.Philox(seed, Storage.DrawPurpose.Start).FillNormal(noise, 0);
        var z = tensor(noise.AsSpan(candidate * Numbers, Numbers).ToArray(), [1, 8, 24, 16]);
        var (states, mask) = model.Encode(request.Prompt, "");
        var sampler = new DdimScheduler(model.Schedule, new SamplingOptions(request.StepCount));
        using var history = new SchedulerHistory();
        foreach (var timestep in sampler.Timesteps)
        {
            var parts = model.Network.Pass(new StepInputs(z.repeat(2, 1, 1, 1), full([2], (float)timestep), states, mask)).chunk(2, 0);
            z = sampler.TakeStep(Guidance.Apply(parts[1], parts[0], request.GuidanceScale), z, history).Previous;
        }

        return model.Decode(z);
    }
}
