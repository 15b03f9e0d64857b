using Grpc.Core;
using Realiz3D.Mesh.Grpc.Interop.Wire;

namespace Realiz3D.Mesh.Grpc.Interop;

/// <summary>Cases of messages that are compressed one by one.</summary>
internal static class CompressedCases
{
    /// <summary>Header by which Grpc.Net.Client is told to compress; it never travels.</summary>
    private const string CompressKey = "grpc-internal-encoding-request";

    private static readonly WriteOptions Plain = new(WriteFlags.NoCompress);

    public static async Task ClientUnaryAsync(InteropConnection connection)
    {
        await Expect.StatusAsync(
            StatusCode.InvalidArgument,
            async () => await connection.Client.UnaryCallAsync(Request(expectCompressed: true), Options(compress: false)));

        foreach (var compressed in new[] { true, false })
        {
            var response = await connection.Client.UnaryCallAsync(Request(compressed), Options(compressed));
            Expect.Zeros(UnaryCases.ResponseBytes, response.Payload);
        }

        static SimpleRequest Request(bool expectCompressed)
        {
            var request = UnaryCases.LargeRequest();
            request.ExpectCompressed = new BoolValue { Value = expectCompressed };
            return request;
        }
    }

    public static async Task ServerUnaryAsync(InteropConnection connection)
    {
        foreach (var compressed in new[] { true, false })
        {
            var request = UnaryCases.LargeRequest();
            request.ResponseCompressed = new BoolValue { Value = compressed };
            ObservedGzip.Restart();
            var response = await connection.Client.UnaryCallAsync(request);
            Expect.Zeros(UnaryCases.ResponseBytes, response.Payload);
            Expect.Equal(compressed ? 1 : 0, ObservedGzip.Messages, "compressed responses");
        }
    }

    public static async Task ClientStreamingAsync(InteropConnection connection)
    {
        using var probe = connection.Client.StreamingInputCall(Options(compress: true));
        probe.RequestStream.WriteOptions = Plain;
        await probe.RequestStream.WriteAsync(Request(true, 27182));
        await Expect.StatusAsync(StatusCode.InvalidArgument, async () => await probe);

        using var call = connection.Client.StreamingInputCall(Options(compress: true));
        await call.RequestStream.WriteAsync(Request(true, 27182));
        call.RequestStream.WriteOptions = Plain;
        await call.RequestStream.WriteAsync(Request(false, 45904));
        await call.RequestStream.CompleteAsync();
        Expect.Equal(73086, (await call).AggregatedPayloadSize, "sum of the payloads");

        static StreamingInputCallRequest Request(bool expectCompressed, int size) =>
            new() { ExpectCompressed = new BoolValue { Value = expectCompressed }, Payload = Expect.Payload(size) };
    }

    public static async Task ServerStreamingAsync(InteropConnection connection)
    {
        var request = new StreamingOutputCallRequest
        {
            ResponseParameters =
            {
                new ResponseParameters { Size = 31415, Compressed = new BoolValue { Value = true } },
                new ResponseParameters { Size = 92653, Compressed = new BoolValue { Value = false } },
            },
        };
        ObservedGzip.Restart();
        using var call = connection.Client.StreamingOutputCall(request);
        foreach (var size in new[] { 31415, 92653 })
        {
            Expect.Zeros(size, (await Expect.NextAsync(call.ResponseStream)).Payload);
            Expect.Equal(1, ObservedGzip.Messages, "compressed responses");
        }

        await Expect.EndAsync(call.ResponseStream);
    }

    private static CallOptions Options(bool compress) =>
        new(compress ? new Metadata { { CompressKey, "gzip" } } : null);
}
