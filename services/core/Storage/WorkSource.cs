using StackExchange.Redis;

namespace Realiz3D.Mesh.Storage;

/// <summary>How a worker takes work.</summary>
/// <param name="Worker">The worker's name, unlike that of any other.</param>
/// <param name="TakeOver">Silence of another worker after which its work is taken over.</param>
public sealed record WorkSourceConfig(string Worker, TimeSpan TakeOver);

/// <summary>Work handed to a worker.</summary>
/// <param name="Id">Id of the record to work on.</param>
/// <param name="Entry">Its entry in the queue.</param>
public sealed record WorkItem(string Id, string Entry);

/// <summary>A worker's end of the queue: a Redis stream read by one consumer group.</summary>
/// <remarks>
/// Reads never block the shared connection: the worker asks when it is woken by a message, and once a second. An entry
/// stays with its worker while that gives signs of life; then the next one that asks takes it over.
/// </remarks>
public sealed class WorkSource
{
    /// <summary>Name of the consumer group.</summary>
    internal const string Group = "workers";

    // XCLAIM to oneself resets the idle time; only an entry that is still one's own may be claimed.
    private const string KeepScript = """
        local pending = redis.call('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1)
        if #pending == 0 or pending[1][2] ~= ARGV[2] then return 0 end
        redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[3], 'JUSTID')
        return 1
        """;

    private static readonly TimeSpan s_poll = TimeSpan.FromSeconds(1);
    private readonly RedisLink _redis;
    private readonly RedisKey _stream;
    private readonly string _wakeChannel;
    private readonly WorkSourceConfig _config;

    internal WorkSource(RedisLink redis, RedisKey stream, string wakeChannel, WorkSourceConfig config)
    {
        _redis = redis;
        _stream = stream;
        _wakeChannel = wakeChannel;
        _config = config;
    }

    /// <summary>Waits for work.</summary>
    /// <exception cref="StoreUnavailableException">Redis was lost while waiting.</exception>
    public async Task<WorkItem> TakeAsync(CancellationToken cancel)
    {
        using var wake = new SemaphoreSlim(0);
        await using var listening = await _redis.ListenAsync(_wakeChannel, _ => Wake(wake)).ConfigureAwait(false);
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            if (await TryTakeAsync().ConfigureAwait(false) is { } item)
            {
                return item;
            }

            await wake.WaitAsync(s_poll, cancel).ConfigureAwait(false);
        }
    }

    /// <summary>Takes work if there is some: first what a silent worker left behind, then what is new.</summary>
    public async Task<WorkItem?> TryTakeAsync()
    {
        try
        {
            var claimed = (RedisResult[])(await _redis.CallAsync(
                "XAUTOCLAIM", _stream, Group, _config.Worker, (long)_config.TakeOver.TotalMilliseconds, "0-0", "COUNT", 1)
                .ConfigureAwait(false))!;
            if (FirstOf((RedisResult[])claimed[1]!) is { } left)
            {
                return left;
            }

            var read = await _redis.CallAsync(
                "XREADGROUP", "GROUP", Group, _config.Worker, "COUNT", 1, "STREAMS", _stream, ">").ConfigureAwait(false);
            return read.IsNull ? null : FirstOf((RedisResult[])((RedisResult[])((RedisResult[])read!)[0]!)[1]!);
        }
        catch (RedisServerException refused) when (refused.Message.StartsWith("NOGROUP", StringComparison.Ordinal))
        {
            // The first worker ever, or a Redis that lost its data.
            await CreateGroupAsync().ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Gives a sign of life for work in hand.</summary>
    /// <returns>False when the work is no longer this worker's: taken over, or out of the queue.</returns>
    public async Task<bool> KeepAsync(WorkItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return (int)await _redis.RunAsync(KeepScript, [_stream], Group, _config.Worker, item.Entry)
            .ConfigureAwait(false) == 1;
    }

    /// <summary>Takes work out of the queue that has no record to work on.</summary>
    public async Task DropAsync(WorkItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        await _redis.CallAsync("XACK", _stream, Group, item.Entry).ConfigureAwait(false);
        await _redis.CallAsync("XDEL", _stream, item.Entry).ConfigureAwait(false);
    }

    private async Task CreateGroupAsync()
    {
        try
        {
            await _redis.CallAsync("XGROUP", "CREATE", _stream, Group, "0", "MKSTREAM").ConfigureAwait(false);
        }
        catch (RedisServerException exists) when (exists.Message.StartsWith("BUSYGROUP", StringComparison.Ordinal))
        {
            // Another worker was quicker.
        }
    }

    // Entries are [entry, [field, value]]; ours have the one field "id".
    private static WorkItem? FirstOf(RedisResult[] entries)
    {
        if (entries.Length == 0)
        {
            return null;
        }

        var entry = (RedisResult[])entries[0]!;
        return new WorkItem(((RedisResult[])entry[1]!)[1].Text(), entry[0].Text());
    }

    private static void Wake(SemaphoreSlim wake)
    {
        try
        {
            wake.Release();
        }
        catch (ObjectDisposedException)
        {
            // A message that was under way when the worker had found its work.
        }
    }
}
