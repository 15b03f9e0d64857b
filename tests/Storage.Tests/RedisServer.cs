using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Realiz3D.Mesh.Storage.Tests;

/// <summary>A real redis-server of a test's own: a free loopback port, an own directory, gone with the test.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("realiz3d-redis-").FullName;
    private Process? _process;

    private RedisServer(int port) => Port = port;

    public int Port { get; }

    public string ConnectionString => $"127.0.0.1:{Port}";

    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer(FreePort());
        await server.RestartAsync();
        return server;
    }

    /// <summary>Starts again on the same port with the data of before.</summary>
    public async Task RestartAsync()
    {
        // The shell kills the server when its input ends: by KillAsync, or because the test run has died.
        string[] arguments =
        [
            "-c", "redis-server \"$@\" > /dev/null & read -r _; kill -9 $!; wait", "redis-server",
            "--bind", "127.0.0.1", "--port", $"{Port}", "--dir", _directory,
            "--appendonly", "yes", "--appendfsync", "always", "--save", "",
        ];
        _process = Process.Start(new ProcessStartInfo("bash", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("redis-server did not start.");

        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (!await AnswersAsync())
        {
            Assert.True(DateTime.UtcNow < deadline && !_process.HasExited, "redis-server does not answer.");
            await Task.Delay(20);
        }
    }

    /// <summary>Kills it, as a crash would.</summary>
    public async Task KillAsync()
    {
        if (_process is { } process)
        {
            process.StandardInput.Close();
            await process.WaitForExitAsync();
            process.Dispose();
            _process = null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            await client.GetStream().WriteAsync("PING\r\n"u8.ToArray());
            var reply = new byte[5];
            await client.GetStream().ReadExactlyAsync(reply);
            return reply[0] == '+';
        }
        catch (Exception notYet) when (notYet is SocketException or IOException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
