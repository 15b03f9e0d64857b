using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.Storage;
using StackExchange.Redis;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Limits of the cache.</summary>
/// <param name="Connection">Connection string of its Redis; empty for no cache.</param>
/// <param name="MaxBytes">Most bytes in it.</param>
/// <param name="MaxAge">Nothing in it is older.</param>
internal sealed record CacheOptions(string Connection, long MaxBytes, TimeSpan MaxAge);

/// <summary>Name of what is cached.</summary>
/// <param name="Kind"><c>text</c>, <c>views</c> or <c>image</c>.</param>
/// <param name="Model">Name of the model that is asked, for who counts; equal weights under another name find the same.</param>
/// <param name="Hash">Hash of everything that determines it.</param>
internal sealed record CacheKey(string Kind, string Model, string Hash)
{
    /// <summary>Its name in Redis.</summary>
    public string Name => $"{Kind}:{Hash}";
}

/// <summary>What was computed before, by any pod: tokens of prompts as bytes, finished work as artifact ids. Bounded in size and age.</summary>
/// <remarks>
/// Nothing fails because of it. Without Redis, and while Redis does not answer, nothing is found and nothing is kept; the log says so
/// once. After a silence Redis is left alone for a while, so that calls wait for it once and not each time.
/// </remarks>
internal sealed class DenoiseCache : IAsyncDisposable
{
    private const string Prefix = "realiz3d:denoiser";

    /// <summary>An answer takes a millisecond; what takes longer than this is no help.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(2);

    private readonly RedisLink? _redis;
    private readonly BoundedCache? _entries;
    private readonly ILogger _logger;
    private long _askAgain;
    private int _isSilent;

    private DenoiseCache(RedisLink? redis, CacheOptions options, ILogger logger)
    {
        (_redis, _logger) = (redis, logger);
        _entries = redis is null ? null : new BoundedCache(redis, Prefix, options.MaxBytes, options.MaxAge);
    }

    /// <summary>Connects; a Redis that is not there yet is awaited in the background.</summary>
    /// <param name="options">Limits.</param>
    /// <param name="logger">Told once where there is no cache.</param>
    /// <returns>The cache.</returns>
    /// <exception cref="DenoiserStartException">The connection string cannot be read.</exception>
    public static async Task<DenoiseCache> OpenAsync(CacheOptions options, ILogger<DenoiseCache> logger)
    {
        if (options.Connection.Length == 0 || options.MaxBytes == 0)
        {
            Log.NoCache(logger);
            return new DenoiseCache(null, options, logger);
        }

        try
        {
            return new DenoiseCache(await RedisLink.ConnectAsync(options.Connection, s_patience).ConfigureAwait(false), options, logger);
        }
        catch (ArgumentException unreadable)
        {
            throw new DenoiserStartException($"ConnectionStrings__cache cannot be read: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>Looks something up.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="isUsable">Whether what was found can be used.</param>
    /// <returns>Its bytes; null when there is nothing usable.</returns>
    public async Task<byte[]?> FindAsync(CacheKey key, Func<byte[], bool> isUsable)
    {
        if (_entries is null)
        {
            return null;
        }

        var found = await AskAsync(entries => entries.GetAsync(key.Name)).ConfigureAwait(false);
        var isHit = found is not null && isUsable(found);
        ServingTelemetry.CacheAsked(isHit, key.Model, key.Kind);
        return isHit ? found : null;
    }

    /// <summary>Keeps something.</summary>
    /// <param name="key">Its name.</param>
    /// <param name="value">Its bytes.</param>
    public Task KeepAsync(CacheKey key, byte[] value) => AskAsync(entries => entries.PutAsync(key.Name, value));

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _redis?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<T?> AskAsync<T>(Func<BoundedCache, Task<T>> question)
    {
        if (_entries is null || Environment.TickCount64 < Volatile.Read(ref _askAgain))
        {
            return default;
        }

        try
        {
            var answer = await question(_entries).ConfigureAwait(false);
            Volatile.Write(ref _isSilent, 0);
            return answer;
        }
        catch (Exception lost) when (lost is StoreUnavailableException or RedisException)
        {
            Volatile.Write(ref _askAgain, Environment.TickCount64 + (long)s_pause.TotalMilliseconds);
            if (Interlocked.Exchange(ref _isSilent, 1) == 0)
            {
                Log.CacheLost(_logger, _redis!.Address, (lost.InnerException ?? lost).Message);
            }

            return default;
        }
    }
}
