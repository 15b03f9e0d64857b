using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace Realiz3D.Mesh.Hosting.Tests;

/// <summary>An application of a test, with a folder of its own, stopped at the end.</summary>
internal sealed class TestApplication : IAsyncDisposable
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    private readonly IDistributedApplicationBuilder _builder = DistributedApplication.CreateBuilder();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hosting-tests-");
    private DistributedApplication? _application;

    public static string ProbeProject { get; } = typeof(TestApplication).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "ProbeProject").Value!;

    public string FilePath(string name) => Path.Combine(_folder.FullName, name);

    public IResourceBuilder<RedisResource> AddRedis(string name) => _builder.AddRedis(name, port: null);

    public IResourceBuilder<ProjectResource> AddProbe(string name, int? port = null) =>
        _builder.AddProject(name, ProbeProject).WithHttpEndpoint(port: port).WithHttpHealthCheck("/health");

    public IResourceBuilder<ExecutableResource> AddShell(string name, string script) =>
        _builder.AddExecutable(name, "/bin/sh", _folder.FullName, "-c", script);

    /// <summary>Starts the application and waits until the named resources are healthy.</summary>
    public async Task StartAsync(params string[] healthy)
    {
        _application = _builder.Build();
        await _application.StartAsync().WaitAsync(Timeout);
        foreach (var name in healthy)
        {
            await HealthyAsync(name);
        }
    }

    public Task HealthyAsync(string name) => _application!.ResourceNotifications.WaitForResourceHealthyAsync(name).WaitAsync(Timeout);

    public DistributedApplication Built => _application!;

    public Task StopAsync() => _application!.StopAsync().WaitAsync(Timeout);

    /// <summary>Waits until what is known of a resource fits.</summary>
    public async Task StateAsync(string name, Predicate<CustomResourceSnapshot> fits)
    {
        using var timeout = new CancellationTokenSource(Timeout);
        await foreach (var change in Built.ResourceNotifications.WatchAsync(timeout.Token))
        {
            if (change.ResourceId == name && fits(change.Snapshot))
            {
                return;
            }
        }
    }

    /// <summary>Kills the process of a probe, which is then started again.</summary>
    public async Task EndProcessAsync(IResourceBuilder<ProjectResource> probe)
    {
        using var client = new HttpClient();
        var id = await client.GetStringAsync($"{probe.GetEndpoint("http").Url}/process").WaitAsync(Timeout);
        using var process = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
        var ended = StateAsync(probe.Resource.Name, state => state.ExitCode is not null);
        process.Kill();
        await ended;
    }

    /// <summary>Waits until a file has at least so many lines, and returns them.</summary>
    public async Task<string[]> LinesAsync(string name, int count)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var lines = File.Exists(FilePath(name)) ? await File.ReadAllLinesAsync(FilePath(name)) : [];
            if (lines.Length >= count)
            {
                return lines;
            }

            Assert.True(watch.Elapsed < Timeout, $"{name} has {lines.Length} lines, not {count}.");
            await Task.Delay(20);
        }
    }

    public static bool IsAlive(int processId) =>
        File.Exists($"/proc/{processId}/stat") && !File.ReadAllText($"/proc/{processId}/stat").Contains(") Z ", StringComparison.Ordinal);

    /// <summary>Waits until the process is gone.</summary>
    public static async Task GoneAsync(int processId)
    {
        var watch = Stopwatch.StartNew();
        while (IsAlive(processId))
        {
            Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"Process {processId} still lives.");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }
}
