using Realiz3D.Mesh.Shaping;

namespace Realiz3D.Mesh.Geometry.Tests;

public sealed class SignOfLifeTests
{
    private static readonly GeometryUpdate.Progress s_report = new(1, 2, "working");
    private static readonly TimeSpan s_often = TimeSpan.FromMilliseconds(5);

    [Fact]
    public async Task During_RepeatsTheReport_UntilTheWorkIsDone()
    {
        var work = new TaskCompletionSource();
        var seen = 0;

        await foreach (var update in SignOfLife.During(work.Task, s_report, s_often))
        {
            Assert.Same(s_report, update);
            if (++seen == 3)
            {
                work.SetResult();
            }
        }

        Assert.Equal(3, seen);
    }

    [Fact]
    public async Task During_ThrowsWhatTheWorkThrows()
    {
        var failing = Task.Run(() => throw new InvalidDataException("broken"));

        await Assert.ThrowsAsync<InvalidDataException>(async () =>
        {
            await foreach (var update in SignOfLife.During(failing, s_report, s_often))
            {
                Assert.Same(s_report, update);
            }
        });
    }

    [Fact]
    public async Task During_WaitsForTheWork_WhenItsReaderGoesAway()
    {
        var work = new TaskCompletionSource();
        var signs = SignOfLife.During(work.Task, s_report, s_often).GetAsyncEnumerator();
        Assert.True(await signs.MoveNextAsync());

        var leaving = signs.DisposeAsync().AsTask();
        await Task.Delay(50);
        Assert.False(leaving.IsCompleted); // what the work uses must stay until it is done

        work.SetException(new InvalidDataException("nobody asks any more"));
        await leaving;
    }
}
