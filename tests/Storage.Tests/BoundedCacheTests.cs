using StackExchange.Redis;

namespace Realiz3D.Mesh.Storage.Tests;

/// <summary>The cache against a real server. Sizes are those of name and value.</summary>
public sealed class BoundedCacheTests : IAsyncLifetime
{
    private static readonly TimeSpan s_long = TimeSpan.FromHours(1);
    private RedisServer _server = null!;
    private RedisLink _redis = null!;

    public async Task InitializeAsync()
    {
        _server = await RedisServer.StartAsync();
        _redis = await RedisLink.ConnectAsync(_server.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Get_GivesWhatWasPutLast_AndNothingElse()
    {
        var cache = Open(maxBytes: 1000);
        Assert.Null(await cache.GetAsync("a"));

        Assert.True(await cache.PutAsync("a", [1, 2, 0, 255]));
        Assert.True(await cache.PutAsync("b", []));
        Assert.True(await cache.PutAsync("a", [3]));

        Assert.Equal([3], (await cache.GetAsync("a"))!);
        Assert.Empty((await cache.GetAsync("b"))!);
        Assert.Null(await cache.GetAsync("c"));
        Assert.Null(await Open(maxBytes: 1000, prefix: "other").GetAsync("a"));
        Assert.Equal(3, await TotalAsync()); // "a" and a byte, "b"
    }

    [Fact]
    public async Task Put_DropsWhatWasNotUsedForLongest_UntilItFits()
    {
        var cache = Open(maxBytes: 40);
        foreach (var name in new[] { "a", "b", "c", "d" })
        {
            await cache.PutAsync(name, new byte[9]);    // 10 bytes each
        }

        await cache.GetAsync("a");
        await cache.PutAsync("b", new byte[9]);         // used: c, d, a, b

        await cache.PutAsync("e", new byte[14]);        // 15 bytes: two have to go

        Assert.Equal(["a", "b", "e"], await KeptAsync("a", "b", "c", "d", "e"));
        Assert.Equal(35, await TotalAsync());

        await cache.PutAsync("f", new byte[39]);        // just fits, alone
        Assert.Equal(["f"], await KeptAsync("a", "b", "e", "f"));
        Assert.False(await cache.PutAsync("g", new byte[40]));
        Assert.Equal(["f"], await KeptAsync("f", "g"));
        Assert.False(await cache.PutAsync("f", new byte[40]));  // the old value is not the right one any more
        Assert.Empty(await KeptAsync("f"));
        Assert.Equal(0, await TotalAsync());
    }

    [Fact]
    public async Task Entry_EndsWithItsAge_HoweverOftenItIsUsed_AndLeavesRoom()
    {
        var cache = Open(maxBytes: 20, maxAge: TimeSpan.FromMilliseconds(300));
        Assert.True(await cache.PutAsync("a", new byte[9]));
        Assert.True(await cache.PutAsync("b", new byte[9]));

        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (await cache.GetAsync("a") is not null)
        {
            Assert.True(DateTime.UtcNow < deadline, "The entry does not end.");
            await Task.Delay(20);
        }

        await Task.Delay(350);  // its last use is as old by now
        await cache.PutAsync("c", new byte[4]);
        Assert.Equal(5, await TotalAsync());
        Assert.Equal(["c"], await KeptAsync("a", "b", "c"));
    }

    [Theory]
    [InlineData("test:used")]
    [InlineData("test:sizes")]
    public async Task ListThatTheServerDropped_StartsAnew(string list)
    {
        var cache = Open(maxBytes: 30);
        await cache.PutAsync("a", new byte[9]);
        await cache.PutAsync("b", new byte[9]);
        await _redis.CallAsync("DEL", (RedisKey)list);

        await cache.PutAsync("c", new byte[9]);
        Assert.Equal(10, await TotalAsync());
        foreach (var name in new[] { "d", "e", "f" })
        {
            await cache.PutAsync(name, new byte[9]);
        }

        Assert.Equal(30, await TotalAsync());
        Assert.Equal(["d", "e", "f"], await KeptAsync("c", "d", "e", "f"));
    }

    [Fact]
    public async Task LostServer_IsAStoreThatDoesNotAnswer_AndOneThatIsBackIsUsed()
    {
        var cache = Open(maxBytes: 100);
        await cache.PutAsync("a", [1]);

        await _server.KillAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => cache.GetAsync("a"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => cache.PutAsync("b", [2]));

        await _server.RestartAsync();
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (true)
        {
            try
            {
                Assert.Equal([1], (await cache.GetAsync("a"))!);
                return;
            }
            catch (StoreUnavailableException)
            {
                Assert.True(DateTime.UtcNow < deadline, "The connection does not come back.");
                await Task.Delay(100);
            }
        }
    }

    private BoundedCache Open(long maxBytes, TimeSpan? maxAge = null, string prefix = "test") =>
        new(_redis, prefix, maxBytes, maxAge ?? s_long);

    private async Task<long> TotalAsync() => (long)await _redis.CallAsync("HGET", (RedisKey)"test:sizes", "total");

    /// <summary>Which of the names have an entry, asked without using them.</summary>
    private async Task<string[]> KeptAsync(params string[] names)
    {
        var kept = new List<string>();
        foreach (var name in names)
        {
            if ((long)await _redis.CallAsync("EXISTS", (RedisKey)$"test:entry:{name}") == 1)
            {
                kept.Add(name);
            }
        }

        return [.. kept];
    }
}
