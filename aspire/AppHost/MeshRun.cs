using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Realiz3D.Mesh.AppHost;

/// <summary>One life of the mesh: up, announced, down.</summary>
internal static class MeshRun
{
    private const string RunFileSetting = "REALIZ3D_RUN_FILE";
    private const string StatusPortSetting = "REALIZ3D_STATUS_PORT";

    /// <summary>Runs the mesh until Ctrl+C or SIGTERM.</summary>
    /// <exception cref="DistributedApplicationException">A part of it does not start.</exception>
    /// <remarks>
    /// Once every part is healthy, the addresses are printed, and written to the file that REALIZ3D_RUN_FILE names:
    /// lines <c>pid=</c>, <c>gateway=</c>, <c>studio=</c>, <c>resources=</c>. What becomes of the parts meanwhile can be
    /// seen from the start at the address of the resources.
    /// </remarks>
    public static async Task RunAsync(
        IDistributedApplicationBuilder builder,
        IResourceBuilder<ProjectResource> gateway,
        IResourceBuilder<ProjectResource> studio)
    {
        var runFile = builder.Configuration[RunFileSetting];
        await using var app = builder.Build();
        await using var status = await StatusPage.StartAsync(app, builder.Number(StatusPortSetting));
        Console.WriteLine($"mesh: resources {status.Address}");
        var stopping = app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        try
        {
            await app.StartAsync(stopping);
            await app.ResourceNotifications.WaitForResourceHealthyAsync(studio.Resource.Name, stopping);
            Announce(gateway.GetEndpoint("http").Url, studio.GetEndpoint("http").Url, status.Address, runFile);
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

    private static void Announce(string gateway, string studio, Uri resources, string? runFile)
    {
        if (runFile is not null)
        {
            // Written whole, then renamed: a reader never sees half of it.
            var draft = runFile + ".new";
            File.WriteAllText(draft, $"pid={Environment.ProcessId}\ngateway={gateway}\nstudio={studio}\nresources={resources}\n");
            File.Move(draft, runFile, overwrite: true);
        }

        Console.WriteLine($"mesh: gateway {gateway}");
        Console.WriteLine($"mesh: studio  {studio}");
        Console.WriteLine("mesh: Ctrl+C stops it");
    }
}
