using System.Runtime.CompilerServices;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Paints the views of an object, whatever kind of model does it.</summary>
/// <remarks>
/// 1. The request is checked against its model; the picture that the model is shown, a control image and a saved state are read. Views that are kept
/// from the same request are the result.
/// 2. The model encodes what its network is told, and puts the latents at noise keyed by the seed or where the saved job stood.
/// 3. The folder's own sampler takes its steps, all through the batcher; now and then a preview and, where asked for, the state.
/// 4. The model decodes the latents into views.
/// 5. The views go to the artifact store with the rig's cameras.
/// The same request that runs alone gives the same bytes on the same build and machine, interrupted or not; in company the last bits may
/// differ.
/// </remarks>
internal sealed class DenoisePipeline(
    ModelCatalog catalog, PromptEncoder encoder, FinishedWork kept, StepBatcher batcher, ArtifactStore artifacts, ILogger<DenoisePipeline> logger)
{
    private const int StepsPerPreview = 5;
    private const int StepsPerState = 5;

    /// <summary>Paints.</summary>
    /// <param name="wire">What to paint.</param>
    /// <param name="origin">Whose it is.</param>
    /// <param name="cancel">Stops within a step.</param>
    /// <returns>A step each, then the finished views.</returns>
    public async IAsyncEnumerable<DenoiseUpdate> RunAsync(
        GenerateViewsRequest wire, StepOrigin origin, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (model, use) = catalog.Take(wire.Model);
        using var holds = use;

        // 1.
        var request = PaintRequest.Parse(wire, model);
        var painter = (IViewModel)model;
        Log.JobStarted(logger, request.StepCount, request.GuidanceScale);
        var picture = await artifacts.ReadPictureAsync(wire.ImageArtifactId, "image_artifact_id", cancel).ConfigureAwait(false);
        var shown = picture is null ? null : new PixelImage(picture.Width, picture.Height, 4, picture.ToRgba());
        using var control = await ControlUse.ReadAsync(wire.Control, model, painter.Frame(request), artifacts, cancel).ConfigureAwait(false);
        var fingerprint = request.Fingerprint(model, control);
        var state = wire.ResumeArtifactId.Length == 0
            ? null
            : new SavedState(await artifacts.ReadAsync(wire.ResumeArtifactId, cancel).ConfigureAwait(false), fingerprint);
        var key = FinishedWork.KeyOf("views", model, fingerprint);
        if (!wire.IgnoresCache && state is null && await kept.FindAsync(key).ConfigureAwait(false) is { } known)
        {
            Log.FoundFinished(logger);
            yield return DenoiseUpdate.Step.Found(model.Sampler(request.StepCount).Timesteps.Count);
            yield return new DenoiseUpdate.Finished(known, model, request);
            yield break;
        }

        // 2.
        using var words = await encoder.EncodeAsync(model, painter.Prompts(request)).ConfigureAwait(false);
        using var job = painter.Start(request, words, shown, control, state);
        using var work = job.Announce(batcher, origin);

        // 3.
        while (!job.Sampling.IsFinished)
        {
            await job.StepAsync(batcher, work, cancel).ConfigureAwait(false);
            var preview = Falls(job, StepsPerPreview) ? ViewPictures.Png(painter.Picture(job.Sampling.Estimate!)) : [];
            var saved = wire.SavesStates && Falls(job, StepsPerState)
                ? await artifacts.PutScratchAsync(SavedState.Save(job.Sampling, fingerprint), cancel).ConfigureAwait(false)
                : "";
            yield return new DenoiseUpdate.Step(job.Done, job.Count, preview, saved);
        }

        // 4.
        var views = painter.Finish(job.Sampling.Latents, request);

        // 5.
        var id = await artifacts.PutAsync(views.ToBytes(), cancel).ConfigureAwait(false);
        if (work.RanAlone && state is null)
        {
            await kept.KeepAsync(key, id).ConfigureAwait(false);
        }

        yield return new DenoiseUpdate.Finished(id, model, request);
    }

    private static bool Falls(SamplingJob job, int interval) => job.Done % interval == 0 && job.Done < job.Count;
}
