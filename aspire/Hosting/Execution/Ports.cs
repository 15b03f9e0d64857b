using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Execution;

/// <summary>Finds ports that nobody listens on, and claims them until a process of this application does.</summary>
/// <remarks>
/// They lie below Linux's ephemeral range (32768 and up): between the choice and the start of the process that listens
/// there, an outgoing connection could take a port of that range. Another app host could choose the same one; therefore
/// each holds, for as long as it lives, the UDP ports of the same numbers, of which the processes need none.
/// </remarks>
internal sealed class Ports : IDisposable
{
    private const int First = 20000;
    private const int End = 32000;

    private readonly HashSet<int> _wanted = [];
    private readonly Dictionary<int, Socket> _claims = [];

    /// <summary>A port that is free, and that no app host of this kind has claimed.</summary>
    public int TakeFree()
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var port = Random.Shared.Next(First, End);
            if (!_wanted.Contains(port) && Bind(port, SocketType.Dgram) is { } claim)
            {
                if (IsFree(port))
                {
                    _claims.Add(port, claim);
                    return port;
                }

                claim.Dispose();
            }
        }

        throw new DistributedApplicationException($"No free port between {First} and {End} was found.");
    }

    /// <summary>Whether a port that is asked for by its number can be had.</summary>
    public bool Take(int port) => !_claims.ContainsKey(port) && _wanted.Add(port) && IsFree(port);

    public void Dispose()
    {
        foreach (var claim in _claims.Values)
        {
            claim.Dispose();
        }

        _claims.Clear();
    }

    public static bool IsFree(int port)
    {
        using var socket = Bind(port, SocketType.Stream);
        return socket is not null;
    }

    private static Socket? Bind(int port, SocketType type)
    {
        var socket = new Socket(AddressFamily.InterNetwork, type, type is SocketType.Stream ? ProtocolType.Tcp : ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            if (type is SocketType.Stream)
            {
                socket.Listen();
            }

            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
