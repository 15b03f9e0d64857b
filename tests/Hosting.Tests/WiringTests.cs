using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;

namespace Realiz3D.Mesh.Hosting.Tests;

public class WiringTests
{
    [Fact]
    public async Task Project_IsToldWhoItIsAndWhomItReferences()
    {
        await using var application = new TestApplication();
        var cache = application.AddRedis("cache");
        var other = application.AddProbe("other-one");
        var probe = application.AddProbe("probe")
            .WithReference(cache).WithReference(other)
            .WithEnvironment("COLOUR", "red")
            .WithEnvironment("POD", other.GetEndpoint("http"));
        await application.StartAsync("probe");

        var environment = await EnvironmentAsync(probe.GetEndpoint("http").Url);

        Assert.Equal(probe.GetEndpoint("http").Url, environment["ASPNETCORE_URLS"]);
        Assert.Equal("probe", environment["OTEL_SERVICE_NAME"]);
        Assert.Equal("service.instance.id=probe", environment["OTEL_RESOURCE_ATTRIBUTES"]);
        Assert.Equal(other.GetEndpoint("http").Url, environment["services__other-one__http__0"]);
        Assert.Equal(other.GetEndpoint("http").Url, environment["OTHER_ONE_HTTP"]);
        Assert.Equal(other.GetEndpoint("http").Url, environment["POD"]);
        Assert.Equal("red", environment["COLOUR"]);
        Assert.Equal(await cache.Resource.GetConnectionStringAsync(), environment["ConnectionStrings__cache"]);

        var (host, port) = (cache.Resource.PrimaryEndpoint.Host, cache.Resource.PrimaryEndpoint.Port);
        Assert.Equal((host, $"{port}"), (environment["CACHE_HOST"], environment["CACHE_PORT"]));
        Assert.Equal($"{host}:{port},password={environment["CACHE_PASSWORD"]}", environment["ConnectionStrings__cache"]);
        Assert.Equal($"redis://:{environment["CACHE_PASSWORD"]}@{host}:{port}", environment["CACHE_URI"]);
    }

    [Fact]
    public async Task HealthCheck_SpeaksHttp2_ToAnHttp2Service()
    {
        await using var application = new TestApplication();
        application.AddProbe("probe").AsHttp2Service().WithEnvironment("PROBE_HTTP2", "1");

        await application.StartAsync("probe"); // the probe refuses HTTP/1.1
    }

    [Fact]
    public async Task Replicas_ShareOneAddress_AndServeInTurn()
    {
        await using var application = new TestApplication();
        var probe = application.AddProbe("probe").WithReplicas(2);
        await application.StartAsync("probe");

        HashSet<string> processes = [];
        for (var call = 0; call < 6; call++)
        {
            using var client = new HttpClient();
            processes.Add(await client.GetStringAsync($"{probe.GetEndpoint("http").Url}/process").WaitAsync(TestApplication.Timeout));
        }

        Assert.Equal(2, processes.Count);
    }

    [Fact]
    public async Task Replicas_HaveTheirAddress_WhileTheyWaitThemselves()
    {
        await using var application = new TestApplication();
        var probe = application.AddProbe("probe").WithReplicas(2).WaitFor(application.AddShell("never", "exec sleep 1000").WithHttpEndpoint().WithHttpHealthCheck("/"));
        await application.StartAsync();

        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, probe.GetEndpoint("http").Port).WaitAsync(TestApplication.Timeout);
        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(TestApplication.Timeout)); // nobody behind it yet
    }

    [Fact]
    public async Task TargetPort_IsTheProcesss_AndPortTheOthers()
    {
        await using var application = new TestApplication();
        var shell = application.AddShell("shell", "echo $MY_PORT > port; exec sleep 1000").WithHttpEndpoint(targetPort: 19999, env: "MY_PORT");
        await application.StartAsync("shell");

        Assert.Equal(["19999"], await application.LinesAsync("port", 1));
        Assert.NotEqual(19999, shell.GetEndpoint("http").Port);
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(shell.GetEndpoint("http").Host, shell.GetEndpoint("http").Port); // the proxy listens
    }

    [Fact]
    public async Task Replicas_WithoutAProxy_AreRefused()
    {
        await using var application = new TestApplication();
        application.AddProbe("probe").WithReplicas(2).WithHttpEndpoint(name: "direct", isProxied: false);

        var problem = await Assert.ThrowsAsync<DistributedApplicationException>(() => application.StartAsync());

        Assert.Equal(
            "Resource 'probe' uses multiple replicas and a proxy-less endpoint 'direct'. These features do not work together.", problem.Message);
    }

    [Fact]
    public async Task Executable_LearnsItsPort_FromTheVariableItNames()
    {
        await using var application = new TestApplication();
        var shell = application.AddShell("shell", "echo $MY_PORT > port; exec sleep 1000").WithHttpEndpoint(env: "MY_PORT");
        await application.StartAsync("shell");

        Assert.Equal([$"{shell.GetEndpoint("http").Port}"], await application.LinesAsync("port", 1));
    }

    [Fact]
    public async Task Name_UsedTwice_IsRefused()
    {
        await using var application = new TestApplication();
        application.AddRedis("cache");

        var problem = Assert.Throws<DistributedApplicationException>(() => application.AddRedis("Cache"));

        Assert.Contains("'Cache'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WaitFor_Itself_IsRefused()
    {
        await using var application = new TestApplication();
        var shell = application.AddShell("shell", "exec sleep 1000");

        var problem = Assert.Throws<DistributedApplicationException>(() => shell.WaitFor(shell));

        Assert.Equal("The 'shell' resource cannot wait for itself.", problem.Message);
    }

    private static async Task<Dictionary<string, string>> EnvironmentAsync(string address)
    {
        using var client = new HttpClient();
        var text = await client.GetStringAsync($"{address}/environment").WaitAsync(TestApplication.Timeout);
        return text.Split('\n').Select(line => line.Split('=', 2)).Where(parts => parts.Length == 2)
            .ToDictionary(parts => parts[0], parts => parts[1]);
    }
}
