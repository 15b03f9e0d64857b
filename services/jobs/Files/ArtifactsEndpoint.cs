using Grpc.Core;
using Realiz3D.Mesh.Contracts.Artifacts.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Jobs;

/// <summary>Serves <c>artifacts.v1</c>: files in, files out.</summary>
internal sealed class ArtifactsEndpoint(FileReceiver receiver, ArtifactStore artifacts, ILogger<ArtifactsEndpoint> logger)
    : ArtifactService.ArtifactServiceBase
{
    public override async Task<UploadResponse> Upload(IAsyncStreamReader<UploadRequest> requestStream, ServerCallContext context)
    {
        var tenant = Tenants.Of(context);
        try
        {
            var taken = await receiver.ReceiveAsync(requestStream, context.CancellationToken);
            Log.FileTaken(logger, taken.ArtifactId, taken.MediaType, taken.ByteLength, tenant);
            return taken;
        }
        catch (Exception wrong) when (wrong is MalformedFileException or InvalidDataException)
        {
            Log.FileRefused(logger, wrong.Message);
            throw new RpcException(new Status(StatusCode.InvalidArgument, wrong.Message));
        }
    }

    public override async Task Download(
        DownloadRequest request, IServerStreamWriter<DownloadResponse> responseStream, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        try
        {
            await artifacts.SendAsync(
                request.ArtifactId,
                mediaType: null,
                header => responseStream.WriteAsync(new DownloadResponse { Header = header }, cancel),
                chunk => responseStream.WriteAsync(new DownloadResponse { Chunk = chunk }, cancel),
                cancel);
        }
        catch (ArtifactNotFoundException gone)
        {
            throw new RpcException(new Status(StatusCode.NotFound, gone.Message));
        }
    }
}
