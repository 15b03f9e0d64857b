using Google.Protobuf;
using Grpc.Core;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Contracts.Texturing.V1;

namespace Realiz3D.Mesh.Texturing;

/// <content>Pictures of an asset under an environment; the work is done by <see cref="RelightPipeline"/>.</content>
internal sealed partial class AppearanceEndpoint
{
    public override async Task Relight(
        RelightRequest request, IServerStreamWriter<RelightResponse> responseStream, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        if (!RelightJob.TryParse(request, out var job, out var problem))
        {
            throw Refused(StatusCode.InvalidArgument, problem);
        }

        using var place = await admission.EnterAsync(cancel);
        Log.RelightStarted(logger, job.AssetId, job.Studio?.Name ?? job.EnvironmentId!);
        await StreamAsync(relighting.RunAsync(job, cancel), ToWire, responseStream, cancel);
    }

    private static RelightResponse ToWire(RelightUpdate update) => update switch
    {
        RelightUpdate.Step step => new RelightResponse
        {
            Progress = new StageProgress
            {
                Step = step.Done, StepCount = step.Count, Message = step.Message, PreviewPng = ByteString.CopyFrom(step.Preview),
            },
        },
        RelightUpdate.Finished finished => new RelightResponse
        {
            Result = new RelitViews
            {
                PictureArtifactIds = { finished.PictureIds }, ViewsArtifactId = finished.ViewsId, UnreadFeatures = { finished.Unread },
            },
        },
        _ => throw new NotSupportedException(update.GetType().Name),
    };
}
