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
/// <remarks>Checks and translates. Painting is done by <see cref="DenoisePipeline"/>, changes by <see cref="ViewEditor"/>, scores by <see cref="NoisePredictor"/>.</remarks>
internal sealed class DenoiserEndpoint(
    ModelCatalog catalog, DenoisePipeline pipeline, ViewEditor editor, NoisePredictor predictor, ILogger<DenoiserEndpoint> logger)
    : DenoiserService.DenoiserServiceBase
{
    public override Task GenerateViews(
        GenerateViewsRequest request, IServerStreamWriter<GenerateViewsResponse> responseStream, ServerCallContext context) =>
        Answer(async () =>
        {
            var cancel = context.CancellationToken;
            var origin = CallOrigin.Read(context, request.HasWorkClass ? request.WorkClass : WorkClass.Interactive);
            await foreach (var update in pipeline.RunAsync(request, origin, cancel).ConfigureAwait(false))
            {
                await responseStream.WriteAsync(ToWire(update), cancel).ConfigureAwait(false);
            }

            return true;
        });

    public override Task EditViews(
        EditViewsRequest request, IServerStreamWriter<EditViewsResponse> responseStream, ServerCallContext context) =>
        Answer(async () =>
        {
            var cancel = context.CancellationToken;
            var origin = CallOrigin.Read(context, request.HasWorkClass ? request.WorkClass : WorkClass.Interactive);
            await foreach (var update in editor.RunAsync(request, origin, cancel).ConfigureAwait(false))
            {
                var painted = ToWire(update);
                var response = painted.PartCase == GenerateViewsResponse.PartOneofCase.Result
                    ? new EditViewsResponse { Result = painted.Result }
                    : new EditViewsResponse { Progress = painted.Progress };
                await responseStream.WriteAsync(response, cancel).ConfigureAwait(false);
            }

            return true;
        });

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

    private static GenerateViewsResponse ToWire(DenoiseUpdate update) => update switch
    {
        DenoiseUpdate.Step step => new GenerateViewsResponse
        {
            Progress = new StageProgress
            {
                Step = step.Done,
                StepCount = step.Count,
                Message = step.Message,
                PreviewPng = ByteString.CopyFrom(step.PreviewPng),
            },
            StateArtifactId = step.StateArtifactId,
        },
        DenoiseUpdate.Finished done => new GenerateViewsResponse { Result = ToWire(done) },
        _ => throw new NotSupportedException(update.GetType().Name),
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
