using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Execution;

/// <summary>Asks a process whether it is ready: PING for Redis, GET for those with an HTTP health check.</summary>
internal static class HealthProbe
{
    private static readonly TimeSpan UntilHealthy = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan WhileHealthy = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Whether there is anything to ask; a process without checks is healthy when it runs.</summary>
    /// <exception cref="DistributedApplicationException">A check is for an endpoint that is not there.</exception>
    public static bool Watches(ResourceInstance instance) => Checks(instance).ToList().Count > 0;

    /// <summary>Tells whenever health has changed, first once it is known. Healthy processes are asked less often.</summary>
    public static async IAsyncEnumerable<bool> WatchAsync(ResourceInstance instance, [EnumeratorCancellation] CancellationToken cancel)
    {
        bool? known = null;
        while (true)
        {
            var isHealthy = true;
            foreach (var check in Checks(instance))
            {
                isHealthy &= await PassesAsync(check, cancel).ConfigureAwait(false);
            }

            if (isHealthy != known)
            {
                known = isHealthy;
                yield return isHealthy;
            }

            await Task.Delay(isHealthy ? WhileHealthy : UntilHealthy, cancel).ConfigureAwait(false);
        }
    }

    private static IEnumerable<Func<CancellationToken, Task<bool>>> Checks(ResourceInstance instance)
    {
        if (instance.Resource is RedisResource redis)
        {
            var port = instance.Ports[redis.PrimaryEndpoint.Endpoint];
            yield return cancel => PingAsync(port, redis.Password, cancel);
        }

        foreach (var health in instance.Resource.Annotations.OfType<HttpHealthAnnotation>())
        {
            var endpoint = instance.Ports.Keys.FirstOrDefault(endpoint => health.EndpointName is null || endpoint.Name == health.EndpointName)
                ?? throw new DistributedApplicationException(
                    $"The HTTP health check of '{instance.Resource.Name}' wants the endpoint '{health.EndpointName ?? "http"}', which is not there; add it with WithHttpEndpoint.");
            yield return cancel => GetAsync(instance.Ports[endpoint], endpoint.IsHttp2, health, cancel);
        }
    }

    private static async Task<bool> PassesAsync(Func<CancellationToken, Task<bool>> check, CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(Patience);
        try
        {
            return await check(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception problem) when (problem is HttpRequestException or SocketException or IOException)
        {
            return false;
        }
    }

    private static async Task<bool> GetAsync(int port, bool isHttp2, HttpHealthAnnotation health, CancellationToken cancel)
    {
        // No proxy of the environment's: it could not reach this machine's loopback.
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://127.0.0.1:{port}{health.Path}")
        {
            Version = isHttp2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await client.SendAsync(request, cancel).ConfigureAwait(false);
        return (int)response.StatusCode == health.StatusCode;
    }

    private static async Task<bool> PingAsync(int port, string password, CancellationToken cancel)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, cancel).ConfigureAwait(false);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"AUTH {password}\r\nPING\r\nQUIT\r\n"), cancel).ConfigureAwait(false);

        using var stream = new NetworkStream(socket);
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return (await reader.ReadToEndAsync(cancel).ConfigureAwait(false)).Contains("+PONG", StringComparison.Ordinal);
    }
}
