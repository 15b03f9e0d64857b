using Grpc.Net.Client;
using Microsoft.Extensions.Logging;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Storage;
using StackExchange.Redis;

namespace Realiz3D.Mesh.Denoising.Tests;

/// <summary>Nothing fails because of the cache, and its limits are those of the settings.</summary>
public sealed class CacheFaultTests
{
    private static readonly CacheKey s_key = new("text", "model", "hash");

    [Fact]
    public async Task RedisThatIsKilled_MakesMisses_SaidOnce_AndIsUsedAgainOnceItIsBack()
    {
        await using var server = await RedisServer.StartAsync();
        var log = new Lines();
        await using var cache = await DenoiseCache.OpenAsync(Options(server.ConnectionString), log);
        await cache.KeepAsync(s_key, [1, 2]);
        Assert.Equal([1, 2], (await cache.FindAsync(s_key, _ => true))!);
        Assert.Null(await cache.FindAsync(s_key, _ => false));
        Assert.Empty(log.Said);

        await server.KillAsync();
        for (var i = 0; i < 3; i++)
        {
            Assert.Null(await cache.FindAsync(s_key, _ => true));
            await cache.KeepAsync(s_key, [3]);
        }

        Assert.StartsWith("Warning: The cache does not answer (Redis at 127.0.0.1:", Assert.Single(log.Said), StringComparison.Ordinal);

        await server.RestartAsync();
        var deadline = DateTime.UtcNow.AddSeconds(30);
        byte[]? found;
        while ((found = await cache.FindAsync(s_key, _ => true)) is null)
        {
            Assert.True(DateTime.UtcNow < deadline, "The cache does not come back.");
            await Task.Delay(100);
        }

        Assert.Equal([1, 2], found);
        Assert.Single(log.Said);
    }

    [Fact]
    public async Task WithoutRedis_NothingIsFound_AndTheLogSaysSo()
    {
        var log = new Lines();
        await using var cache = await DenoiseCache.OpenAsync(Options(""), log);
        await cache.KeepAsync(s_key, [1]);

        Assert.Null(await cache.FindAsync(s_key, _ => true));
        Assert.EndsWith("everything is computed anew", Assert.Single(log.Said), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Entries_KeepToSizeAndAge()
    {
        await using var server = await RedisServer.StartAsync();
        await using var redis = await RedisLink.ConnectAsync(server.ConnectionString);
        await using var cache = await DenoiseCache.OpenAsync(Options(server.ConnectionString), new Lines());
        var other = s_key with { Hash = "more" };

        await cache.KeepAsync(s_key, new byte[50]);
        var age = (long)await redis.CallAsync("PTTL", (RedisKey)"realiz3d:denoiser:entry:text:hash");
        await cache.KeepAsync(other, new byte[50]);

        Assert.InRange(age, 3_500_000, 3_600_000);
        Assert.Null(await cache.FindAsync(s_key, _ => true));
        Assert.Equal(50, (await cache.FindAsync(other, _ => true))!.Length);
    }

    [Fact]
    public async Task Service_WhoseRedisIsKilled_PaintsTheSame()
    {
        await using var server = await RedisServer.StartAsync();
        using var folder = new TemporaryDirectory();
        TinyModel.Write(Path.Combine(folder.Path, "realiz3d-mini"));
        await using var app = DenoiserProgram.Build(
        [
            .. DenoiserHost.Arguments(folder.Path, Path.Combine(folder.Path, "artifacts")), $"--ConnectionStrings:cache={server.ConnectionString}",
        ]);
        await app.StartAsync();
        using var channel = GrpcChannel.ForAddress(app.Urls.Single());
        var client = new DenoiserService.DenoiserServiceClient(channel);
        var painted = await PaintAsync(client);
        Assert.Equal((2, painted.Result), await PaintAsync(client));

        await server.KillAsync();
        Assert.Equal((7, painted.Result), await PaintAsync(client));
        Assert.Equal((7, painted.Result), await PaintAsync(client));
    }

    [Theory]
    [InlineData("REALIZ3D_CACHE_MIB", "-1", "say 0 to 1048576 MiB.")]
    [InlineData("REALIZ3D_CACHE_MIB", "much", "say 0 to 1048576 MiB.")]
    [InlineData("REALIZ3D_CACHE_HOURS", "0", "say 0.001 to 8760 hours.")]
    [InlineData("ConnectionStrings:cache", "127.0.0.1:1,nonsense=1", "ConnectionStrings__cache cannot be read")]
    public void WrongSetting_StopsTheStart(string setting, string value, string said)
    {
        using var folder = new TemporaryDirectory();

        var problem = Assert.Throws<DenoiserStartException>(() => DenoiserProgram.Build(
            [.. DenoiserHost.Arguments(folder.Path, Path.Combine(folder.Path, "artifacts")), $"--{setting}={value}"]));

        Assert.Contains(said, problem.Message, StringComparison.Ordinal);
    }

    private static CacheOptions Options(string connection) => new(connection, MaxBytes: 100, TimeSpan.FromHours(1));

    private static async Task<(int Count, GeneratedViews Result)> PaintAsync(DenoiserService.DenoiserServiceClient client)
    {
        using var call = client.GenerateViews(DenoiserHost.Request(), deadline: DateTime.UtcNow.AddMinutes(1));
        var responses = new List<GenerateViewsResponse>();
        while (await call.ResponseStream.MoveNext(default))
        {
            responses.Add(call.ResponseStream.Current);
        }

        return (responses.Count, responses[^1].Result);
    }

    private sealed class Lines : ILogger<DenoiseCache>
    {
        public List<string> Said { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Add($"{logLevel}: {formatter(state, exception)}");
    }
}
