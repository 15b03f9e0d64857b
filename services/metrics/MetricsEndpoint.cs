using Grpc.Core;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Contracts.Measuring.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.ServiceDefaults;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Measuring;

/// <summary>Serves <c>metrics.v1</c>: wire messages in, wire messages out.</summary>
/// <remarks>Checks, translates and streams. The measuring is done by <see cref="EvaluatePipeline"/>.</remarks>
internal sealed class MetricsEndpoint(EvaluatePipeline pipeline, Admission admission, ILogger<MetricsEndpoint> logger)
    : MetricsService.MetricsServiceBase
{
    public override async Task Evaluate(
        EvaluateRequest request, IServerStreamWriter<EvaluateResponse> responseStream, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        if (!EvaluateJob.TryParse(request, out var job, out var problem))
        {
            throw Refused(StatusCode.InvalidArgument, problem);
        }

        using var place = await admission.EnterAsync(cancel);
        Log.EvaluationStarted(logger, job.AssetId, job.ViewsId);
        try
        {
            await foreach (var update in pipeline.RunAsync(job, cancel))
            {
                await responseStream.WriteAsync(ToWire(update), cancel);
            }
        }
        catch (ArtifactNotFoundException fault)
        {
            throw Refused(StatusCode.NotFound, fault.Message);
        }
        catch (MalformedFileException fault)
        {
            throw Refused(StatusCode.InvalidArgument, fault.Message);
        }
    }

    private static EvaluateResponse ToWire(EvaluateUpdate update) => update switch
    {
        EvaluateUpdate.Step step => new EvaluateResponse
        {
            Progress = new StageProgress { Step = step.Done, StepCount = step.Count, Message = step.Message },
        },
        EvaluateUpdate.Finished finished => new EvaluateResponse { Result = ToWire(finished) },
        _ => throw new NotSupportedException(update.GetType().Name),
    };

    private static Evaluation ToWire(EvaluateUpdate.Finished finished)
    {
        var wire = new Evaluation
        {
            MeanSilhouetteIou = finished.Views.Average(view => view.Iou),
            SheetArtifactId = finished.SheetId,
            Mesh = MeshChecks.Of(finished.Mesh),
        };
        wire.Views.AddRange(finished.Views.Select(view => new ViewEvaluation
        {
            AzimuthDegrees = view.Camera.AzimuthDegrees,
            ElevationDegrees = view.Camera.ElevationDegrees,
            SilhouetteIou = view.Iou,
        }));
        if (finished.TexelCoverage is { } coverage)
        {
            wire.TexelCoverage = coverage;
        }

        return wire;
    }

    private RpcException Refused(StatusCode status, string problem)
    {
        Log.Refused(logger, problem);
        return new RpcException(new Status(status, problem));
    }
}
