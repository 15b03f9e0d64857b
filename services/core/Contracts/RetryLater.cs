using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace Realiz3D.Mesh.Contracts;

/// <summary>A refusal that says when to come back: RESOURCE_EXHAUSTED with <c>google.rpc.RetryInfo</c>.</summary>
/// <remarks>
/// The details travel as <c>google.rpc.Status</c> in the trailer <c>grpc-status-details-bin</c>. The delay is also in the trailer
/// <c>grpc-retry-pushback-ms</c>, which clients with a retry policy obey by themselves (gRPC design A6).
/// </remarks>
public static class RetryLater
{
    private const string Details = "grpc-status-details-bin";
    private const string Pushback = "grpc-retry-pushback-ms";

    /// <summary>Refuses.</summary>
    /// <param name="message">Why, in one sentence.</param>
    /// <param name="delay">When it is worth trying again.</param>
    /// <returns>To be thrown out of the method.</returns>
    public static RpcException Refusal(string message, TimeSpan delay)
    {
        var status = new Google.Rpc.Status
        {
            Code = (int)StatusCode.ResourceExhausted,
            Message = message,
            Details = { Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(delay) }) },
        };
        return new RpcException(new Status(StatusCode.ResourceExhausted, message), new Metadata
        {
            { Details, status.ToByteArray() },
            { Pushback, delay.TotalMilliseconds.ToString("F0", CultureInfo.InvariantCulture) },
        });
    }

    /// <summary>Reads the delay.</summary>
    /// <param name="refusal">A call's end.</param>
    /// <returns>When it is worth trying again, null where the status details do not say.</returns>
    public static TimeSpan? DelayOf(RpcException refusal)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        if (refusal.Trailers.GetValueBytes(Details) is not { } bytes)
        {
            return null;
        }

        try
        {
            return Google.Rpc.Status.Parser.ParseFrom(bytes).Details
                .Where(detail => detail.Is(RetryInfo.Descriptor))
                .Select(detail => detail.Unpack<RetryInfo>().RetryDelay?.ToTimeSpan())
                .FirstOrDefault();
        }
        catch (Exception foreign) when (foreign is InvalidProtocolBufferException or InvalidOperationException)
        {
            return null; // other bytes, or a time that is none
        }
    }
}
