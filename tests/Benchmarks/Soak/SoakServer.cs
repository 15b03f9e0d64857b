using System.IO.Compression;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Realiz3D.Mesh.ServiceDefaults;

namespace Realiz3D.Mesh.Benchmarks.Soak;

/// <summary>The process that serves <see cref="SoakEndpoint"/>: a service like those of the mesh, its answers compressed.</summary>
internal static class SoakServer
{
    /// <summary>Serves on a free port of loopback until standard input ends; the address is the first line it writes.</summary>
    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateBuilder(["--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None"]);
        builder.AddServiceDefaults();
        builder.Services.Configure<GrpcServiceOptions>(options =>
        {
            options.ResponseCompressionAlgorithm = "gzip";
            options.ResponseCompressionLevel = CompressionLevel.Fastest;
        });
        await using var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGrpcService<SoakEndpoint>();
        await app.StartAsync();
        Console.WriteLine(app.Urls.Single());
        await Console.In.ReadToEndAsync();
        await app.StopAsync();
    }
}
