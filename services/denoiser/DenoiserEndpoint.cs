using Google.Protobuf;
using Grpc.Core;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Scenes;
using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Serves <c>denoiser.v1</c>: wire messages in, wire messages out.</summary>
/// <remarks>Checks and translates. Views are painted by <see cref="DenoisePipeline"/> and changed by <see cref="ViewEditor"/>, single pictures
/// are painted by <see cref="ImagePainter"/>, scores are <see cref="NoisePredictor"/>'s.</remarks>
internal sealed class DenoiserEndpoint(
    ModelCatalog catalog,
    DenoisePipeline pipeline,
    ViewEditor editor,
    ImagePainter painter,
    NoisePredictor predictor,
    ILogger<DenoiserEndpoint> logger)
    : DenoiserService.DenoiserServiceBase
{
    public override Task GenerateViews(
        GenerateViewsRequest request, IServerStreamWriter<GenerateViewsResponse> responseStream, ServerCallContext context) =>
        Stream(
            responseStream,
            context,
            request.HasWorkClass ? request.WorkClass : WorkClass.Interactive,
            origin => pipeline.RunAsync(request, origin, context.CancellationToken),
            update => update is DenoiseUpdate.Step step
                ? new GenerateViewsResponse { Progress = ToWire(step), StateArtifactId = step.StateArtifactId }
                : new GenerateViewsResponse { Result = ToWire((DenoiseUpdate.Finished)update) });

    public override Task EditViews(
        EditViewsRequest request, IServerStreamWriter<EditViewsResponse> responseStream, ServerCallContext context) =>
        Stream(
            responseStream,
            context,
            request.HasWorkClass ? request.WorkClass : WorkClass.Interactive,
            origin => editor.RunAsync(request, origin, context.CancellationToken),
            update => update is DenoiseUpdate.Step step
                ? new EditViewsResponse { Progress = ToWire(step) }
                : new EditViewsResponse { Result = ToWire((DenoiseUpdate.Finished)update) });

    public override Task GenerateImage(
        GenerateImageRequest request, IServerStreamWriter<GenerateImageResponse> responseStream, ServerCallContext context) =>
        Stream(
            responseStream,
            context,
            request.HasWorkClass ? request.WorkClass : WorkClass.Interactive,
            origin => painter.RunAsync(request, origin, context.CancellationToken),
            update => update is DenoiseUpdate.Step step
                ? new GenerateImageResponse { Progress = ToWire(step) }
                : new GenerateImageResponse { Result = ToWire((DenoiseUpdate.Painted)update) });

    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) =>
        Answer(() => Task.FromResult(new ListModelsResponse { Models = { catalog.List() } }));

    public override Task<LoadModelResponse> LoadModel(LoadModelRequest request, ServerCallContext context) =>
        Answer(() => Task.FromResult(new LoadModelResponse { Model = catalog.Load(request.Model) }));

    public override Task<UnloadModelResponse> UnloadModel(UnloadModelRequest request, ServerCallContext context) =>
        Answer(() => Task.FromResult(new UnloadModelResponse { Model = catalog.Unload(request.Model) }));

    public override Task<EncodeTextResponse> EncodeText(EncodeTextRequest request, ServerCallContext context) =>
        Answer(() => predictor.EncodeAsync(request));

    public override Task<PredictNoiseResponse> PredictNoise(PredictNoiseRequest request, ServerCallContext context) =>
        Answer(() => predictor.PredictAsync(
            request,
            CallOrigin.Read(context, request.HasWorkClass ? request.WorkClass : WorkClass.Batch),
            context.CancellationToken));

    private async Task Stream<T>(
        IServerStreamWriter<T> stream,
        ServerCallContext context,
        WorkClass wish,
        Func<StepOrigin, IAsyncEnumerable<DenoiseUpdate>> run,
        Func<DenoiseUpdate, T> toWire) =>
        await Answer(async () =>
        {
            await foreach (var update in run(CallOrigin.Read(context, wish)).ConfigureAwait(false))
            {
                await stream.WriteAsync(toWire(update), context.CancellationToken).ConfigureAwait(false);
            }

            return true;
        }).ConfigureAwait(false);

    private static StageProgress ToWire(DenoiseUpdate.Step step) => new()
    {
        Step = step.Done,
        StepCount = step.Count,
        Message = step.Message,
        PreviewPng = ByteString.CopyFrom(step.PreviewPng),
    };

    private static GeneratedImage ToWire(DenoiseUpdate.Painted done) => new()
    {
        ImageArtifactId = done.ImageArtifactId,
        Width = done.Request.Size.Width,
        Height = done.Request.Size.Height,
        Model = done.Model.Name,
        ModelHash = done.Model.Hash,
        StepCount = done.Request.StepCount,
        GuidanceScale = done.Request.GuidanceScale,
    };

    private static GeneratedViews ToWire(DenoiseUpdate.Finished done)
    {
        var views = new GeneratedViews
        {
            ViewsArtifactId = done.ViewsArtifactId,
            Model = done.Model.Name,
            ModelHash = done.Model.Hash,
            StepCount = done.Request.StepCount,
            GuidanceScale = done.Request.GuidanceScale,
        };
        if (done.Model.Kind == ModelKind.ViewPainter)
        {
            var read = Captions.Parse(done.Request.Prompt);
            views.KnownWords.AddRange(read.KnownWords);
            views.UnknownWords.AddRange(read.UnknownWords);
        }

        return views;
    }

    /// <summary>The one place where the domain's faults become statuses.</summary>
    private async Task<T> Answer<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (InvalidDataException wrong)
        {
            throw Refused(StatusCode.InvalidArgument, wrong);
        }
        catch (Exception unknown) when (unknown is UnknownModelException or ArtifactNotFoundException)
        {
            throw Refused(StatusCode.NotFound, unknown);
        }
        catch (Exception unfit) when (unfit is MalformedFileException or ModelHashException or StepMemoryException)
        {
            throw Refused(StatusCode.FailedPrecondition, unfit);
        }
        catch (QueueFullException full)
        {
            Log.Refused(logger, StatusCode.ResourceExhausted, full.Message);
            throw RetryLater.Refusal(full.Message, full.RetryAfter);
        }
        catch (StepDeadlineException late)
        {
            throw Refused(StatusCode.DeadlineExceeded, late);
        }
        catch (StepStuckException stuck)
        {
            throw Refused(StatusCode.Unavailable, stuck);
        }
    }

    private RpcException Refused(StatusCode code, Exception reason)
    {
        Log.Refused(logger, code, reason.Message);
        return new RpcException(new Status(code, reason.Message));
    }
}
