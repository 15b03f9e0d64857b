using System.Runtime.CompilerServices;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Paints single pictures: text to image, image to image, inpainting.</summary>
/// <remarks>
/// 1. Picture, mask, control image and adapters are read, the request is checked against its model. A picture that is kept from the same request is the result.
/// 2. The prompts are encoded; the latents start as the pipelines of core/Diffusion start them, with noise keyed by the seed.
/// 3. The folder's own sampler takes its steps, all through the batcher; now and then a preview by the model's linear map.
/// 4. The latents are decoded. 5. The picture goes to the artifact store as a PNG.
/// </remarks>
internal sealed class ImagePainter(
    ModelCatalog catalog, PromptEncoder encoder, FinishedWork kept, StepBatcher batcher, ArtifactStore artifacts, ILogger<ImagePainter> logger)
{
    private const int StepsPerPreview = 5;

    /// <summary>Paints.</summary>
    /// <param name="wire">What to paint.</param>
    /// <param name="origin">Whose it is.</param>
    /// <param name="cancel">Stops within a step.</param>
    /// <returns>A step each, then the finished picture.</returns>
    public async IAsyncEnumerable<DenoiseUpdate> RunAsync(
        GenerateImageRequest wire, StepOrigin origin, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (loaded, use) = catalog.Take(wire.Model);
        using var holds = use;

        // 1.
        var model = loaded as TextToImageModel ?? throw new InvalidDataException(
            $"model {loaded.Name} paints views; GenerateImage needs a model of kind MODEL_KIND_TEXT_TO_IMAGE.");
        var picture = await artifacts.ReadPictureAsync(wire.ImageArtifactId, "image_artifact_id", cancel).ConfigureAwait(false);
        var mask = await artifacts.ReadPictureAsync(wire.MaskArtifactId, "mask_artifact_id", cancel).ConfigureAwait(false);
        var request = ImageRequest.Parse(wire, model, picture, mask);
        using var control = await ControlUse.ReadAsync(wire.Control, model, request.Size, artifacts, cancel).ConfigureAwait(false);
        using var worn = model.Wear(wire.Adapters);
        var key = FinishedWork.KeyOf("image", model, request.Fingerprint(model, control, worn.Set));
        if (!wire.IgnoresCache && await kept.FindAsync(key).ConfigureAwait(false) is { } known)
        {
            Log.FoundFinished(logger);
            yield return DenoiseUpdate.Step.Found(model.Sampler(request.StepCount).Timesteps.Count - request.Skipped);
            yield return new DenoiseUpdate.Painted(known, model, request);
            yield break;
        }

        // 2.
        Log.JobStarted(logger, request.StepCount - request.Skipped, request.GuidanceScale);
        using var words = await encoder.EncodeAsync(model, worn.Set, model.Prompts(request)).ConfigureAwait(false);
        using var job = model.Start(request, words, control, worn.Set);
        using var work = job.Announce(batcher, origin);

        // 3.
        var before = job.Done;
        while (!job.Sampling.IsFinished)
        {
            await job.StepAsync(batcher, work, cancel).ConfigureAwait(false);
            var (done, count) = (job.Done - before, job.Count - before);
            var shown = done % StepsPerPreview == 0 && done < count;
            yield return new DenoiseUpdate.Step(
                done, count, shown ? ViewPictures.Png(model.Preview(job.Sampling.Estimate!)) : [], StateArtifactId: "");
        }

        // 4.
        var painted = ViewPictures.Png(model.Decode(job.Sampling.Latents));

        // 5.
        var id = await artifacts.PutAsync(painted, cancel).ConfigureAwait(false);
        if (work.RanAlone)
        {
            await kept.KeepAsync(key, id).ConfigureAwait(false);
        }

        yield return new DenoiseUpdate.Painted(id, model, request);
    }
}
