using System.Net;
using System.Net.Sockets;
using Aspire.Hosting.Execution;

namespace Realiz3D.Mesh.Hosting.Tests;

public class ProxyTests
{
    /// <summary>A request may be over before the proxy has so much as looked at it; its answer comes all the same.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(300_000)]
    public async Task Bytes_GoBothWays_AndEachEndIsToldWhenTheOtherHasNoMore(int length)
    {
        using var replica = Listen();
        await using var proxy = Proxy(replica, out var port);
        var sent = new byte[length];
        new Random(7).NextBytes(sent);
        for (var i = 0; i < 20; i++)
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            var near = client.GetStream();
            var asking = WriteAsync(near, sent);
            using var server = await replica.AcceptTcpClientAsync().WaitAsync(TestApplication.Timeout);
            var far = server.GetStream();

            Assert.Equal(sent, await ReadAllAsync(far));
            await asking;

            await WriteAsync(far, sent);
            Assert.Equal(sent, await ReadAllAsync(near));
        }

        static async Task WriteAsync(NetworkStream stream, byte[] bytes)
        {
            await stream.WriteAsync(bytes);
            stream.Socket.Shutdown(SocketShutdown.Send);
        }
    }

    /// <summary>Connections that break at any moment are their own affair: the next one is served, and the end is in order.</summary>
    [Fact]
    public async Task Connections_ThatBreak_HarmNobodyElse()
    {
        using var replica = Listen();
        var proxy = Proxy(replica, out var port);
        await using (proxy)
        {
            for (var i = 0; i < 100; i++)
            {
                using var client = new TcpClient { LingerState = new LingerOption(true, 0) };
                await client.ConnectAsync(IPAddress.Loopback, port);
                var writing = TryWriteAsync(client);
                using var server = await replica.AcceptTcpClientAsync().WaitAsync(TestApplication.Timeout);
                server.LingerState = new LingerOption(true, 0);
                server.Close(); // with an RST
                if (i % 2 == 0)
                {
                    client.Close();
                }

                await writing;
            }

            using var last = new TcpClient();
            await last.ConnectAsync(IPAddress.Loopback, port);
            using var served = await replica.AcceptTcpClientAsync().WaitAsync(TestApplication.Timeout);
            await served.GetStream().WriteAsync(new byte[] { 42 });
            Assert.Equal(42, last.GetStream().ReadByte());
        }
    }

    private static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    private static EndpointProxy Proxy(TcpListener replica, out int port)
    {
        using var ports = new Ports();
        port = ports.TakeFree();
        return new EndpointProxy(port, [((IPEndPoint)replica.LocalEndpoint).Port]);
    }

    private static async Task TryWriteAsync(TcpClient client)
    {
        try
        {
            await client.GetStream().WriteAsync(new byte[100_000]);
        }
        catch (Exception problem) when (problem is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // It was broken off.
        }
    }

    private static async Task<byte[]> ReadAllAsync(NetworkStream source)
    {
        using var read = new MemoryStream();
        await source.CopyToAsync(read).WaitAsync(TestApplication.Timeout);
        return read.ToArray();
    }
}
