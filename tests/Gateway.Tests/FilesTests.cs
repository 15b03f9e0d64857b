using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Realiz3D.Mesh.Contracts.Artifacts.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using static Realiz3D.Mesh.Gateway.Tests.Programs;

namespace Realiz3D.Mesh.Gateway.Tests;

/// <summary>Files on their way through the gateway: more bytes than other calls may have, refusals and endings pass both ways.</summary>
public sealed class FilesTests : IAsyncLifetime
{
    private const int Limit = 1_000_000;

    private WebApplication _pod = null!;
    private WebApplication _gateway = null!;
    private GrpcChannel _channel = null!;

    private ArtifactService.ArtifactServiceClient Client => new(_channel);

    public async Task InitializeAsync()
    {
        _pod = await StartPodAsync(new FilesEndpoint());
        _gateway = await StartGatewayAsync(
            [], ("services:jobs:http:0", _pod.Urls.Single()), ("Gateway:MaxRequestBytes", "20000"), ("Gateway:MaxUploadBytes", $"{Limit}"));
        _channel = GrpcChannel.ForAddress(_gateway.Urls.Single());
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _gateway.DisposeAsync();
        await _pod.DisposeAsync();
    }

    [Fact]
    public async Task Upload_MayHaveMoreBytesThanOtherCalls_UpToALimitOfItsOwn()
    {
        Assert.Equal(900_000, (await UploadAsync(900_000)).ByteLength);

        var refused = await Assert.ThrowsAsync<RpcException>(() => UploadAsync(Limit + 1));
        Assert.Equal(
            (StatusCode.ResourceExhausted, "The request is larger than this gateway lets through."), (refused.StatusCode, refused.Status.Detail));
    }

    [Fact]
    public async Task Upload_ThatIsRefusedEarly_TellsItsSentence_WhileTheClientIsStillSending()
    {
        using var call = Client.Upload(deadline: Soon);
        await call.RequestStream.WriteAsync(new UploadRequest { Header = new UploadHeader { Name = "refused" } });

        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);

        Assert.Equal((StatusCode.InvalidArgument, "refused is no mesh."), (refused.StatusCode, refused.Status.Detail));
    }

    [Fact]
    public async Task Upload_ThatBreaksOff_EndsInTheServiceToo()
    {
        var endpoint = _pod.Services.GetRequiredService<FilesEndpoint>();
        var call = Client.Upload(deadline: Soon);
        await call.RequestStream.WriteAsync(new UploadRequest { Header = new UploadHeader() });
        await endpoint.Began.Task.WaitAsync(Patience);

        call.Dispose();

        await endpoint.BrokeOff.Task.WaitAsync(Patience);
    }

    private async Task<UploadResponse> UploadAsync(int bytes)
    {
        using var call = Client.Upload(deadline: Soon);
        try
        {
            await call.RequestStream.WriteAsync(new UploadRequest { Header = new UploadHeader { ByteLength = bytes } });
            for (var offset = 0; offset < bytes; offset += 65536)
            {
                var data = ByteString.CopyFrom(new byte[Math.Min(65536, bytes - offset)]);
                await call.RequestStream.WriteAsync(new UploadRequest { Chunk = new FileChunk { Offset = offset, Data = data } });
            }

            await call.RequestStream.CompleteAsync();
        }
        catch (Exception over) when (over is RpcException or InvalidOperationException)
        {
            // The answer is there already; it says why.
        }

        return await call.ResponseAsync;
    }
}

/// <summary>Counts the bytes of a file; refuses one that is called so.</summary>
internal sealed class FilesEndpoint : ArtifactService.ArtifactServiceBase
{
    public TaskCompletionSource Began { get; } = new();

    public TaskCompletionSource BrokeOff { get; } = new();

    public override async Task<UploadResponse> Upload(IAsyncStreamReader<UploadRequest> requestStream, ServerCallContext context)
    {
        context.CancellationToken.Register(BrokeOff.SetResult);
        var length = 0;
        await foreach (var part in requestStream.ReadAllAsync())
        {
            Began.TrySetResult();
            if (part.Header is { Name: "refused" })
            {
                throw new RpcException(new Status(StatusCode.InvalidArgument, "refused is no mesh."));
            }

            length += part.Chunk?.Data.Length ?? 0;
        }

        return new UploadResponse { ByteLength = length };
    }
}
