using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Execution;

/// <summary>Finds ports that nobody listens on.</summary>
/// <remarks>
/// They lie below Linux's ephemeral range (32768 and up): between the choice and the start of the process that listens
/// there, an outgoing connection could take a port of that range.
/// </remarks>
internal static class Ports
{
    private const int First = 20000;
    private const int End = 32000;

    /// <summary>A port that is free and not among <paramref name="taken"/>, to which it is added.</summary>
    public static int TakeFree(ISet<int> taken)
    {
        for (var attempt = 0; attempt < 1000; attempt++)
        {
            var port = Random.Shared.Next(First, End);
            if (!taken.Contains(port) && IsFree(port))
            {
                taken.Add(port);
                return port;
            }
        }

        throw new DistributedApplicationException($"No free port between {First} and {End} was found.");
    }

    public static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
