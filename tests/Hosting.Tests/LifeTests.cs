using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Aspire.Hosting;
using Aspire.Hosting.Execution;

namespace Realiz3D.Mesh.Hosting.Tests;

public class LifeTests
{
    [Fact]
    public async Task WaitFor_HoldsBack_UntilTheDependencyIsHealthy()
    {
        await using var application = new TestApplication();
        var ready = application.FilePath("ready");
        var slow = application.AddProbe("slow").WithEnvironment("PROBE_READY", ready);
        application.AddShell("after", "date +%s%N > after; exec sleep 1000").WaitFor(slow);
        await application.StartAsync();

        using var client = new HttpClient();
        while (await StatusAsync(client, slow.GetEndpoint("http").Url) != HttpStatusCode.ServiceUnavailable)
        {
            await Task.Delay(20);
        }

        Assert.False(File.Exists(application.FilePath("after")));
        await File.WriteAllTextAsync(ready, string.Empty);
        await application.HealthyAsync("after");

        var started = long.Parse((await application.LinesAsync("after", 1))[0], CultureInfo.InvariantCulture);
        var allowed = (File.GetLastWriteTimeUtc(ready) - DateTime.UnixEpoch).Ticks * 100;
        Assert.True(started > allowed, $"Started {allowed - started} ns before it was allowed to.");
    }

    [Fact]
    public async Task Health_IsAskedDirectly_WhateverProxyTheEnvironmentNames()
    {
        using var free = new Ports();
        var port = free.TakeFree();
        var usual = HttpClient.DefaultProxy;
        var others = $"^(?!http://127\\.0\\.0\\.1:{port}$)"; // tests that run meanwhile
        HttpClient.DefaultProxy = new WebProxy("http://127.0.0.1:9", BypassOnLocal: false, [others]);
        try
        {
            await using var application = new TestApplication();
            application.AddProbe("probe", port);
            await application.StartAsync("probe");
        }
        finally
        {
            HttpClient.DefaultProxy = usual;
        }
    }

    [Fact]
    public async Task Process_ThatEnds_IsStartedAgain_LaterEachTime()
    {
        await using var application = new TestApplication();
        application.AddShell("short", "date +%s%N >> starts");
        await application.StartAsync();

        var starts = (await application.LinesAsync("starts", 3)).Select(line => long.Parse(line, CultureInfo.InvariantCulture) / 1e9).ToList();

        // Only lower bounds: on a busy machine a start may take its time.
        Assert.True(starts[1] - starts[0] >= 0.5, $"Started again after {starts[1] - starts[0]} s.");
        Assert.True(starts[2] - starts[1] >= 1.0, $"Started again after {starts[2] - starts[1]} s.");
    }

    [Fact]
    public async Task Process_ThatEnds_IsStartedAgain_ThoughItsChildrenHoldOnToItsOutput()
    {
        await using var application = new TestApplication();
        application.AddShell("short", "echo started >> starts; sleep 1000 &");
        await application.StartAsync();

        Assert.Equal("started", (await application.LinesAsync("starts", 2))[1]);
    }

    [Fact]
    public async Task Process_ThatEnds_IsStartedAgain_ThoughOneThatLeftItsSessionHoldsOnToItsOutput()
    {
        await using var application = new TestApplication();
        application.AddShell("short", "setsid sleep 100 & echo $! >> left");
        await application.StartAsync();

        var left = await application.LinesAsync("left", 2);

        foreach (var id in left.Select(line => int.Parse(line, CultureInfo.InvariantCulture)))
        {
            using var process = Process.GetProcessById(id);
            process.Kill(); // nobody else would
        }
    }

    [Fact]
    public async Task Process_ThatNeverComesUp_IsGivenUp_WithItsLastWords()
    {
        await using var application = new TestApplication();
        var broken = application.AddShell("broken", "echo tried >> tries; echo 'the model folder is empty.' >&2; exit 3")
            .WithHttpEndpoint().WithHttpHealthCheck("/health");
        application.AddShell("after", "exec sleep 1000").WaitFor(broken);
        await application.StartAsync();

        var problem = await Assert.ThrowsAsync<DistributedApplicationException>(() => application.HealthyAsync("after"));

        Assert.Equal("broken stopped during its start with exit code 3: the model folder is empty.", problem.Message);
        Assert.Equal(3, (await application.LinesAsync("tries", 3)).Length);
    }

    [Fact]
    public async Task Resource_WhoseDeclarationFails_IsGivenUp_AndWhoWaitsIsTold()
    {
        await using var application = new TestApplication();
        var typo = application.AddShell("typo", "exec sleep 1000")
            .WithEnvironment("OTHER", application.AddProbe("other").GetEndpoint("htpp"));
        application.AddShell("after", "exec sleep 1000").WaitFor(typo);
        application.AddShell("unchecked", "echo started >> starts; exec sleep 1000").WithHttpHealthCheck("/health");
        await application.StartAsync();

        var problem = await Assert.ThrowsAsync<DistributedApplicationException>(() => application.HealthyAsync("after"));
        Assert.Equal("The resource `other` has no endpoint named `htpp`.", problem.Message);

        problem = await Assert.ThrowsAsync<DistributedApplicationException>(() => application.HealthyAsync("unchecked"));
        Assert.Equal(
            "The HTTP health check of 'unchecked' wants the endpoint 'http', which is not there; add it with WithHttpEndpoint.", problem.Message);
        Assert.False(File.Exists(application.FilePath("starts")));
    }

    [Fact]
    public async Task Port_InUse_IsSaidInOneSentence()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        await using var application = new TestApplication();
        application.AddProbe("probe", port);

        var problem = await Assert.ThrowsAsync<DistributedApplicationException>(() => application.StartAsync());

        Assert.Equal($"Port {port}, meant for probe, is already in use.", problem.Message);
    }

    [Fact]
    public async Task Stop_LeavesNoProcess_NotEvenGrandchildren()
    {
        await using var application = new TestApplication();
        application.AddShell("parent", "sleep 1000 & echo $! >> ids; echo $$ >> ids; wait");
        await application.StartAsync("parent");
        var ids = (await application.LinesAsync("ids", 2)).Select(line => int.Parse(line, CultureInfo.InvariantCulture)).ToList();
        Assert.All(ids, id => Assert.True(TestApplication.IsAlive(id)));

        var watch = Stopwatch.StartNew();
        await application.StopAsync();

        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(8)); // not by the last resort, after 10 s
        foreach (var id in ids)
        {
            await TestApplication.GoneAsync(id);
        }
    }

    private static async Task<HttpStatusCode?> StatusAsync(HttpClient client, string address)
    {
        try
        {
            using var response = await client.GetAsync($"{address}/health");
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null; // not listening yet
        }
    }
}
