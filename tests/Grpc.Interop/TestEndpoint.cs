using Google.Protobuf;
using Grpc.Core;
using Realiz3D.Mesh.Grpc.Interop.Wire;

namespace Realiz3D.Mesh.Grpc.Interop;

/// <summary>The server's features of the interop test descriptions.</summary>
internal sealed class TestEndpoint : TestService.TestServiceBase
{
    private const int MostBytes = 3 << 20;

    public override Task<Empty> EmptyCall(Empty request, ServerCallContext context)
    {
        // .NET's GZipStream makes no bytes of no bytes, where gzip wants a header; grpc-js refuses that.
        context.WriteOptions = OptionsFor(null);
        return Task.FromResult(new Empty());
    }

    public override async Task<SimpleResponse> UnaryCall(SimpleRequest request, ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        RequireCompression(request.ExpectCompressed, ObservedGzip.Messages == 1);
        EndAsAsked(request.ResponseStatus);

        context.WriteOptions = OptionsFor(request.ResponseCompressed);
        return new SimpleResponse { Payload = Zeros(request.ResponseSize) };
    }

    public override async Task<StreamingInputCallResponse> StreamingInputCall(
        IAsyncStreamReader<StreamingInputCallRequest> requestStream,
        ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        var sum = 0;
        var compressed = ObservedGzip.Messages;
        while (await requestStream.MoveNext())
        {
            RequireCompression(requestStream.Current.ExpectCompressed, ObservedGzip.Messages == compressed + 1);
            compressed = ObservedGzip.Messages;
            sum += requestStream.Current.Payload?.Body.Length ?? 0;
        }

        return new StreamingInputCallResponse { AggregatedPayloadSize = sum };
    }

    public override async Task StreamingOutputCall(
        StreamingOutputCallRequest request,
        IServerStreamWriter<StreamingOutputCallResponse> responseStream,
        ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        await AnswerAsync(request, responseStream, context);
    }

    public override async Task FullDuplexCall(
        IAsyncStreamReader<StreamingOutputCallRequest> requestStream,
        IServerStreamWriter<StreamingOutputCallResponse> responseStream,
        ServerCallContext context)
    {
        await EchoMetadataAsync(context);
        while (await requestStream.MoveNext())
        {
            await AnswerAsync(requestStream.Current, responseStream, context);
        }
    }

    private static async Task AnswerAsync(
        StreamingOutputCallRequest request,
        IServerStreamWriter<StreamingOutputCallResponse> responseStream,
        ServerCallContext context)
    {
        EndAsAsked(request.ResponseStatus);
        foreach (var asked in request.ResponseParameters)
        {
            if (asked.IntervalUs > 0)
            {
                await Task.Delay(TimeSpan.FromMicroseconds(asked.IntervalUs), context.CancellationToken);
            }

            responseStream.WriteOptions = OptionsFor(asked.Compressed);
            await responseStream.WriteAsync(new StreamingOutputCallResponse { Payload = Zeros(asked.Size) });
        }
    }

    private static async Task EchoMetadataAsync(ServerCallContext context)
    {
        if (context.RequestHeaders.GetValueBytes(InteropMetadata.TrailingKey) is { } bytes)
        {
            context.ResponseTrailers.Add(InteropMetadata.TrailingKey, bytes);
        }

        if (context.RequestHeaders.GetValue(InteropMetadata.InitialKey) is { } text)
        {
            await context.WriteResponseHeadersAsync(new Metadata { { InteropMetadata.InitialKey, text } });
        }
    }

    private static void RequireCompression(BoolValue? expected, bool isCompressed)
    {
        if (expected is not null && expected.Value != isCompressed)
        {
            throw new RpcException(new Status(
                StatusCode.InvalidArgument,
                expected.Value ? "The message is not compressed." : "The message is compressed."));
        }
    }

    private static void EndAsAsked(EchoStatus? status)
    {
        if (status is not null)
        {
            throw new RpcException(new Status((StatusCode)status.Code, status.Message));
        }
    }

    private static WriteOptions OptionsFor(BoolValue? compressed) =>
        new(compressed is { Value: true } ? default : WriteFlags.NoCompress);

    private static Payload Zeros(int size) => size is >= 0 and <= MostBytes
        ? new Payload { Body = UnsafeByteOperations.UnsafeWrap(new byte[size]) }
        : throw new RpcException(new Status(StatusCode.InvalidArgument, $"A payload has 0 to {MostBytes} bytes."));
}

/// <summary>Metadata that the server sends back.</summary>
internal static class InteropMetadata
{
    /// <summary>Comes back before the first message.</summary>
    public const string InitialKey = "x-grpc-test-echo-initial";

    /// <summary>Comes back after the last.</summary>
    public const string TrailingKey = "x-grpc-test-echo-trailing-bin";
}
