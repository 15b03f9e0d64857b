using Realiz3D.Mesh.Grpc.Interop.Wire;

namespace Realiz3D.Mesh.Grpc.Interop;

/// <summary>Cases of many requests, many responses, or none.</summary>
internal static class StreamingCases
{
    private static readonly int[] RequestBytes = [27182, 8, 1828, 45904];

    private static readonly int[] ResponseBytes = [31415, 9, 2653, 58979];

    public static async Task ClientStreamingAsync(InteropConnection connection)
    {
        using var call = connection.Client.StreamingInputCall();
        foreach (var size in RequestBytes)
        {
            await call.RequestStream.WriteAsync(new StreamingInputCallRequest { Payload = Expect.Payload(size) });
        }

        await call.RequestStream.CompleteAsync();
        Expect.Equal(74922, (await call).AggregatedPayloadSize, "sum of the payloads");
    }

    public static async Task ServerStreamingAsync(InteropConnection connection)
    {
        var request = new StreamingOutputCallRequest();
        request.ResponseParameters.AddRange(ResponseBytes.Select(size => new ResponseParameters { Size = size }));
        using var call = connection.Client.StreamingOutputCall(request);
        foreach (var size in ResponseBytes)
        {
            Expect.Zeros(size, (await Expect.NextAsync(call.ResponseStream)).Payload);
        }

        await Expect.EndAsync(call.ResponseStream);
    }

    public static async Task PingPongAsync(InteropConnection connection)
    {
        using var call = connection.Client.FullDuplexCall();
        foreach (var (sent, asked) in RequestBytes.Zip(ResponseBytes))
        {
            await call.RequestStream.WriteAsync(Ask(sent, asked));
            Expect.Zeros(asked, (await Expect.NextAsync(call.ResponseStream)).Payload);
        }

        await call.RequestStream.CompleteAsync();
        await Expect.EndAsync(call.ResponseStream);
    }

    public static async Task EmptyStreamAsync(InteropConnection connection)
    {
        using var call = connection.Client.FullDuplexCall();
        await call.RequestStream.CompleteAsync();
        await Expect.EndAsync(call.ResponseStream);
    }

    /// <summary>A request of one size that asks for one response of another.</summary>
    public static StreamingOutputCallRequest Ask(int sent, int asked) => new()
    {
        ResponseParameters = { new ResponseParameters { Size = asked } },
        Payload = Expect.Payload(sent),
    };
}
