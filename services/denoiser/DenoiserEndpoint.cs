using Google.Protobuf;
using Grpc.Core;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Serving;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Serves <c>denoiser.v1</c>: wire messages in, wire messages out.</summary>
/// <remarks>Checks and translates. Painting is done by <see cref="DenoisePipeline"/>, scores by <see cref="NoisePredictor"/>.</remarks>
internal sealed class DenoiserEndpoint(
    ModelCatalog catalog, DenoisePipeline pipeline, NoisePredictor predictor, ILogger<DenoiserEndpoint> logger)
    : DenoiserService.DenoiserServiceBase
{
    public override Task GenerateViews(
        GenerateViewsRequest request, IServerStreamWriter<GenerateViewsResponse> responseStream, ServerCallContext context) =>
        Answer(async () =>
        {
            if (!PaintRequest.TryParse(request, out var job, out var problem))
            {
                throw new InvalidDataException(problem);
            }

            Log.JobStarted(logger, job.StepCount, job.GuidanceScale);
            var cancel = context.CancellationToken;
            await foreach (var update in pipeline.RunAsync(job, cancel).ConfigureAwait(false))
            {
                await responseStream.WriteAsync(ToWire(update, job), cancel).ConfigureAwait(false);
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
        Answer(() => Task.FromResult(predictor.Encode(request)));

    public override Task<PredictNoiseResponse> PredictNoise(PredictNoiseRequest request, ServerCallContext context) =>
        Answer(() => predictor.PredictAsync(request, context.CancellationToken));

    private static GenerateViewsResponse ToWire(DenoiseUpdate update, PaintRequest job) => update switch
    {
        DenoiseUpdate.Step step => new GenerateViewsResponse
        {
            Progress = new StageProgress
            {
                Step = step.Done,
                StepCount = step.Count,
                Message = "painting",
                PreviewPng = ByteString.CopyFrom(step.PreviewPng),
            },
        },
        DenoiseUpdate.Finished done => new GenerateViewsResponse
        {
            Result = new GeneratedViews
            {
                ViewsArtifactId = done.ViewsArtifactId,
                Model = done.Model,
                ModelHash = done.ModelHash,
                StepCount = job.StepCount,
                GuidanceScale = job.GuidanceScale,
                KnownWords = { done.KnownWords },
                UnknownWords = { done.UnknownWords },
            },
        },
        _ => throw new NotSupportedException(update.GetType().Name),
    };

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
        catch (UnknownModelException unknown)
        {
            throw Refused(StatusCode.NotFound, unknown);
        }
        catch (Exception unfit) when (unfit is MalformedFileException or ModelHashException)
        {
            throw Refused(StatusCode.FailedPrecondition, unfit);
        }
        catch (QueueFullException full)
        {
            var pushback = new Metadata
            {
                { "grpc-retry-pushback-ms", $"{full.RetryAfter.TotalMilliseconds:F0}" },
            };
            Log.Refused(logger, StatusCode.ResourceExhausted, full.Message);
            throw new RpcException(new Status(StatusCode.ResourceExhausted, full.Message), pushback);
        }
    }

    private RpcException Refused(StatusCode code, Exception reason)
    {
        Log.Refused(logger, code, reason.Message);
        return new RpcException(new Status(code, reason.Message));
    }
}
