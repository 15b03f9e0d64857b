using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Realiz3D.Mesh.Grpc.Interop;

/// <summary>Serves grpc.testing.TestService until it is told to stop.</summary>
internal static class InteropServer
{
    public static async Task<int> RunAsync(Flags flags)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, flags.Port, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            if (flags.UseTls)
            {
                listen.UseHttps(TestCertificates.ServerIn(flags.Certificates));
            }
        }));
        builder.Services.AddGrpc(options =>
        {
            options.CompressionProviders.Clear();
            options.CompressionProviders.Add(new ObservedGzip());
            options.ResponseCompressionAlgorithm = "gzip";
        });

        var app = builder.Build();
        app.Use((context, next) =>
        {
            ObservedGzip.Restart();
            return next(context);
        });
        app.MapGrpcService<TestEndpoint>();
        await app.StartAsync();
        Console.WriteLine($"listening on {new Uri(app.Urls.Single()).Port}");
        await app.WaitForShutdownAsync();
        return 0;
    }
}
