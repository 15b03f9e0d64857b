using System.Globalization;
using StackExchange.Redis;

namespace Realiz3D.Mesh.Storage;

/// <summary>Records in Redis that change only by compare-and-set, each with a place in a queue while it waits or runs.</summary>
/// <remarks>
/// One hash per record: <c>version</c>, <c>record</c>, <c>entry</c> (its entry in the queue's stream) and parts. A record
/// and its queue entry change in one Lua script, so no crash can separate them. Each change is published on the record's
/// channel as an empty message; other messages there are reports that were made beside it.
/// </remarks>
/// <param name="redis">The queue's Redis.</param>
/// <param name="prefix">Begins all keys.</param>
/// <param name="limit">Most records that may wait or run at once.</param>
public sealed class RecordStore(RedisLink redis, string prefix, int limit = 1024)
{
    private const string CreateScript = """
        local known = redis.call('HMGET', KEYS[2], 'id', 'fingerprint')
        if known[1] then return {known[2] == ARGV[2] and 'Known' or 'Conflict', known[1]} end
        if redis.call('XLEN', KEYS[3]) >= tonumber(ARGV[4]) then return {'Full', ''} end
        local entry = redis.call('XADD', KEYS[3], '*', 'id', ARGV[1])
        redis.call('HSET', KEYS[1], 'version', 1, 'record', ARGV[3], 'entry', entry)
        if ARGV[5] then redis.call('HSET', KEYS[1], 'part:' .. ARGV[5], ARGV[6]) end
        redis.call('HSET', KEYS[2], 'id', ARGV[1], 'fingerprint', ARGV[2])
        redis.call('ZADD', KEYS[4], redis.call('INCR', KEYS[5]), ARGV[1])
        redis.call('PUBLISH', KEYS[6], ARGV[1])
        return {'Created', ARGV[1]}
        """;

    private const string ReplaceScript = """
        if redis.call('HGET', KEYS[1], 'version') ~= ARGV[2] then return 0 end
        redis.call('HSET', KEYS[1], 'version', ARGV[2] + 1, 'record', ARGV[3])
        if ARGV[4] ~= 'Keep' then
          local entry = redis.call('HGET', KEYS[1], 'entry')
          if entry then
            redis.call('XACK', KEYS[2], ARGV[5], entry)
            redis.call('XDEL', KEYS[2], entry)
            redis.call('HDEL', KEYS[1], 'entry')
          end
        end
        if ARGV[4] == 'Enqueue' then
          redis.call('HSET', KEYS[1], 'entry', redis.call('XADD', KEYS[2], '*', 'id', ARGV[1]))
          redis.call('PUBLISH', KEYS[4], ARGV[1])
        end
        if ARGV[6] then redis.call('HSET', KEYS[1], 'part:' .. ARGV[6], ARGV[7]) end
        redis.call('PUBLISH', KEYS[3], '')
        return 1
        """;

    private const string ReportScript = """
        redis.call('HSET', KEYS[1], 'part:' .. ARGV[1], ARGV[2])
        redis.call('PUBLISH', KEYS[2], ARGV[2])
        return 1
        """;

    // Jobs before it in the stream, handed out or not; finished ones are no longer there.
    private const string PositionScript = """
        local entry = redis.call('HGET', KEYS[1], 'entry')
        if not entry then return 0 end
        return #redis.call('XRANGE', KEYS[2], '-', '(' .. entry)
        """;

    private const string PartPrefix = "part:";

    /// <summary>Makes a record and queues it, once per key.</summary>
    /// <param name="id">Name of the new record.</param>
    /// <param name="key">The client's key of this request.</param>
    /// <param name="fingerprint">Hash of the request, to tell a repeat from another request.</param>
    /// <param name="content">The record.</param>
    /// <param name="part">A part to keep beside it, if any.</param>
    /// <returns>What happened, and the id of the record that the key belongs to.</returns>
    public async Task<(Creation Outcome, string Id)> CreateAsync(
        string id,
        string key,
        string fingerprint,
        byte[] content,
        (string Name, byte[] Content)? part = null)
    {
        RedisKey[] keys =
            [RecordKey(id), $"{prefix}:key:{key}", Stream, $"{prefix}:index", $"{prefix}:count", WakeChannel];
        object[] arguments = [id, fingerprint, content, limit, .. Named(part)];
        var reply = (RedisResult[])(await redis.RunAsync(CreateScript, keys, arguments).ConfigureAwait(false))!;
        return (Enum.Parse<Creation>(reply[0].Text()), reply[1].Text());
    }

