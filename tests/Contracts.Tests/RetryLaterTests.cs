using Google.Rpc;
using Grpc.Core;

namespace Realiz3D.Mesh.Contracts.Tests;

public sealed class RetryLaterTests
{
    [Fact]
    public void Refusal_CarriesTheDelay_InTheDetailsAndAsPushback()
    {
        var refusal = RetryLater.Refusal("The queue is full.", TimeSpan.FromMilliseconds(2500));

        Assert.Equal((StatusCode.ResourceExhausted, "The queue is full."), (refusal.StatusCode, refusal.Status.Detail));
        Assert.Equal("2500", refusal.Trailers.GetValue("grpc-retry-pushback-ms"));
        var details = Google.Rpc.Status.Parser.ParseFrom(refusal.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal((8, "The queue is full."), (details.Code, details.Message)); // google.rpc.Code.RESOURCE_EXHAUSTED
        var detail = Assert.Single(details.Details);
        Assert.Equal("type.googleapis.com/google.rpc.RetryInfo", detail.TypeUrl);
        Assert.Equal((2, 500_000_000), (detail.Unpack<RetryInfo>().RetryDelay.Seconds, detail.Unpack<RetryInfo>().RetryDelay.Nanos));
        Assert.Equal(TimeSpan.FromSeconds(2.5), RetryLater.DelayOf(refusal));
    }

    [Fact]
    public void DelayOf_WithoutDetails_OrWithOthers_IsNull()
    {
        var status = new Grpc.Core.Status(StatusCode.ResourceExhausted, "full");

        Assert.Null(RetryLater.DelayOf(new RpcException(status)));
        Assert.Null(RetryLater.DelayOf(new RpcException(status, new Metadata { { "grpc-status-details-bin", [0xff, 0x00] } })));
        Assert.Null(RetryLater.DelayOf(new RpcException(status, new Metadata { { "grpc-status-details-bin", [] } })));
    }
}
