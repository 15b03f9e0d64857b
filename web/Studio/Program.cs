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
app.MapGet("/_framework/blazor.web.js", () =>
    Results.File(Path.Combine(AppContext.BaseDirectory, "blazor.web.js"), "text/javascript"));
app.MapGet("/jobs/{jobId}/{fileName}", JobFiles.DownloadAsync);
app.MapRazorComponents<App>().AddInteractiveServerRenderMode();

app.Run();
