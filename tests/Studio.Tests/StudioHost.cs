using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Realiz3D.Mesh.ServiceDefaults;

namespace Realiz3D.Mesh.Studio.Tests;

/// <summary>The Studio before a gateway that has only <see cref="FakeJobs"/> behind it.</summary>
public sealed class StudioHost : IAsyncLifetime
{
    private readonly WebApplication _gateway;
    private WebApplicationFactory<Program>? _studio;

    public StudioHost()
    {
        var builder = WebApplication.CreateBuilder();
        builder.AddServiceDefaults();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _gateway = builder.Build();
        _gateway.MapGrpcService<FakeJobs>();
    }

    public HttpClient Browser => _studio!.CreateClient();

    internal JobClient Jobs => _studio!.Services.GetRequiredService<JobClient>();

    public async Task InitializeAsync()
    {
        await _gateway.StartAsync();
        _studio = new WebApplicationFactory<Program>()
            .WithWebHostBuilder(studio => studio.UseSetting("services:gateway:http:0", _gateway.Urls.Single()));
    }

    public async Task DisposeAsync()
    {
        await _studio!.DisposeAsync();
        await _gateway.DisposeAsync();
    }
}
