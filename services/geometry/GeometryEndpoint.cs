using Grpc.Core;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Contracts.Shaping.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.ServiceDefaults;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Shaping;

/// <summary>Serves <c>geometry.v1</c>: wire messages in, wire messages out.</summary>
/// <remarks>Checks, waits for a place and translates. The work is done by the two pipelines.</remarks>
internal sealed class GeometryEndpoint(
    ReconstructPipeline reconstruct, ScenePipeline scenes, Admission admission, ILogger<GeometryEndpoint> logger)
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
        try
        {
            await foreach (var update in reconstruct.RunAsync(job, context.CancellationToken))
            {
                await responseStream.WriteAsync(ToReconstruct(update), context.CancellationToken);
            }
        }
        catch (ArtifactNotFoundException missing)
        {
            throw Refused(StatusCode.NotFound, missing.Message);
        }
        catch (Exception bad) when (bad is MalformedFileException or EmptyShapeException)
        {
            throw Refused(StatusCode.InvalidArgument, bad.Message);
        }
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
        await foreach (var update in scenes.RunAsync(job, context.CancellationToken))
        {
            await responseStream.WriteAsync(ToScene(update), context.CancellationToken);
        }
    }

    private static ReconstructResponse ToReconstruct(GeometryUpdate update) => update switch
    {
        GeometryUpdate.Progress progress => new ReconstructResponse { Progress = ToWire(progress) },
        GeometryUpdate.Shaped shaped => new ReconstructResponse
        {
            Result = new ReconstructedMesh
            {
                MeshArtifactId = shaped.ArtifactId,
                Check = new MeshCheck
                {
                    VertexCount = shaped.Inspection.VertexCount,
                    FaceCount = shaped.Inspection.FaceCount,
                    Closed = shaped.Inspection.Closed,
                    Manifold = shaped.Inspection.Manifold,
                    ComponentCount = shaped.Inspection.ComponentCount,
                    EulerCharacteristic = shaped.Inspection.EulerCharacteristic,
                },
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

    private static StageProgress ToWire(GeometryUpdate.Progress progress) =>
        new() { Step = progress.Done, StepCount = progress.Total, Message = progress.Message };

    private RpcException Refused(StatusCode code, string problem)
    {
        Log.Refused(logger, problem);
        return new RpcException(new Status(code, problem));
    }
}
