using System.Runtime.CompilerServices;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.Scenes;
using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.Storage;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Paints the six views of an object.</summary>
/// <remarks>
/// 1. The prompt and the empty prompt are encoded.
/// 2. A few candidates start as noise keyed by the seed; one where the model has no judge.
/// 3. DDIM steps with guidance, all candidates together through the batcher; a preview of the first one now and then.
/// 4. The candidates are decoded view by view; the one that the model's image tower finds nearest to the prompt stays, and
/// the gray behind the object is taken out.
/// 5. The views go to the artifact store with the rig's cameras.
/// The same request gives the same bytes on the same build and machine.
/// </remarks>
internal sealed class DenoisePipeline(ModelCatalog catalog, StepBatcher batcher, ArtifactStore artifacts)
{
    /// <summary>Objects painted for one that is kept.</summary>
    public const int Candidates = 8;

    private const int StepsPerPreview = 5;

    /// <summary>Paints.</summary>
    /// <param name="request">What to paint.</param>
    /// <param name="cancel">Stops within a step.</param>
    /// <returns>A step each, then the finished views.</returns>
    public async IAsyncEnumerable<DenoiseUpdate> RunAsync(
        PaintRequest request, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (model, use) = catalog.Take(request.Model);
        using var holds = use;

        // 1.
        var (states, mask) = model.Encode(request.Prompt, "");
        var candidates = model.Judge is null ? 1 : Candidates;
        using var condition = new GuidedCondition(states, mask, request.GuidanceScale, candidates);

        // 2.
        var sampler = new DdimScheduler(model.Schedule, new SamplingOptions(request.StepCount));
        using var history = new SchedulerHistory();
        var grid = StartNoise(model, request.Seed, candidates);
        using var work = batcher.Announce(request.StepCount * condition.Items);
        try
        {
            // 3.
            for (var i = 0; i < sampler.Timesteps.Count; i++)
            {
                var timestep = (int)sampler.Timesteps[i];
                var output = await condition.PredictAsync(batcher, model, grid, timestep, cancel).ConfigureAwait(false);
                var step = Advance(sampler, output, grid, history);
                grid.Dispose();
                grid = step.Previous;
                using var estimate = step.Original;
                work.Done(condition.Items);

                var shown = (i + 1) % StepsPerPreview == 0 && i + 1 < sampler.Timesteps.Count;
                yield return new DenoiseUpdate.Step(
                    i + 1, sampler.Timesteps.Count, shown ? ViewPictures.Preview(model, estimate) : []);
            }

            // 4.
            var views = Views(model, grid, request);

            // 5.
            var id = await artifacts.PutAsync(views.ToBytes(), cancel).ConfigureAwait(false);
            var read = Captions.Parse(request.Prompt);
            yield return new DenoiseUpdate.Finished(id, model.Name, model.Hash, read.KnownWords, read.UnknownWords);
        }
        finally
        {
            grid.Dispose();
        }
    }

    private static Tensor StartNoise(LoadedModel model, ulong seed, int candidates)
    {
        var (channels, height, width) = model.Latent;
        var numbers = new float[candidates * channels * height * width];
        new Philox(seed, DrawPurpose.Start).FillNormal(numbers, 0);
        using var host = tensor(numbers, [candidates, channels, height, width]);
        return host.to(model.Device, copy: true).DetachFromDisposeScope();
    }

    private static SchedulerStep Advance(DdimScheduler sampler, Tensor output, Tensor grid, SchedulerHistory history)
    {
        using var owned = output;
        using var _ = no_grad();
        var step = sampler.TakeStep(output, grid, history);
        return new SchedulerStep(step.Previous.DetachFromDisposeScope(), step.Original.DetachFromDisposeScope());
    }

    private static ViewSet Views(LoadedModel model, Tensor grid, PaintRequest request)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var views = PaintedViews.ToViews(Best(model, grid, request.Prompt)).cpu().contiguous();
        var cameras = CameraRig.Zero123PlusV12
            .Select(c => c.ToView())
            .ToArray();
        return new ViewSet(
            views.data<float>().ToArray(),
            (int)views.shape[2],
            cameras,
            "model",
            request.Prompt,
            unchecked((long)request.Seed),
            model.Hash);
    }

    /// <summary>Decodes all candidates, [K, C, H, W], and keeps the one nearest to the prompt, [6, 4, h, w].</summary>
    private static Tensor Best(LoadedModel model, Tensor grids, string prompt)
    {
        using var scope = NewDisposeScope();
        var painted = model.Decode(grids);                                                      // [6 K, 4, h, w]
        if (model.Judge is null)
        {
            return painted.MoveToOuterDisposeScope();
        }

        var scores = model.Judge.Score(model.EmbedText(prompt), painted);
        var best = Array.IndexOf(scores, scores.Max());
        return painted.narrow(0, best * SixViewGrid.Views, SixViewGrid.Views).MoveToOuterDisposeScope();
    }
}
