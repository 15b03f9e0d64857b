using Google.Protobuf;
using Grpc.Core;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;
using Realiz3D.Mesh.ServiceDefaults;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Texturing;

/// <summary>Serves <c>appearance.v1</c>: wire messages in, wire messages out.</summary>
/// <remarks>
/// Checks, translates and streams. The work is done by <see cref="TexturePipeline"/>, <see cref="BakePipeline"/>, <see cref="RelightPipeline"/>
/// and <see cref="AssetSealer"/>.
/// </remarks>
internal sealed partial class AppearanceEndpoint(
    TexturePipeline pipeline,
    BakePipeline baker,
    RelightPipeline relighting,
    AssetSealer sealer,
    Admission admission,
    ILogger<AppearanceEndpoint> logger)
    : AppearanceService.AppearanceServiceBase
{
    public override async Task Texture(
        TextureRequest request, IServerStreamWriter<TextureResponse> responseStream, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        if (!TextureJob.TryParse(request, out var job, out var problem))
        {
            throw Refused(StatusCode.InvalidArgument, problem);
        }

        using var place = await admission.EnterAsync(cancel);
        Log.TextureStarted(logger, job.MeshId, job.ViewsId);
        await StreamAsync(pipeline.RunAsync(job, cancel), ToWire, responseStream, cancel);
    }

    public override async Task Bake(
        BakeRequest request, IServerStreamWriter<BakeResponse> responseStream, ServerCallContext context)
    {
        var cancel = context.CancellationToken;
        if (!BakeJob.TryParse(request, out var job, out var problem))
        {
            throw Refused(StatusCode.InvalidArgument, problem);
        }

        using var place = await admission.EnterAsync(cancel);
        Log.BakeStarted(logger, job.MeshId, job.DetailId ?? "none", job.ViewsId ?? "none");
        await StreamAsync(baker.RunAsync(job, cancel), update => update.ToWire(), responseStream, cancel);
    }

    public override async Task<SealResponse> Seal(SealRequest request, ServerCallContext context)
    {
        if (!SealJob.TryParse(request, out var job, out var problem))
        {
            throw Refused(StatusCode.InvalidArgument, problem);
        }

        try
        {
            return new SealResponse { AssetArtifactId = await sealer.SealAsync(job, context.CancellationToken) };
        }
        catch (Exception fault) when (StatusOf(fault) is { } status)
        {
            throw Refused(status, fault.Message);
        }
    }

    private async Task StreamAsync<TUpdate, TResponse>(
        IAsyncEnumerable<TUpdate> updates,
        Func<TUpdate, TResponse> toWire,
        IServerStreamWriter<TResponse> responseStream,
        CancellationToken cancel)
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

    private static TextureResponse ToWire(TextureUpdate update) => update switch
    {
        TextureUpdate.Step step => new TextureResponse
        {
            Progress = new StageProgress
            {
                Step = step.Done, StepCount = step.Count, Message = step.Message, PreviewPng = ByteString.CopyFrom(step.Preview),
            },
        },
        TextureUpdate.Finished finished => new TextureResponse
        {
            Result = new TexturedAsset
            {
                AssetArtifactId = finished.AssetId,
                TexelCoverage = finished.Coverage,
                Roughness = finished.Material.Roughness,
                Metallic = finished.Material.Metallic,
                MaterialSource = finished.Material.Source,
                MaterialWord = finished.Material.Word,
                TextureSize = finished.TextureSize,
                UnseenArtifactId = finished.UnseenId,
            },
        },
        _ => throw new NotSupportedException(update.GetType().Name),
    };

    // Faults of what the client named; anything else is ours, and the error interceptor's.
    private static StatusCode? StatusOf(Exception fault) => fault switch
    {
        ArtifactNotFoundException => StatusCode.NotFound,
        MalformedFileException or UnwrapException => StatusCode.InvalidArgument,
        _ => null,
    };

    private RpcException Refused(StatusCode status, string problem)
    {
        Log.Refused(logger, problem);
        return new RpcException(new Status(status, problem));
    }
}
