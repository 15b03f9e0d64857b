using StackExchange.Redis;

namespace Realiz3D.Mesh.Storage;

/// <summary>The one connection of a program to a Redis server.</summary>
/// <remarks>
/// All callers share it, so no blocking command may go through it. It reconnects by itself. Whatever goes wrong on the way
/// to Redis arrives as a <see cref="StoreUnavailableException"/> with one clear sentence.
/// </remarks>
public sealed class RedisLink : IAsyncDisposable
{
    // The client library gives asynchronous calls no timeout of its own.
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);
    private readonly ConnectionMultiplexer _connection;
    private readonly TimeSpan _patience;

    private RedisLink(ConnectionMultiplexer connection, string address, TimeSpan patience)
    {
        _connection = connection;
        _patience = patience;
        Address = address;
    }

    /// <summary>Where the server is, for people.</summary>
    public string Address { get; }

    /// <summary>Connects. A server that is not there yet is awaited in the background; calls fail until then.</summary>
    /// <param name="connectionString">host:port and options, as <c>ConnectionStrings__queue</c> holds them.</param>
    /// <param name="patience">How long a call waits for its answer; 5 s when null.</param>
    public static async Task<RedisLink> ConnectAsync(string connectionString, TimeSpan? patience = null)
    {
        var options = ConfigurationOptions.Parse(connectionString);
        options.AbortOnConnectFail = false;
        options.ConnectRetry = 3;
        options.ConnectTimeout = 2000;
        options.KeepAlive = 10;
        var address = string.Join(", ", options.EndPoints.Select(Readable));
        return new RedisLink(await ConnectionMultiplexer.ConnectAsync(options).ConfigureAwait(false), address, patience ?? s_timeout);
    }

    /// <summary>Runs one command.</summary>
    /// <exception cref="StoreUnavailableException">Redis did not answer in time or cannot serve.</exception>
    /// <exception cref="RedisServerException">Redis refused the command itself.</exception>
    /// <remarks>Keys are passed as <see cref="RedisKey"/>, so that clients which route by key can tell them from values.</remarks>
    public Task<RedisResult> CallAsync(string command, params object[] arguments) =>
        GuardAsync(() => _connection.GetDatabase().ExecuteAsync(command, arguments));

    /// <summary>Runs a Lua script, as one step to everybody else.</summary>
    /// <exception cref="StoreUnavailableException">Redis did not answer in time or cannot serve.</exception>
    /// <remarks>EVAL rather than EVALSHA: the scripts are short, and a restarted server knows no hashes.</remarks>
    public Task<RedisResult> RunAsync(string script, RedisKey[] keys, params object[] arguments) =>
        CallAsync("EVAL", [script, keys.Length, .. keys.Select(key => (object)key), .. arguments]);

    /// <summary>Tells whoever listens on a channel.</summary>
    public Task PublishAsync(string channel, byte[] message) => CallAsync("PUBLISH", Named(channel), message);

    /// <summary>Calls back for each message on a channel until the result is disposed.</summary>
    /// <remarks>A message can be lost while the connection is; listeners look for themselves now and then.</remarks>
    public async Task<IAsyncDisposable> ListenAsync(string channel, Action<byte[]> heard)
    {
        var subscriber = _connection.GetSubscriber();
        var named = Named(channel);
        void Handler(RedisChannel _, RedisValue message) => heard(message.Bytes());

        await GuardAsync(async () =>
        {
            await subscriber.SubscribeAsync(named, Handler).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
        return new Subscription(() => subscriber.UnsubscribeAsync(named, Handler));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _connection.CloseAsync(allowCommandsToComplete: false).ConfigureAwait(false);
        _connection.Dispose();
    }

    // Current clients want to be told that the name is no pattern.
    private static RedisChannel Named(string channel) => new(channel, RedisChannel.PatternMode.Literal);

    private async Task<T> GuardAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().WaitAsync(_patience).ConfigureAwait(false);
        }
        catch (Exception lost) when (lost is RedisConnectionException or TimeoutException or ObjectDisposedException
            || lost is RedisServerException refused && CannotServe(refused))
        {
            throw new StoreUnavailableException(
                $"The job store does not answer (Redis at {Address}). Jobs go on by themselves once it is back.",
                lost);
        }
    }

    // Loading its data, out of memory, or unable to write: states of the server, not faults of the command.
    private static bool CannotServe(RedisServerException refused) =>
        refused.Message.StartsWith("LOADING", StringComparison.Ordinal)
        || refused.Message.StartsWith("OOM", StringComparison.Ordinal)
        || refused.Message.StartsWith("MISCONF", StringComparison.Ordinal)
        || refused.Message.StartsWith("READONLY", StringComparison.Ordinal);

    private static string Readable(System.Net.EndPoint endPoint) => endPoint is System.Net.DnsEndPoint named
        ? $"{named.Host}:{named.Port}"
        : endPoint.ToString() ?? "";

    private sealed class Subscription(Func<Task> end) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            try
            {
                await end().WaitAsync(s_timeout).ConfigureAwait(false);
            }
            catch (Exception lost) when (lost is RedisException or TimeoutException or ObjectDisposedException)
            {
                // A connection that is gone listens to nothing any more.
            }
        }
    }
}
