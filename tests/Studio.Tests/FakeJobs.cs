using Google.Protobuf;
using Grpc.Core;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.Studio.Tests;

/// <summary>A job service with one job, "done", whose sheet has two chunks; "early" has not finished.</summary>
internal sealed class FakeJobs : JobService.JobServiceBase
{
    public static readonly byte[] Sheet = [.. Enumerable.Range(0, 100_000).Select(index => (byte)(index * 7))];

    public override Task<SubmitResponse> Submit(SubmitRequest request, ServerCallContext context) => request.Spec.Prompt.Length == 0
        ? throw new RpcException(new Status(StatusCode.InvalidArgument, "prompt must have 1 to 2000 characters."))
        : Task.FromResult(new SubmitResponse { Job = new Job { JobId = $"{request.Spec.Prompt}-{request.Spec.Seed}" } });

    public override async Task Download(
        DownloadRequest request,
        IServerStreamWriter<DownloadResponse> responseStream,
        ServerCallContext context)
    {
        if (request.JobId != "done")
        {
            throw new RpcException(request.JobId == "early"
                ? new Status(StatusCode.FailedPrecondition, "The job has not finished.")
                : new Status(StatusCode.NotFound, "There is no such job."));
        }

        Assert.Equal(JobFile.Sheet, request.File);
        await responseStream.WriteAsync(new DownloadResponse
        {
            Header = new FileHeader { ArtifactId = "abc", MediaType = "image/png", ByteLength = Sheet.Length },
        });
        for (var offset = 0; offset < Sheet.Length; offset += 65536)
        {
            var data = ByteString.CopyFrom(Sheet.AsSpan(offset, Math.Min(65536, Sheet.Length - offset)));
            await responseStream.WriteAsync(new DownloadResponse { Chunk = new FileChunk { Offset = offset, Data = data } });
        }
    }
}
