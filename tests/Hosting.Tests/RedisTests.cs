using System.Net.Sockets;
using System.Text;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Execution;

namespace Realiz3D.Mesh.Hosting.Tests;

public class RedisTests
{
    [Fact]
    public async Task Redis_IsAServerOfItsOwn_WithTheSettingsAskedFor()
    {
        await using var application = new TestApplication();
        var queue = application.AddRedis("queue")
            .WithArgs(context => context.Args[^1] += " --appendonly yes --appendfsync always --maxmemory-policy noeviction");
        var cache = application.AddRedis("cache");
        await application.StartAsync("queue", "cache");

        Assert.NotEqual(queue.Resource.PrimaryEndpoint.Port, cache.Resource.PrimaryEndpoint.Port);
        var answer = await AskAsync(queue, "CONFIG GET append*", "CONFIG GET maxmemory-policy", "SET key value", "GET key");
        Assert.Matches(@"appendonly\s+\$3\s+yes", answer);
        Assert.Matches(@"appendfsync\s+\$6\s+always", answer);
        Assert.Matches(@"maxmemory-policy\s+\$10\s+noeviction", answer);
        Assert.EndsWith("$5\r\nvalue\r\n+OK\r\n", answer, StringComparison.Ordinal);
        Assert.Matches(@"appendonly\s+\$2\s+no", await AskAsync(cache, "CONFIG GET appendonly"));
    }

    [Fact]
    public async Task Redis_AnswersNobodyWithoutThePassword()
    {
        await using var application = new TestApplication();
        var cache = application.AddRedis("cache");
        await application.StartAsync("cache");

        Assert.StartsWith("-NOAUTH", await SendAsync(cache, "PING\r\nQUIT\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redis_Killed_ComesBackWithItsData()
    {
        await using var application = new TestApplication();
        var queue = application.AddRedis("queue").WithArgs(context => context.Args[^1] += " --appendonly yes --appendfsync always");
        await application.StartAsync("queue");
        await AskAsync(queue, "SET key value");

        await AskAsync(queue, "SHUTDOWN NOSAVE");
        string answer;
        do
        {
            await Task.Delay(50);
            answer = await AskAsync(queue, "GET key");
        }
        while (answer.Length == 0 || answer.Contains("-LOADING", StringComparison.Ordinal)); // it answers before it has read its file

        Assert.Contains("$5\r\nvalue\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public void Command_WithoutRedisServer_IsAContainer()
    {
        var command = RedisCommand.Build(
            new RedisResource("queue"), 21000, ["-c", "redis-server --save ''"], new() { ["REDIS_PASSWORD"] = "x" }, "/tmp",
            program => program == "docker" ? "/usr/bin/docker" : null);

        Assert.Equal("docker", command.FileName);
        Assert.Equal(
            ["run", "--rm", "--init", "--publish", "127.0.0.1:21000:6379", "--env", "REDIS_PASSWORD", "--entrypoint", "/bin/sh",
                "redis:7.2", "-c", "redis-server --save ''"],
            command.Arguments);
    }

    [Fact]
    public void Command_WithNeither_SaysWhatToInstall()
    {
        var problem = Assert.Throws<DistributedApplicationException>(() =>
            RedisCommand.Build(new RedisResource("queue"), 21000, ["-c", "redis-server"], [], "/tmp", _ => null));

        Assert.Equal("queue needs Redis: install redis-server (Debian: apt-get install redis-server) or Docker.", problem.Message);
    }

    private static async Task<string> AskAsync(IResourceBuilder<RedisResource> redis, params string[] commands)
    {
        var password = (await redis.Resource.GetConnectionStringAsync())!.Split("password=")[1];
        return await SendAsync(redis, string.Concat(commands.Prepend($"AUTH {password}").Append("QUIT").Select(command => command + "\r\n")));
    }

    /// <summary>Sends commands in Redis' inline form and returns all it answers; nothing when it does not listen.</summary>
    private static async Task<string> SendAsync(IResourceBuilder<RedisResource> redis, string commands)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(redis.Resource.PrimaryEndpoint.Host, redis.Resource.PrimaryEndpoint.Port);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(commands));
            using var reader = new StreamReader(client.GetStream());
            return await reader.ReadToEndAsync().WaitAsync(TestApplication.Timeout);
        }
        catch (Exception problem) when (problem is SocketException or IOException)
        {
            return string.Empty;
        }
    }
}
