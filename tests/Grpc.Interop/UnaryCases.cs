using Grpc.Core;
using Realiz3D.Mesh.Grpc.Interop.Wire;

namespace Realiz3D.Mesh.Grpc.Interop;

/// <summary>Cases of one request and one response.</summary>
internal static class UnaryCases
{
    /// <summary>The sizes of the descriptions' large messages.</summary>
    public const int RequestBytes = 271828;

    /// <inheritdoc cref="RequestBytes"/>
    public const int ResponseBytes = 314159;

    public static async Task EmptyUnaryAsync(InteropConnection connection) =>
        Expect.Equal(new Empty(), await connection.Client.EmptyCallAsync(new Empty()), "response");

    public static async Task LargeUnaryAsync(InteropConnection connection)
    {
        var response = await connection.Client.UnaryCallAsync(LargeRequest());
        Expect.Zeros(ResponseBytes, response.Payload);
    }

    public static async Task CustomMetadataAsync(InteropConnection connection)
    {
        var metadata = new Metadata
        {
            { InteropMetadata.InitialKey, "test_initial_metadata_value" },
            { InteropMetadata.TrailingKey, [0xab, 0xab, 0xab] },
        };

        using (var unary = connection.Client.UnaryCallAsync(LargeRequest(), metadata))
        {
            Expect.Zeros(ResponseBytes, (await unary).Payload);
            CheckEcho(await unary.ResponseHeadersAsync, unary.GetTrailers());
        }

        using var duplex = connection.Client.FullDuplexCall(metadata);
        await duplex.RequestStream.WriteAsync(StreamingCases.Ask(RequestBytes, ResponseBytes));
        await duplex.RequestStream.CompleteAsync();
        Expect.Zeros(ResponseBytes, (await Expect.NextAsync(duplex.ResponseStream)).Payload);
        await Expect.EndAsync(duplex.ResponseStream);
        CheckEcho(await duplex.ResponseHeadersAsync, duplex.GetTrailers());
    }

    /// <summary>The request that most cases start from.</summary>
    public static SimpleRequest LargeRequest() =>
        new() { ResponseSize = ResponseBytes, Payload = Expect.Payload(RequestBytes) };

    private static void CheckEcho(Metadata headers, Metadata trailers)
    {
        Expect.Equal("test_initial_metadata_value", headers.GetValue(InteropMetadata.InitialKey), InteropMetadata.InitialKey);
        Expect.Equal(
            "ABABAB",
            Convert.ToHexString(trailers.GetValueBytes(InteropMetadata.TrailingKey) ?? []),
            InteropMetadata.TrailingKey);
    }
}
