using Google.Protobuf;
using Grpc.Core;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Contracts.Shaping.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.ServiceDefaults;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Shaping;

/// <summary>Serves <c>geometry.v1</c>: wire messages in, wire messages out.</summary>
/// <remarks>Checks, waits for a place and translates. The work is done by the pipelines.</remarks>
internal sealed class GeometryEndpoint(
    ReconstructPipeline reconstruct,
    ScenePipeline scenes,
    ProcessPipeline process,
    ControlsPipeline controls,
    Admission admission,
    ILogger<GeometryEndpoint> logger)
    : GeometryService.GeometryServiceBase
{
    public override async Task Reconstruct(
        ReconstructRequest request, IServerStreamWriter<ReconstructResponse> responseStream, ServerCallContext context)
    {
        if (!ReconstructJob.TryParse(request, out var job, out var problem))
        {
            throw Refused(StatusCode.InvalidArgument, problem);
        }

        using var place = await admission.EnterAsync(context.CancellationToken);
        Log.ReconstructStarted(logger, job.ViewsArtifactId);
        await StreamAsync(reconstruct.RunAsync(job, context.CancellationToken), responseStream, ToReconstruct, context.CancellationToken);
    }

    public override async Task RenderScene(
        RenderSceneRequest request, IServerStreamWriter<RenderSceneResponse> responseStream, ServerCallContext context)
    {
        if (!SceneJob.TryParse(request, out var job, out var problem))
        {
            throw Refused(StatusCode.InvalidArgument, problem);
        }

        using var place = await admission.EnterAsync(context.CancellationToken);
        Log.SceneStarted(logger, job.Seed);
        await StreamAsync(scenes.RunAsync(job, context.CancellationToken), responseStream, ToScene, context.CancellationToken);
    }

    public override async Task ProcessMesh(
        ProcessMeshRequest request, IServerStreamWriter<ProcessMeshResponse> responseStream, ServerCallContext context)
    {
        if (!ProcessJob.TryParse(request, out var job, out var problem))
        {
            throw Refused(StatusCode.InvalidArgument, problem);
        }

        using var place = await admission.EnterAsync(context.CancellationToken);
        Log.ProcessStarted(logger, job.MeshArtifactId, job.Operations.Count);
        await StreamAsync(process.RunAsync(job, context.CancellationToken), responseStream, ToProcess, context.CancellationToken);
    }

    public override async Task RenderControls(
        RenderControlsRequest request, IServerStreamWriter<RenderControlsResponse> responseStream, ServerCallContext context)
    {
        if (!ControlsJob.TryParse(request, out var job, out var problem))
        {
            throw Refused(StatusCode.InvalidArgument, problem);
        }

        using var place = await admission.EnterAsync(context.CancellationToken);
        Log.ControlsStarted(logger, job.MeshArtifactId, job.Cameras.Count);
        await StreamAsync(controls.RunAsync(job, context.CancellationToken), responseStream, ToControls, context.CancellationToken);
    }

    private async Task StreamAsync<T>(
        IAsyncEnumerable<GeometryUpdate> updates, IServerStreamWriter<T> responseStream, Func<GeometryUpdate, T> toWire, CancellationToken cancel)
    {
        try
        {
            await foreach (var update in updates)
            {
                await responseStream.WriteAsync(toWire(update), cancel);
            }
        }
        catch (Exception fault) when (StatusOf(fault) is { } status)
        {
            throw Refused(status, fault.Message);
        }
    }

    // Faults of what the client named; anything else is ours, and the error interceptor's.
    private static StatusCode? StatusOf(Exception fault) => fault switch
    {
        ArtifactNotFoundException => StatusCode.NotFound,
        MalformedFileException or EmptyShapeException or UnseenMeshException or MeshOperationException or UnwrapException => StatusCode.InvalidArgument,
        _ => null,
    };

    private static ReconstructResponse ToReconstruct(GeometryUpdate update) => update switch
    {
        GeometryUpdate.Progress progress => new ReconstructResponse { Progress = ToWire(progress) },
        GeometryUpdate.Shaped shaped => new ReconstructResponse
        {
            Result = new ReconstructedMesh
            {
                MeshArtifactId = shaped.ArtifactId,
                Check = shaped.Soundness.ToWire(),
                SilhouetteIous = { shaped.SilhouetteIous },
                StepCount = shaped.StepCount,
            },
        },
        _ => throw new NotSupportedException(update.GetType().Name),
    };

    private static RenderSceneResponse ToScene(GeometryUpdate update) => update switch
    {
        GeometryUpdate.Progress progress => new RenderSceneResponse { Progress = ToWire(progress) },
        GeometryUpdate.Rendered rendered => new RenderSceneResponse
        {
            Result = new SceneViews
            {
                ViewsArtifactId = rendered.ArtifactId,
                Caption = rendered.Caption,
                Category = rendered.Category,
            },
        },
        _ => throw new NotSupportedException(update.GetType().Name),
    };

    private static ProcessMeshResponse ToProcess(GeometryUpdate update) => update switch
    {
        GeometryUpdate.Progress progress => new ProcessMeshResponse { Progress = ToWire(progress) },
        GeometryUpdate.Processed processed => new ProcessMeshResponse { Result = processed.ToWire() },
        _ => throw new NotSupportedException(update.GetType().Name),
    };

    private static RenderControlsResponse ToControls(GeometryUpdate update) => update switch
    {
        GeometryUpdate.Progress progress => new RenderControlsResponse { Progress = ToWire(progress) },
        GeometryUpdate.Controlled controlled => new RenderControlsResponse { Result = controlled.ToWire() },
        _ => throw new NotSupportedException(update.GetType().Name),
    };

    private static StageProgress ToWire(GeometryUpdate.Progress progress) => new()
    {
        Step = progress.Done,
        StepCount = progress.Total,
        Message = progress.Message,
        PreviewPng = ByteString.CopyFrom(progress.PreviewPng),
    };

    private RpcException Refused(StatusCode code, string problem)
    {
        Log.Refused(logger, problem);
        return new RpcException(new Status(code, problem));
    }
}
