using Google.Protobuf;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Contracts.Measuring.V1;
using Realiz3D.Mesh.Contracts.Shaping.V1;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Jobs;

/// <summary>Drives a job from its prompt to its asset.</summary>
/// <remarks>
/// 1. Views: the denoiser paints them, or geometry renders a scene.
/// 2. Geometry: views to a mesh.
/// 3. Appearance: mesh and views to a textured asset.
/// 4. Metrics: asset and views to measurements and a sheet; appearance then seals them and the provenance into the asset.
///
/// Only ids pass through here. Each stage's result is written down before the next begins, so a job that is taken over
/// or retried continues behind its last finished stage.
/// </remarks>
internal sealed class JobPipeline(
    DenoiserService.DenoiserServiceClient denoiser,
    GeometryService.GeometryServiceClient geometry,
    AppearanceService.AppearanceServiceClient appearance,
    MetricsService.MetricsServiceClient metrics,
    StageCalls calls,
    ArtifactStore artifacts)
{
    /// <summary>Runs what is left of a job and ends it.</summary>
    /// <exception cref="JobFailedException">A stage cannot be done.</exception>
    public async Task RunAsync(JobRun run, CancellationToken cancel)
    {
        // 1. views
        var report = run.Job.Spec.SourceCase == JobSpec.SourceOneofCase.Scene
            ? JobReport.Of(run.Job.Spec, await RenderAsync(run, cancel))
            : JobReport.Of(run.Job.Spec, await PaintAsync(run, cancel));

        // 2. geometry
        var mesh = await ReconstructAsync(run, report, cancel);

        // 3. appearance
        var asset = await TextureAsync(run, report, mesh, cancel);

        // 4. metrics
        var (evaluation, sealedAsset) = await EvaluateAsync(run, report, asset, cancel);

        var json = report.ToJson(run.Job, asset, evaluation);
        await run.SucceedAsync(
            new JobResult
            {
                AssetArtifactId = sealedAsset,
                SheetArtifactId = evaluation.SheetArtifactId,
                ReportArtifactId = await artifacts.PutAsync(json, cancel),
                ViewsArtifactId = report.ViewsArtifactId,
            },
            cancel);
    }

    private async Task<GeneratedViews> PaintAsync(JobRun run, CancellationToken cancel)
    {
        var spec = run.Job.Spec;
        var request = new GenerateViewsRequest
        {
            Prompt = spec.Prompt,
            Seed = spec.Seed,
            Model = spec.Model,
            Domain = Domain.Synthetic,
            WorkClass = spec.HasWorkClass ? spec.WorkClass : WorkClass.Interactive,
        };
        if (spec.HasStepCount)
        {
            request.StepCount = spec.StepCount;
        }

        if (spec.HasGuidanceScale)
        {
            request.GuidanceScale = spec.GuidanceScale;
        }

        var state = new PaintingState(run, artifacts);
        var stream = new StageCalls.Stream<GenerateViewsResponse, GeneratedViews>(
            "denoiser",
            options => denoiser.GenerateViews(state.GoOn(request), options),
            response => response.Progress,
            response => response.Result)
        {
            Heard = state.NoteAsync,
        };
        Task<GeneratedViews> Paint() =>
            StageAsync(run, Stage.Views, stream, GeneratedViews.Parser, views => views.ViewsArtifactId, cancel);

        GeneratedViews views;
        try
        {
            views = await Paint();
        }
        catch (JobFailedException failed) when (state.WasRefused(failed))
        {
            await state.ForgetAsync(cancel);
            views = await Paint();
        }

        await state.ForgetAsync(cancel);
        return views;
    }

    private Task<SceneViews> RenderAsync(JobRun run, CancellationToken cancel)
    {
        var request = new RenderSceneRequest { Category = run.Job.Spec.Scene, Seed = run.Job.Spec.Seed };
        var stream = new StageCalls.Stream<RenderSceneResponse, SceneViews>(
            "geometry",
            options => geometry.RenderScene(request, options),
            response => response.Progress,
            response => response.Result);
        return StageAsync(run, Stage.Views, stream, SceneViews.Parser, views => views.ViewsArtifactId, cancel);
    }

    private Task<ReconstructedMesh> ReconstructAsync(JobRun run, JobReport report, CancellationToken cancel)
    {
        var request = new ReconstructRequest { ViewsArtifactId = report.ViewsArtifactId, Seed = run.Job.Spec.Seed };
        var stream = new StageCalls.Stream<ReconstructResponse, ReconstructedMesh>(
            "geometry",
            options => geometry.Reconstruct(request, options),
            response => response.Progress,
            response => response.Result);
        return StageAsync(run, Stage.Geometry, stream, ReconstructedMesh.Parser, mesh => mesh.MeshArtifactId, cancel);
    }

    private Task<TexturedAsset> TextureAsync(
        JobRun run,
        JobReport report,
        ReconstructedMesh mesh,
        CancellationToken cancel)
    {
        var request = new TextureRequest
        {
            MeshArtifactId = mesh.MeshArtifactId,
            ViewsArtifactId = report.ViewsArtifactId,
            Prompt = report.Prompt,
        };
        var stream = new StageCalls.Stream<TextureResponse, TexturedAsset>(
            "appearance",
            options => appearance.Texture(request, options),
            response => response.Progress,
            response => response.Result);
        return StageAsync(run, Stage.Appearance, stream, TexturedAsset.Parser, asset => asset.AssetArtifactId, cancel);
    }

    private async Task<(Evaluation Evaluation, string SealedAsset)> EvaluateAsync(
        JobRun run,
        JobReport report,
        TexturedAsset asset,
        CancellationToken cancel)
    {
        if (Finished(run, Stage.Metrics, Evaluation.Parser) is { } known)
        {
            return (known, run.Job.FinishedStages.Single(finished => finished.Stage == Stage.Metrics).ArtifactId);
        }

        await run.BeginAsync(Stage.Metrics, cancel);
        var request = new EvaluateRequest
        {
            AssetArtifactId = asset.AssetArtifactId,
            ViewsArtifactId = report.ViewsArtifactId,
            Prompt = report.Prompt,
        };
        var stream = new StageCalls.Stream<EvaluateResponse, Evaluation>(
            "metrics",
            options => metrics.Evaluate(request, options),
            response => response.Progress,
            response => response.Result);
        var evaluation = await calls.RunAsync(stream, run, cancel);

        var seal = new SealRequest
        {
            AssetArtifactId = asset.AssetArtifactId,
            ProvenanceJson = report.Provenance().ToJsonString(),
            ReportJson = report.Measurements(asset, evaluation).ToJsonString(),
        };
        var answer = await calls.AskAsync(
            "appearance", options => appearance.SealAsync(seal, options), run, cancel);
        await run.FinishAsync(Stage.Metrics, answer.AssetArtifactId, evaluation, cancel);
        return (evaluation, answer.AssetArtifactId);
    }

    private async Task<TResult> StageAsync<TResponse, TResult>(
        JobRun run,
        Stage stage,
        StageCalls.Stream<TResponse, TResult> stream,
        MessageParser<TResult> parser,
        Func<TResult, string> artifactOf,
        CancellationToken cancel)
        where TResult : class, IMessage<TResult>
    {
        if (Finished(run, stage, parser) is { } known)
        {
            return known;
        }

        await run.BeginAsync(stage, cancel);
        var result = await calls.RunAsync(stream, run, cancel);
        await run.FinishAsync(stage, artifactOf(result), result, cancel);
        return result;
    }

    // A stage whose artifact was lost has to run again.
    private TResult? Finished<TResult>(JobRun run, Stage stage, MessageParser<TResult> parser)
        where TResult : class, IMessage<TResult> =>
        run.ResultOf(stage) is { } bytes
        && artifacts.Exists(run.Job.FinishedStages.Single(finished => finished.Stage == stage).ArtifactId)
            ? parser.ParseFrom(bytes)
            : null;
}
