using Grpc.Core;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.Studio;

/// <summary>Serves the files of a finished job to the browser.</summary>
internal static class JobFiles
{
    public const string Asset = "asset.glb";
    public const string Sheet = "sheet.png";
    public const string Report = "report.json";

    /// <summary>Streams one file, with its type and length.</summary>
    public static async Task DownloadAsync(string jobId, string fileName, JobClient jobs, HttpContext context)
    {
        if (FileOf(fileName) is not { } file)
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        try
        {
            await foreach (var response in jobs.DownloadAsync(jobId, file, context.RequestAborted))
            {
                if (response.PartCase == DownloadResponse.PartOneofCase.Header)
                {
                    context.Response.ContentType = response.Header.MediaType;
                    context.Response.ContentLength = response.Header.ByteLength;
                    context.Response.Headers.ETag = $"\"{response.Header.ArtifactId}\"";
                }
                else
                {
                    await context.Response.Body.WriteAsync(response.Chunk.Data.Memory, context.RequestAborted);
                }
            }
        }
        catch (RpcException failure) when (!context.Response.HasStarted)
        {
            context.Response.ContentLength = null;
            context.Response.StatusCode = failure.StatusCode switch
            {
                StatusCode.NotFound or StatusCode.InvalidArgument => StatusCodes.Status404NotFound,
                StatusCode.FailedPrecondition => StatusCodes.Status409Conflict,
                _ => StatusCodes.Status503ServiceUnavailable,
            };
            await context.Response.WriteAsync(JobClient.Explain(failure), context.RequestAborted);
        }
    }

    private static JobFile? FileOf(string fileName) => fileName switch
    {
        Asset => JobFile.Asset,
        Sheet => JobFile.Sheet,
        Report => JobFile.Report,
        _ => null,
    };
}