    /// <summary>Reads a record; null when there is none.</summary>
    public async Task<StoredRecord?> ReadAsync(string id)
    {
        var reply = (RedisValue[])(await redis.CallAsync("HGETALL", RecordKey(id)).ConfigureAwait(false))!;
        var fields = reply.Chunk(2).ToDictionary(pair => pair[0].Text(), pair => pair[1].Bytes());
        if (!fields.TryGetValue("record", out var content))
        {
            return null;
        }

        var version = long.Parse(fields["version"], CultureInfo.InvariantCulture);
        var parts = fields.Where(field => field.Key.StartsWith(PartPrefix, StringComparison.Ordinal))
            .ToDictionary(field => field.Key[PartPrefix.Length..], field => field.Value);
        return new StoredRecord(id, version, content, parts);
    }

    /// <summary>Changes a record if nobody else has since it was read.</summary>
    /// <param name="read">The record as it was read.</param>
    /// <param name="content">The new content.</param>
    /// <param name="queue">What happens to its place in the queue.</param>
    /// <param name="part">A part to keep beside it, if any.</param>
    /// <returns>False when the record has another version by now; then nothing was changed.</returns>
    public async Task<bool> ReplaceAsync(
        StoredRecord read,
        byte[] content,
        QueueChange queue = QueueChange.Keep,
        (string Name, byte[] Content)? part = null)
    {
        ArgumentNullException.ThrowIfNull(read);
        RedisKey[] keys = [RecordKey(read.Id), Stream, ChannelOf(read.Id), WakeChannel];
        object[] arguments = [read.Id, read.Version, content, queue.ToString(), WorkSource.Group, .. Named(part)];
        return (int)await redis.RunAsync(ReplaceScript, keys, arguments).ConfigureAwait(false) == 1;
    }

    /// <summary>Keeps a part beside a record, whatever its version, and publishes it on the record's channel.</summary>
    public Task ReportAsync(string id, string part, byte[] content) =>
        redis.RunAsync(ReportScript, [RecordKey(id), ChannelOf(id)], part, content);

    /// <summary>Calls back for each change (empty) and each report of a record.</summary>
    public Task<IAsyncDisposable> ListenAsync(string id, Action<byte[]> heard) =>
        redis.ListenAsync(ChannelOf(id), heard);

    /// <summary>Records ahead of one in the queue, those that run included; 0 for one that is not queued.</summary>
    public async Task<int> PositionAsync(string id) =>
        (int)await redis.RunAsync(PositionScript, [RecordKey(id), Stream]).ConfigureAwait(false);

    /// <summary>Ids of records, newest first.</summary>
    /// <param name="before">Sequence number that all must lie below; <see cref="long.MaxValue"/> for the newest.</param>
    /// <param name="count">Most ids to answer.</param>
    /// <returns>Ids with their sequence numbers.</returns>
    public async Task<IReadOnlyList<(string Id, long Sequence)>> ListAsync(long before, int count)
    {
        var reply = (RedisValue[])(await redis.CallAsync(
            "ZREVRANGEBYSCORE", (RedisKey)$"{prefix}:index", $"({before}", "-inf", "WITHSCORES", "LIMIT", 0, count)
            .ConfigureAwait(false))!;
        return [.. reply.Chunk(2).Select(pair => (pair[0].Text(), (long)pair[1]))];
    }

    /// <summary>Opens the queue of these records to a worker.</summary>
    public WorkSource OpenQueue(WorkSourceConfig config) => new(redis, Stream, WakeChannel, config);

    private static object[] Named((string Name, byte[] Content)? part) => part is { } kept ? [kept.Name, kept.Content] : [];

    private RedisKey Stream => $"{prefix}:queue";

    private string WakeChannel => $"{prefix}:wake";

    private RedisKey RecordKey(string id) => $"{prefix}:record:{id}";

    private string ChannelOf(string id) => $"{prefix}:events:{id}";
}
