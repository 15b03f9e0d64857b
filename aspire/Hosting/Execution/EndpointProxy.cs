using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Execution;

/// <summary>Gives the replicas of a resource one address: each connection goes to the next of them that answers.</summary>
internal sealed class EndpointProxy : IAsyncDisposable
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMilliseconds(100);

    private readonly TcpListener _listener;
    private readonly IReadOnlyList<int> _targets;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _next;

    /// <param name="port">Where to listen.</param>
    /// <param name="targets">Where the replicas listen.</param>
    public EndpointProxy(int port, IReadOnlyList<int> targets)
    {
        _targets = targets;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _accepting.ConfigureAwait(false); // first, for it may be about to accept once more
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token).ConfigureAwait(false);
                connections.RemoveAll(connection => connection.IsCompleted);
                connections.Add(ForwardAsync(client));
            }
            catch (SocketException)
            {
                // No file handle is left, or a caller went away: the next one may have more luck.
                await Task.Delay(AfterFailure).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                break;
            }
        }

        await Task.WhenAll(connections).ConfigureAwait(false);
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using var _ = client;
        using var target = await ConnectAsync().ConfigureAwait(false);
        if (target is null)
        {
            return; // no replica listens: the client sees its connection closed
        }

        try
        {
            client.NoDelay = true; // calls are short messages, to and fro
            var (near, far) = (client.GetStream(), target.GetStream());
            await Task.WhenAll(PumpAsync(near, far), PumpAsync(far, near)).ConfigureAwait(false);
        }
        catch (Exception problem) when (problem is SocketException or InvalidOperationException)
        {
            // One side was gone before the first byte.
        }
    }

    private async Task<TcpClient?> ConnectAsync()
    {
        for (var attempt = 0; attempt < _targets.Count; attempt++)
        {
            var target = _targets[(int)((uint)Interlocked.Increment(ref _next) % (uint)_targets.Count)];
            var connection = new TcpClient { NoDelay = true };
            try
            {
                await connection.ConnectAsync(IPAddress.Loopback, target, _stop.Token).ConfigureAwait(false);
                return connection;
            }
            catch (Exception problem) when (problem is SocketException or OperationCanceledException)
            {
                connection.Dispose();
            }
        }

        return null;
    }

    /// <summary>Copies one direction and then closes it, so that the other may go on.</summary>
    private async Task PumpAsync(NetworkStream source, NetworkStream target)
    {
        try
        {
            await source.CopyToAsync(target, _stop.Token).ConfigureAwait(false);
            target.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception problem) when (problem is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One side is gone. Closing both ends lets the other direction see it.
            target.Close();
            source.Close();
        }
    }
}
