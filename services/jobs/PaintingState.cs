using Grpc.Core;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Jobs;

/// <summary>From where a job's painting can go on when its pod, or this service, is lost.</summary>
/// <remarks>
/// The pod stores its state every few steps and says where; the job notes it, and each call begins from the last one. Only
/// that one is kept: the one before goes when it is noted, and the last when the views are there. A state saves work and no
/// more: where it is gone, or the service refuses it, the painting begins anew.
/// </remarks>
internal sealed class PaintingState(JobRun run, ArtifactStore artifacts)
{
    private bool _isUsed;

    /// <summary>The request as the next call shall have it.</summary>
    public GenerateViewsRequest GoOn(GenerateViewsRequest request)
    {
        var next = request.Clone();
        next.SavesStates = true;
        _isUsed = artifacts.Exists(run.StateArtifactId);
        next.ResumeArtifactId = _isUsed ? run.StateArtifactId : "";
        return next;
    }

    /// <summary>Notes the state that a response names, if any.</summary>
    public async Task NoteAsync(GenerateViewsResponse response, CancellationToken cancel)
    {
        if (response.StateArtifactId.Length > 0)
        {
            await ReplaceAsync(response.StateArtifactId, cancel);
        }
    }

    /// <summary>Whether a call failed for the state that it was to go on from, such as one of a model that has changed since.</summary>
    public bool WasRefused(JobFailedException failed) =>
        _isUsed && failed.InnerException is RpcException { StatusCode: StatusCode.InvalidArgument or StatusCode.NotFound };

    /// <summary>Lets the state go: the views are there, or it serves nobody.</summary>
    public Task ForgetAsync(CancellationToken cancel) =>
        run.StateArtifactId.Length > 0 ? ReplaceAsync("", cancel) : Task.CompletedTask;

    // Noted first: what the job names is there, or was there.
    private async Task ReplaceAsync(string next, CancellationToken cancel)
    {
        var last = run.StateArtifactId;
        if (last != next)
        {
            await run.NoteStateAsync(next, cancel);
            artifacts.DeleteScratch(last);
        }
    }
}
