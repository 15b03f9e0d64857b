using System.Collections.Concurrent;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Realiz3D.Mesh.AppHost;

/// <summary>Shows as JSON, on a loopback port, what the mesh consists of, how it is and what it says.</summary>
/// <remarks>
/// <c>GET /resources</c> lists every process; <c>GET /resources/NAME/logs?lines=N</c> is what one has said last. The page
/// never shows environments: they hold passwords.
/// </remarks>
internal sealed class StatusPage : IAsyncDisposable
{
    private const int UsualLines = 200;
    private const int MaxLines = 1000;

    // Only names of this machine: a page on the web may point a name of its own at the loopback address.
    private static readonly string[] Hosts = ["127.0.0.1", "localhost"];

    private readonly ConcurrentDictionary<string, ResourceEvent> _latest = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ResourceLoggerService _logs;
    private readonly WebApplication _web;
    private readonly Task _watching;

    private StatusPage(DistributedApplication mesh, int? port)
    {
        _logs = mesh.Services.GetRequiredService<ResourceLoggerService>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port ?? 0}");
        _web = builder.Build();
        var resources = _web.MapGroup("/resources").RequireHost(Hosts);
        resources.MapGet("/", () => _latest.Values.OrderBy(resource => resource.ResourceId, StringComparer.Ordinal).Select(View));
        resources.MapGet("/{name}/logs", LinesAsync);
        _watching = WatchAsync(mesh.ResourceNotifications);
    }

    /// <summary>Where the list is.</summary>
    public Uri Address => new(new Uri(_web.Urls.First()), "/resources");

    /// <param name="mesh">What to show.</param>
    /// <param name="port">Where to listen; a free port if it is null.</param>
    /// <exception cref="DistributedApplicationException">The port is in use.</exception>
    public static async Task<StatusPage> StartAsync(DistributedApplication mesh, int? port)
    {
        var page = new StatusPage(mesh, port);
        try
        {
            await page._web.StartAsync();
            return page;
        }
        catch (IOException problem)
        {
            await page.DisposeAsync();
            throw new DistributedApplicationException($"Port {port}, meant for the list of resources, is already in use.", problem);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        await _web.DisposeAsync();
        _stop.Dispose();
    }

    private static ResourceView View(ResourceEvent resource) => new(
        resource.Resource.Name,
        resource.ResourceId,
        resource.Snapshot.ResourceType,
        resource.Snapshot.State?.Text,
        resource.Snapshot.HealthStatus?.ToString(),
        resource.Snapshot.ExitCode,
        resource.Snapshot.StartTimeStamp,
        [.. resource.Snapshot.Urls.Select(url => new EndpointView(url.Name, url.Url))]);

    private async Task WatchAsync(ResourceNotificationService notifications)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(_stop.Token))
            {
                _latest[change.ResourceId] = change;
            }
        }
        catch (OperationCanceledException)
        {
            // The page closes.
        }
    }

    private async Task<IResult> LinesAsync(string name, int? lines)
    {
        var resource = _latest.Values.FirstOrDefault(known => string.Equals(known.Resource.Name, name, StringComparison.OrdinalIgnoreCase));
        if (resource is null)
        {
            return Results.NotFound();
        }

        List<LogLine> said = [];
        await foreach (var some in _logs.GetAllAsync(resource.Resource))
        {
            said.AddRange(some);
        }

        return Results.Ok(said
            .TakeLast(Math.Clamp(lines ?? UsualLines, 0, MaxLines))
            .Select(line => new LineView(line.LineNumber, line.Content, line.IsErrorMessage)));
    }

    private sealed record ResourceView(
        string Name,
        string Instance,
        string Type,
        string? State,
        string? Health,
        int? ExitCode,
        DateTime? StartedAt,
        IReadOnlyList<EndpointView> Endpoints);

    private sealed record EndpointView(string? Name, string Url);

    private sealed record LineView(int Number, string Text, bool IsError);
}
