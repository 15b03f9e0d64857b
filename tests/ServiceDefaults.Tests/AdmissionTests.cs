using Grpc.Core;

namespace Realiz3D.Mesh.ServiceDefaults.Tests;

public sealed class AdmissionTests
{
    [Fact]
    public async Task EnterAsync_FullQueue_IsTurnedAway_UntilAPlaceIsFree()
    {
        using var admission = new Admission(working: 1, waiting: 1);
        var first = await admission.EnterAsync(CancellationToken.None);
        var second = admission.EnterAsync(CancellationToken.None).AsTask();

        var refused = await Assert.ThrowsAsync<RpcException>(async () => await admission.EnterAsync(CancellationToken.None));
        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.False(second.IsCompleted);

        first.Dispose();
        using var place = await second.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task EnterAsync_Cancelled_GivesItsPlaceUp()
    {
        using var admission = new Admission(working: 1, waiting: 1);
        using var first = await admission.EnterAsync(CancellationToken.None);
        using var gone = new CancellationTokenSource();
        var waiting = admission.EnterAsync(gone.Token).AsTask();

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        var next = admission.EnterAsync(CancellationToken.None).AsTask();
        Assert.False(next.IsCompleted); // it waits: the place in the queue is free
    }
}
