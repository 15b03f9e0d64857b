using System.Runtime.CompilerServices;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Changes given views: all of them a little, or a part of them.</summary>
/// <remarks>
/// 1. The request is checked against its model; views and mask are read. Views that are kept from the same request are the result.
/// 2. The views become latents, noised as of the timestep at which the strength starts.
/// 3. The folder's own sampler takes the steps from there on, through the batcher. With a mask, what stays is set back after each step to
/// the given latents, noised as the next step expects them.
/// 4. The latents are decoded. With a mask, pixels that stay are the given ones.
/// 5. The views go to the artifact store with the cameras of the given ones.
/// Sources: Meng et al. 2021, arXiv:2108.01073; Lugmayr et al. 2022, arXiv:2201.09865, equation 8.
/// </remarks>
internal sealed class ViewEditor(
    ModelCatalog catalog, PromptEncoder encoder, FinishedWork kept, StepBatcher batcher, ArtifactStore artifacts, ILogger<ViewEditor> logger)
{
    private const float UsualStrength = 0.8f;
    private const int StepsPerPreview = 5;

    /// <summary>Edits.</summary>
    /// <param name="wire">What to change.</param>
    /// <param name="origin">Whose it is.</param>
    /// <param name="cancel">Stops within a step.</param>
    /// <returns>A step each, then the finished views.</returns>
    public async IAsyncEnumerable<DenoiseUpdate> RunAsync(
        EditViewsRequest wire, StepOrigin origin, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (model, use) = catalog.Take(wire.Model);
        using var holds = use;

        // 1.
        var painter = model as ViewPainter ?? throw new InvalidDataException(
            $"model {model.Name} cannot change views; EditViews needs a model of kind MODEL_KIND_VIEW_PAINTER.");
        var request = PaintRequest.Parse(Whole(wire), model);
        var skipped = Skipped(wire, request.StepCount);
        var given = await ReadViewsAsync(wire.ViewsArtifactId, painter, cancel).ConfigureAwait(false);
        var mask = await ReadMaskAsync(wire.MaskArtifactId, painter, cancel).ConfigureAwait(false);
        var key = FinishedWork.KeyOf("views", model, Fingerprint(wire, request, model));
        if (!wire.IgnoresCache && await kept.FindAsync(key).ConfigureAwait(false) is { } known)
        {
            Log.FoundFinished(logger);
            yield return DenoiseUpdate.Step.Found(model.Sampler(request.StepCount).Timesteps.Count - skipped);
            yield return new DenoiseUpdate.Finished(known, model, request);
            yield break;
        }

        // 2.
        using var words = await encoder.EncodeAsync(model, painter.Prompts(request)).ConfigureAwait(false);
        using var edit = new ViewEdit(painter, request, given, mask);
        using var job = edit.Start(words, skipped);
        using var work = job.Announce(batcher, origin);

        // 3.
        var before = job.Done;
        while (!job.Sampling.IsFinished)
        {
            await job.StepAsync(batcher, work, cancel).ConfigureAwait(false);
            var (done, count) = (job.Done - before, job.Count - before);
            var shown = done % StepsPerPreview == 0 && done < count;
            yield return new DenoiseUpdate.Step(
                done, count, shown ? ViewPictures.Png(painter.Picture(job.Sampling.Estimate!)) : [], StateArtifactId: "");
        }

        // 4.
        var views = edit.Finish(job.Sampling.Latents);

        // 5.
        var id = await artifacts.PutAsync(views.ToBytes(), cancel).ConfigureAwait(false);
        if (work.RanAlone)
        {
            await kept.KeepAsync(key, id).ConfigureAwait(false);
        }

        yield return new DenoiseUpdate.Finished(id, model, request);
    }

    /// <summary>The same request for views from nothing: what both have is checked there.</summary>
    private static GenerateViewsRequest Whole(EditViewsRequest wire)
    {
        var whole = new GenerateViewsRequest { Prompt = wire.Prompt, Seed = wire.Seed, Domain = wire.Domain };
        if (wire.HasStepCount)
        {
            whole.StepCount = wire.StepCount;
        }

        if (wire.HasGuidanceScale)
        {
            whole.GuidanceScale = wire.GuidanceScale;
        }

        return whole;
    }

    private static string Fingerprint(EditViewsRequest wire, PaintRequest request, LoadedModel model)
    {
        var told = wire.Clone();
        (told.StepCount, told.GuidanceScale) = (request.StepCount, request.GuidanceScale);
        (told.Strength, told.Model, told.IgnoresCache) = (StrengthOf(wire), "", false);
        told.ClearWorkClass();
        return FinishedWork.Fingerprint(model, request.StepCount, told);
    }

    private static float StrengthOf(EditViewsRequest wire) => wire.HasStrength ? wire.Strength : UsualStrength;

    /// <summary>Steps that the strength leaves out, as the published pipelines count them: steps - floor(steps x strength).</summary>
    private static int Skipped(EditViewsRequest wire, int steps)
    {
        var strength = StrengthOf(wire);
        if (strength is not (> 0 and <= 1))
        {
            throw new InvalidDataException("strength must be above 0 and at most 1.");
        }

        var taken = (int)(steps * (decimal)strength); // a decimal of 0.7f is 0.7
        return taken > 0
            ? steps - taken
            : throw new InvalidDataException($"strength {strength} of {steps} steps leaves none; say at least {1.0 / steps:0.###}.");
    }

    private async Task<ViewSet> ReadViewsAsync(string id, ViewPainter painter, CancellationToken cancel)
    {
        const string field = "views_artifact_id";
        try
        {
            var views = ViewSet.Parse(await artifacts.ReadAsync(id, cancel).ConfigureAwait(false), field);
            return views.Count == Diffusion.SixViewGrid.Views && views.Size == painter.ViewSize
                ? views
                : throw new InvalidDataException(
                    $"{field} must name {Diffusion.SixViewGrid.Views} views of {painter.ViewSize} pixels, names {views.Count} of {views.Size}.");
        }
        catch (MalformedFileException broken)
        {
            throw new InvalidDataException($"{field} names no views: {broken.Message}", broken);
        }
    }

    private async Task<PixelImage?> ReadMaskAsync(string id, ViewPainter painter, CancellationToken cancel)
    {
        const string field = "mask_artifact_id";
        var (width, height) = (Diffusion.SixViewGrid.Columns * painter.ViewSize, Diffusion.SixViewGrid.Rows * painter.ViewSize);
        return (await artifacts.ReadPictureAsync(id, field, cancel).ConfigureAwait(false))?.ToMask(field, width, height);
    }
}
