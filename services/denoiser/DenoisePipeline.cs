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
/// 2. The grid starts as noise keyed by the seed.
/// 3. DDIM steps with guidance, each through the batcher; a preview of the clean estimate now and then.
/// 4. The grid is decoded view by view, the gray behind the object taken out.
/// 5. The views go to the artifact store with the rig's cameras.
/// The same request gives the same bytes on the same build and machine.
/// </remarks>
internal sealed class DenoisePipeline(ModelCatalog catalog, StepBatcher batcher, ArtifactStore artifacts)
{
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
        using var condition = new GuidedCondition(states, mask, request.GuidanceScale);

        // 2.
        var sampler = new DdimScheduler(model.Schedule, request.StepCount);
        var grid = StartNoise(model, request.Seed);
        using var work = batcher.Announce(request.StepCount * condition.Items);
        try
        {
            // 3.
            for (var i = 0; i < sampler.Timesteps.Count; i++)
            {
                var timestep = sampler.Timesteps[i];
                var output = await condition.PredictAsync(batcher, model, grid, timestep, cancel).ConfigureAwait(false);
                var step = Advance(sampler, output, timestep, grid);
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

    private static Tensor StartNoise(LoadedModel model, ulong seed)
    {
        var (channels, height, width) = model.Latent;
        var numbers = new float[channels * height * width];
        new Philox(seed, DrawPurpose.Start).FillNormal(numbers, 0);
        using var host = tensor(numbers, [1, channels, height, width]);
        return host.to(model.Device, copy: true).DetachFromDisposeScope();
    }

    private static SchedulerStep Advance(DdimScheduler sampler, Tensor output, int timestep, Tensor grid)
    {
        using var owned = output;
        using var _ = no_grad();
        var step = sampler.Step(output, timestep, grid);
        return new SchedulerStep(step.Previous.DetachFromDisposeScope(), step.Original.DetachFromDisposeScope());
    }

    private static ViewSet Views(LoadedModel model, Tensor grid, PaintRequest request)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var views = PaintedViews.ToViews(model.Decode(grid)).cpu().contiguous();
        var cameras = CameraRig.Zero123PlusV12
            .Select(c => new ViewCamera(c.AzimuthDegrees, c.ElevationDegrees, c.Radius, c.FieldOfViewDegrees))
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
}
