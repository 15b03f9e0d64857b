using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Realiz3D.Mesh.AppHost;

namespace Realiz3D.Mesh.Hosting.Tests;

/// <summary>What others are told about the resources.</summary>
public class StateTests
{
    [Fact]
    public async Task States_FollowTheProcess_UntilItIsStopped()
    {
        await using var application = new TestApplication();
        application.AddProbe("probe");
        await application.StartAsync("probe");
        var states = new List<string>();
        using var closing = new CancellationTokenSource(TestApplication.Timeout);

        await foreach (var change in application.Built.ResourceNotifications.WatchAsync(closing.Token))
        {
            states.Add($"{change.Snapshot.State!.Text} {change.Snapshot.HealthStatus}");
            if (states.Count == 1)
            {
                _ = application.StopAsync();
            }
            else if (change.Snapshot.State.Text == KnownResourceStates.Exited)
            {
                break;
            }
        }

        Assert.Equal(["Running Healthy", "Exited "], states);
    }

    [Fact]
    public async Task WaitForHealthy_AfterARestart_WaitsForTheNewProcess()
    {
        await using var application = new TestApplication();
        var mayRun = application.FilePath("ready");
        await File.WriteAllTextAsync(mayRun, string.Empty);
        var probe = application.AddProbe("probe").WithEnvironment("PROBE_READY", mayRun);
        await application.StartAsync("probe");
        File.Delete(mayRun);
        await application.EndProcessAsync(probe);

        var healthy = application.HealthyAsync("probe");
        Assert.False(healthy.IsCompleted);
        await File.WriteAllTextAsync(mayRun, string.Empty);

        await healthy;
    }

    [Fact]
    public async Task StatusPage_ListsResources_WithStateHealthAndEndpoints()
    {
        await using var application = new TestApplication();
        var probe = application.AddProbe("probe").WithReplicas(2);
        var broken = application.AddShell("broken", "exit 3").WithHttpEndpoint().WithHttpHealthCheck("/health");
        application.AddShell("after", "exec sleep 1000").WaitFor(probe).WaitFor(broken);
        await application.StartAsync("probe");
        await application.StateAsync("after", state => state.State?.Text == KnownResourceStates.FailedToStart);
        await using var page = await StatusPage.StartAsync(application.Built, port: null);

        var list = await JsonAsync(page.Address);

        Assert.Equal(
            ["after after FailedToStart ", "broken broken FailedToStart ", "probe probe-0 Running Healthy", "probe probe-1 Running Healthy"],
            list.EnumerateArray().Select(item => $"{Text(item, "name")} {Text(item, "instance")} {Text(item, "state")} {Text(item, "health")}"));
        Assert.Equal(["Executable", "Executable", "Project", "Project"], list.EnumerateArray().Select(item => Text(item, "type")));
        Assert.Equal(3, list[1].GetProperty("exitCode").GetInt32());
        Assert.Equal(probe.GetEndpoint("http").Url, Text(list[2].GetProperty("endpoints")[0], "url"));
        Assert.Equal(probe.GetEndpoint("http").Url, Text(list[3].GetProperty("endpoints")[0], "url"));
    }

    [Fact]
    public async Task StatusPage_ShowsTheLastLines_OfBothStreams()
    {
        await using var application = new TestApplication();
        application.AddShell("talker", "echo one; echo two; echo three >&2; echo said > said; exec sleep 1000");
        await application.StartAsync("talker");
        await using var page = await StatusPage.StartAsync(application.Built, port: null);
        await application.LinesAsync("said", 1);

        // The two streams are read side by side: which line comes first is not certain.
        var lines = new List<(string Text, bool IsError)>();
        while (lines.Count < 3)
        {
            lines = [.. (await JsonAsync(new($"{page.Address}/talker/logs"))).EnumerateArray().Select(line => (Text(line, "text"), line.GetProperty("isError").GetBoolean()))];
        }

        Assert.Equal([("one", false), ("three", true), ("two", false)], lines.OrderBy(line => line.Text, StringComparer.Ordinal));
        Assert.Equal(3, Assert.Single((await JsonAsync(new($"{page.Address}/talker/logs?lines=1"))).EnumerateArray()).GetProperty("number").GetInt32());
    }

    [Theory]
    [InlineData("127.0.0.1", "/nobody/logs")]
    [InlineData("attacker.example", "")]
    public async Task StatusPage_OfUnknownNames_IsNotFound(string host, string path)
    {
        await using var application = new TestApplication();
        await application.StartAsync();
        await using var page = await StatusPage.StartAsync(application.Built, port: null);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{page.Address}{path}") { Headers = { Host = host } };

        using var response = await client.SendAsync(request);

        Assert.Equal(System.Net.HttpStatusCode.NotFound, response.StatusCode);
    }

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString() ?? string.Empty;

    private static async Task<JsonElement> JsonAsync(Uri address)
    {
        using var client = new HttpClient();
        using var document = JsonDocument.Parse(await client.GetStringAsync(address).WaitAsync(TestApplication.Timeout));
        return document.RootElement.Clone();
    }
}
