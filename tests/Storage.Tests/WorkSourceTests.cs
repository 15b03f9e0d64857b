namespace Realiz3D.Mesh.Storage.Tests;

public sealed class WorkSourceTests : IAsyncLifetime
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);
    private RedisServer _server = null!;
    private RedisLink _redis = null!;
    private RecordStore _records = null!;

    public async Task InitializeAsync()
    {
        _server = await RedisServer.StartAsync();
        _redis = await RedisLink.ConnectAsync(_server.ConnectionString);
        _records = new RecordStore(_redis, "test");
    }

    public async Task DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Take_HandsEachRecordToOneWorker_InOrder()
    {
        var (one, two) = (Open("one"), Open("two"));
        foreach (var id in new[] { "a", "b", "c" })
        {
            await _records.CreateAsync(id, id, "print", [1]);
        }

        Assert.Equal("a", (await TakeAsync(one)).Id);
        Assert.Equal("b", (await TakeAsync(two)).Id);
        Assert.Equal("c", (await TakeAsync(one)).Id);
        Assert.Null(await two.TryTakeAsync());
    }

    [Fact]
    public async Task Take_IsWokenByANewRecord()
    {
        var waiting = TakeAsync(Open("one"));
        await Task.Delay(200); // long enough to have looked and found nothing
        Assert.False(waiting.IsCompleted);

        await _records.CreateAsync("a", "a", "print", [1]);

        Assert.Equal("a", (await waiting).Id);
    }

    [Fact]
    public async Task Take_Cancelled_Stops()
    {
        using var cancel = new CancellationTokenSource(100);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Open("one").TakeAsync(cancel.Token).WaitAsync(s_timeout));
    }

    [Fact]
    public async Task SilentWorker_LosesItsWork_AndIsToldSo()
    {
        await _records.CreateAsync("a", "a", "print", [1]);
        var (silent, next) = (Open("silent"), Open("next", takeOver: TimeSpan.FromMilliseconds(300)));
        var item = await TakeAsync(silent);

        Assert.True(await silent.KeepAsync(item));
        Assert.Equal(item, await TakeAsync(next)); // comes once the silence has lasted

        Assert.False(await silent.KeepAsync(item));
        Assert.True(await next.KeepAsync(item));
    }

    [Fact]
    public async Task LivingWorker_KeepsItsWork()
    {
        await _records.CreateAsync("a", "a", "print", [1]);
        var (living, next) = (Open("living"), Open("next", takeOver: TimeSpan.FromMilliseconds(500)));
        var item = await TakeAsync(living);

        for (var i = 0; i < 10; i++)
        {
            Assert.True(await living.KeepAsync(item));
            Assert.Null(await next.TryTakeAsync());
            await Task.Delay(100);
        }
    }

    [Fact]
    public async Task Keep_OfWorkOutOfTheQueue_SaysSo()
    {
        await _records.CreateAsync("a", "a", "print", [1]);
        var worker = Open("one");
        var item = await TakeAsync(worker);
        await _records.ReplaceAsync((await _records.ReadAsync("a"))!, [2], QueueChange.Remove);

        Assert.False(await worker.KeepAsync(item));
        Assert.Null(await Open("two", takeOver: TimeSpan.Zero).TryTakeAsync());
    }

    [Fact]
    public async Task Drop_TakesWorkOut()
    {
        await _records.CreateAsync("a", "a", "print", [1]);
        await _records.CreateAsync("b", "b", "print", [1]);
        var worker = Open("one");
        await worker.DropAsync(await TakeAsync(worker));

        Assert.Equal(0, await _records.PositionAsync("b"));
    }

    private WorkSource Open(string worker, TimeSpan? takeOver = null) =>
        _records.OpenQueue(new WorkSourceConfig(worker, takeOver ?? TimeSpan.FromMinutes(1)));

    private static Task<WorkItem> TakeAsync(WorkSource source) =>
        source.TakeAsync(CancellationToken.None).WaitAsync(s_timeout);
}
