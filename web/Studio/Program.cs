using Microsoft.AspNetCore.Server.Kestrel.Core;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.ServiceDefaults;
using Realiz3D.Mesh.Studio;
using Realiz3D.Mesh.Studio.Components;

var builder = WebApplication.CreateBuilder(args);

builder.AddServiceDefaults();
// Browsers speak HTTP/1.1 over clear text.
builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http1));
builder.AddServiceClient<JobService.JobServiceClient>("gateway");
builder.Services.AddSingleton<JobClient>();
builder.Services.AddRazorComponents().AddInteractiveServerComponents();

var app = builder.Build();

app.UseStaticFiles();
app.UseAntiforgery();
app.MapDefaultEndpoints();

// Beside the program only where the build has cut it out of another package; else it is a static asset like any other.
var blazorScript = Path.Combine(AppContext.BaseDirectory, "blazor.web.js");
if (File.Exists(blazorScript))
{
    app.MapGet("/_framework/blazor.web.js", () => Results.File(blazorScript, "text/javascript"));
}

app.MapGet("/jobs/{jobId}/{fileName}", JobFiles.DownloadAsync);
app.MapRazorComponents<App>().AddInteractiveServerRenderMode();

app.Run();
