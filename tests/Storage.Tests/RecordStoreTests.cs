using System.Text;

namespace Realiz3D.Mesh.Storage.Tests;

public sealed class RecordStoreTests : IAsyncLifetime
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(20);
    private RedisServer _server = null!;
    private RedisLink _redis = null!;
    private RecordStore _records = null!;

    public async Task InitializeAsync()
    {
        _server = await RedisServer.StartAsync();
        _redis = await RedisLink.ConnectAsync(_server.ConnectionString);
        _records = new RecordStore(_redis, "test", limit: 3);
    }

    public async Task DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Create_MakesARecordOfVersionOne_WithItsBytes()
    {
        byte[] content = [0, 255, 10, 13, 0];

        var made = await _records.CreateAsync("a", "key", "print", content);
        var read = await _records.ReadAsync("a");

        Assert.Equal((Creation.Created, "a"), made);
        Assert.Equal(1, read!.Version);
        Assert.Equal(content, read.Content.ToArray());
        Assert.Empty(read.Parts);
        Assert.Null(await _records.ReadAsync("b"));
    }

    [Fact]
    public async Task Create_KeepsAPartBesideTheRecord()
    {
        await _records.CreateAsync("a", "key", "print", Bytes("1"), ("who", Bytes("somebody")));

        var (name, content) = Assert.Single((await _records.ReadAsync("a"))!.Parts);
        Assert.Equal(("who", "somebody"), (name, Encoding.UTF8.GetString(content)));
    }

    [Fact]
    public async Task Create_WithAKnownKey_AnswersTheFirstRecord_AndRefusesAnotherRequest()
    {
        await _records.CreateAsync("a", "key", "print", Bytes("1"));

        Assert.Equal((Creation.Known, "a"), await _records.CreateAsync("b", "key", "print", Bytes("2")));
        Assert.Equal((Creation.Conflict, "a"), await _records.CreateAsync("c", "key", "other", Bytes("3")));
        Assert.Equal("1", Text(await _records.ReadAsync("a")));
        Assert.Null(await _records.ReadAsync("b"));
    }

    [Fact]
    public async Task Create_BeyondTheLimit_IsRefused_UntilOneLeavesTheQueue()
    {
        foreach (var id in new[] { "a", "b", "c" })
        {
            await _records.CreateAsync(id, id, "print", Bytes("1"));
        }

        Assert.Equal(Creation.Full, (await _records.CreateAsync("d", "d", "print", Bytes("1"))).Outcome);
        Assert.Null(await _records.ReadAsync("d"));

        await _records.ReplaceAsync((await _records.ReadAsync("b"))!, Bytes("2"), QueueChange.Remove);
        Assert.Equal(Creation.Created, (await _records.CreateAsync("d", "d", "print", Bytes("1"))).Outcome);
    }

    [Fact]
    public async Task Replace_OfAnOlderVersion_ChangesNothing()
    {
        await _records.CreateAsync("a", "key", "print", Bytes("1"));
        var read = (await _records.ReadAsync("a"))!;

        Assert.True(await _records.ReplaceAsync(read, Bytes("2"), part: ("views", Bytes("v"))));
        Assert.False(await _records.ReplaceAsync(read, Bytes("3"), QueueChange.Remove, ("views", Bytes("w"))));

        var now = (await _records.ReadAsync("a"))!;
        Assert.Equal((2, "2", "v"), (now.Version, Text(now), Encoding.ASCII.GetString(now.Parts["views"])));
    }

    [Fact]
    public async Task Replace_FromManyAtOnce_LetsEachVersionHaveOneWinner()
    {
        await _records.CreateAsync("a", "key", "print", Bytes("0"));

        async Task AddOneAsync()
        {
            StoredRecord read;
            do
            {
                read = (await _records.ReadAsync("a"))!;
            }
            while (!await _records.ReplaceAsync(read, Bytes($"{int.Parse(Text(read)) + 1}")));
        }

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(AddOneAsync)));

        var last = (await _records.ReadAsync("a"))!;
        Assert.Equal((21, "20"), (last.Version, Text(last)));
    }

    [Fact]
    public async Task Position_CountsTheRecordsAhead_ThoseThatRunIncluded()
    {
        foreach (var id in new[] { "a", "b", "c" })
        {
            await _records.CreateAsync(id, id, "print", Bytes("1"));
        }

        var queue = Open("worker");
        await queue.TryTakeAsync(); // the first look makes the group
        await queue.TryTakeAsync();

        Assert.Equal(new[] { 0, 1, 2 }, await PositionsAsync("a", "b", "c"));
        await _records.ReplaceAsync((await _records.ReadAsync("a"))!, Bytes("2"), QueueChange.Remove);
        Assert.Equal(new[] { 0, 0, 1 }, await PositionsAsync("a", "b", "c"));
        await _records.ReplaceAsync((await _records.ReadAsync("b"))!, Bytes("2"), QueueChange.Enqueue);
        Assert.Equal(new[] { 1, 0 }, await PositionsAsync("b", "c"));
    }

    [Fact]
    public async Task List_GoesFromTheNewest_PageByPage()
    {
        foreach (var id in new[] { "a", "b", "c" })
        {
            await _records.CreateAsync(id, id, "print", Bytes("1"));
        }

        var first = await _records.ListAsync(long.MaxValue, 2);
        var second = await _records.ListAsync(first[^1].Sequence, 2);

        Assert.Equal(["c", "b"], first.Select(entry => entry.Id));
        Assert.Equal(["a"], second.Select(entry => entry.Id));
    }

    [Fact]
    public async Task Listen_HearsChangesAndReports_OfThatRecordOnly()
    {
        await _records.CreateAsync("a", "a", "print", Bytes("1"));
        await _records.CreateAsync("b", "b", "print", Bytes("1"));
        var heard = System.Threading.Channels.Channel.CreateUnbounded<string>();
        await using (await _records.ListenAsync("a", message => heard.Writer.TryWrite(Encoding.ASCII.GetString(message))))
        {
            await _records.ReportAsync("b", "progress", Bytes("no"));
            await _records.ReportAsync("a", "progress", Bytes("step 1"));
            await _records.ReplaceAsync((await _records.ReadAsync("a"))!, Bytes("2"));

            Assert.Equal("step 1", await heard.Reader.ReadAsync().AsTask().WaitAsync(s_timeout));
            Assert.Equal("", await heard.Reader.ReadAsync().AsTask().WaitAsync(s_timeout));
        }

        Assert.Equal("step 1", Encoding.ASCII.GetString((await _records.ReadAsync("a"))!.Parts["progress"]));
    }

    [Fact]
    public async Task RedisGone_IsOneClearSentence_AndItsReturnNeedsNoHelp()
    {
        await _records.CreateAsync("a", "key", "print", Bytes("1"));
        await _server.KillAsync();

        var thrown = await Assert.ThrowsAsync<StoreUnavailableException>(() => _records.ReadAsync("a"));

        Assert.Equal(
            $"The job store does not answer (Redis at 127.0.0.1:{_server.Port}). Jobs go on by themselves once it is back.",
            thrown.Message);
        await _server.RestartAsync();
        Assert.Equal("1", Text(await EventuallyAsync(() => _records.ReadAsync("a"))));
    }

    private Task<int[]> PositionsAsync(params string[] ids) => Task.WhenAll(ids.Select(_records.PositionAsync));

    private WorkSource Open(string worker) => _records.OpenQueue(new WorkSourceConfig(worker, TimeSpan.FromMinutes(1)));

    private static async Task<T> EventuallyAsync<T>(Func<Task<T>> call)
    {
        var deadline = DateTime.UtcNow + s_timeout;
        while (true)
        {
            try
            {
                return await call();
            }
            catch (StoreUnavailableException) when (DateTime.UtcNow < deadline)
            {
                await Task.Delay(100);
            }
        }
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    private static string Text(StoredRecord? record) => Encoding.ASCII.GetString(record!.Content.Span);
}
