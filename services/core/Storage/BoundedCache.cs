using StackExchange.Redis;

namespace Realiz3D.Mesh.Storage;

/// <summary>Bytes under names in Redis, bounded in size and age: what was not used for longest goes first.</summary>
/// <remarks>
/// A key per entry, which Redis drops at its age; a sorted set of names by their last use; a hash of their sizes with the total. Entry and
/// lists change in one Lua script, so that the entries never have more bytes than the limit. A server with a memory limit may drop any
/// key by itself; where it dropped one of the two lists, the other goes too, and entries that are in no list end with their age. The
/// scripts find entries to drop by the lists, so this is for one server, not for a cluster.
/// </remarks>
/// <param name="redis">The cache's Redis.</param>
/// <param name="prefix">Begins all keys.</param>
/// <param name="maxBytes">Most bytes of all names and values.</param>
/// <param name="maxAge">An entry is gone so long after it was put.</param>
public sealed class BoundedCache(RedisLink redis, string prefix, long maxBytes, TimeSpan maxAge)
{
    private const string Time = """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        """;

    private const string GetScript = Time + "\n" + """
        local value = redis.call('GET', KEYS[1])
        if value then redis.call('ZADD', KEYS[2], 'XX', now, ARGV[1]) end
        return value
        """;

    private const string PutScript = Time + "\n" + """
        local used, sizes = KEYS[2], KEYS[3]
        if redis.call('ZCARD', used) ~= math.max(0, redis.call('HLEN', sizes) - 1) then redis.call('DEL', used, sizes) end
        local function drop(name)
          redis.call('DEL', ARGV[5] .. name)
          redis.call('HINCRBY', sizes, 'total', -redis.call('HGET', sizes, name))
          redis.call('HDEL', sizes, name)
          redis.call('ZREM', used, name)
        end
        if redis.call('ZSCORE', used, ARGV[1]) then drop(ARGV[1]) end
        for _, name in ipairs(redis.call('ZRANGEBYSCORE', used, '-inf', now - ARGV[4] * 1000)) do drop(name) end
        local size, most = #ARGV[1] + #ARGV[2], tonumber(ARGV[3])
        if size > most then return 0 end
        while tonumber(redis.call('HGET', sizes, 'total') or 0) + size > most do
          drop(redis.call('ZRANGE', used, 0, 0)[1])
        end
        redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[4])
        redis.call('ZADD', used, now, ARGV[1])
        redis.call('HSET', sizes, ARGV[1], size)
        redis.call('HINCRBY', sizes, 'total', size)
        return 1
        """;

    private readonly string _entries = $"{prefix}:entry:";
    private readonly RedisKey _used = $"{prefix}:used";
    private readonly RedisKey _sizes = $"{prefix}:sizes";

    /// <summary>Reads an entry, which counts as a use of it.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>Its bytes; null when there is none.</returns>
    /// <exception cref="StoreUnavailableException">Redis does not answer.</exception>
    public async Task<byte[]?> GetAsync(string name) =>
        (byte[]?)await redis.RunAsync(GetScript, [Entry(name), _used], name).ConfigureAwait(false);

    /// <summary>Keeps an entry in place of one of the same name, if need be in place of those that were not used for longest.</summary>
    /// <param name="name">Its name, not <c>total</c>.</param>
    /// <param name="value">Its bytes.</param>
    /// <returns>False when it alone is over the limit; then there is none of that name.</returns>
    /// <exception cref="StoreUnavailableException">Redis does not answer.</exception>
    public async Task<bool> PutAsync(string name, byte[] value) =>
        (int)await redis
            .RunAsync(PutScript, [Entry(name), _used, _sizes], name, value, maxBytes, (long)maxAge.TotalMilliseconds, _entries)
            .ConfigureAwait(false) == 1;

    private RedisKey Entry(string name) => _entries + name;
}
