using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Realiz3D.Mesh.AppHost;

/// <summary>One life of the mesh: up, announced, down.</summary>
internal static class MeshRun
{
    private const string RunFileSetting = "REALIZ3D_RUN_FILE";

    /// <summary>Runs the mesh until Ctrl+C or SIGTERM.</summary>
    /// <exception cref="DistributedApplicationException">A part of it does not start.</exception>
    /// <remarks>
    /// Once every part is healthy, the addresses are printed, and written to the file that REALIZ3D_RUN_FILE names:
    /// lines <c>pid=</c>, <c>gateway=</c>, <c>studio=</c>.
    /// </remarks>
    public static async Task RunAsync(
        IDistributedApplicationBuilder builder,
        IResourceBuilder<ProjectResource> gateway,
        IResourceBuilder<ProjectResource> studio)
    {
        var runFile = builder.Configuration[RunFileSetting];
        await using var app = builder.Build();
        var stopping = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await app.StartAsync(stopping);
            await app.ResourceNotifications.WaitForResourceHealthyAsync(studio.Resource.Name, stopping);
            Announce(gateway.GetEndpoint("http").Url, studio.GetEndpoint("http").Url, runFile);
            await app.WaitForShutdownAsync();
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Asked to stop while it was still starting.
        }
        finally
        {
            if (runFile is not null)
            {
                File.Delete(runFile);
            }
        }
    }

    private static void Announce(string gateway, string studio, string? runFile)
    {
        if (runFile is not null)
        {
            // Written whole, then renamed: a reader never sees half of it.
            var draft = runFile + ".new";
            File.WriteAllText(draft, $"pid={Environment.ProcessId}\ngateway={gateway}\nstudio={studio}\n");
            File.Move(draft, runFile, overwrite: true);
        }

        Console.WriteLine($"mesh: gateway {gateway}");
        Console.WriteLine($"mesh: studio  {studio}");
        Console.WriteLine("mesh: Ctrl+C stops it");
    }
}
