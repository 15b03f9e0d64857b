using Grpc.Core;
using Realiz3D.Mesh.Grpc.Interop.Wire;

namespace Realiz3D.Mesh.Grpc.Interop;

/// <summary>Cases of calls that end otherwise than with OK.</summary>
internal static class EndingCases
{
    private const string SpecialMessage = "\t\ntest with whitespace\r\nand Unicode BMP \u263A and non-BMP \U0001F608\t\n";

    public static async Task CancelAfterBeginAsync(InteropConnection connection)
    {
        using var cancel = new CancellationTokenSource();
        using var call = connection.Client.StreamingInputCall(cancellationToken: cancel.Token);
        await cancel.CancelAsync();
        await Expect.StatusAsync(StatusCode.Cancelled, async () => await call);
    }

    public static async Task CancelAfterFirstResponseAsync(InteropConnection connection)
    {
        using var cancel = new CancellationTokenSource();
        using var call = connection.Client.FullDuplexCall(cancellationToken: cancel.Token);
        await call.RequestStream.WriteAsync(StreamingCases.Ask(27182, 31415));
        Expect.Zeros(31415, (await Expect.NextAsync(call.ResponseStream)).Payload);
        await cancel.CancelAsync();
        await Expect.StatusAsync(StatusCode.Cancelled, () => call.ResponseStream.MoveNext(CancellationToken.None));
    }

    public static async Task TimeoutOnSleepingServerAsync(InteropConnection connection)
    {
        using var call = connection.Client.FullDuplexCall(deadline: DateTime.UtcNow.AddMilliseconds(1));
        try
        {
            await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { Payload = Expect.Payload(27182) });
        }
        catch (Exception failure) when (failure is RpcException or InvalidOperationException or OperationCanceledException)
        {
            // The deadline may pass before the request is out; how the call ended is read below all the same.
        }

        await Expect.StatusAsync(
            StatusCode.DeadlineExceeded,
            () => call.ResponseStream.MoveNext(CancellationToken.None));
    }

    public static Task StatusCodeAndMessageAsync(InteropConnection connection) =>
        CheckEchoAsync(connection, "test status message");

    public static async Task SpecialStatusMessageAsync(InteropConnection connection)
    {
        var request = new SimpleRequest { ResponseStatus = new EchoStatus { Code = 2, Message = SpecialMessage } };
        var status = await Expect.StatusAsync(
            StatusCode.Unknown,
            async () => await connection.Client.UnaryCallAsync(request));
        Expect.Equal(SpecialMessage, status.Detail, "detail");
    }

    public static async Task UnimplementedMethodAsync(InteropConnection connection) => await Expect.StatusAsync(
        StatusCode.Unimplemented,
        async () => await connection.Client.UnimplementedCallAsync(new Empty()));

    public static async Task UnimplementedServiceAsync(InteropConnection connection) => await Expect.StatusAsync(
        StatusCode.Unimplemented,
        async () => await connection.UnimplementedClient.UnimplementedCallAsync(new Empty()));

    private static async Task CheckEchoAsync(InteropConnection connection, string message)
    {
        var asked = new EchoStatus { Code = (int)StatusCode.Unknown, Message = message };
        var unary = await Expect.StatusAsync(
            StatusCode.Unknown,
            async () => await connection.Client.UnaryCallAsync(new SimpleRequest { ResponseStatus = asked }));
        Expect.Equal(message, unary.Detail, "detail");

        using var call = connection.Client.FullDuplexCall();
        await call.RequestStream.WriteAsync(new StreamingOutputCallRequest { ResponseStatus = asked });
        await call.RequestStream.CompleteAsync();
        var duplex = await Expect.StatusAsync(
            StatusCode.Unknown,
            () => call.ResponseStream.MoveNext(CancellationToken.None));
        Expect.Equal(message, duplex.Detail, "detail");
    }
}
