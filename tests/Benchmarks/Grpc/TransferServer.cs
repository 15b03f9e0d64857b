using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Realiz3D.Mesh.Benchmarks.Grpc;

/// <summary>The servers of ours: gRPC and plain HTTP/2 on one Kestrel, or raw TCP. They live as long as their input.</summary>
internal static class TransferServer
{
    /// <summary>Serves until the input ends. Prints the port first, then the bytes allocated so far for every line it gets.</summary>
    /// <param name="kind"><c>tcp</c>, or Kestrel for the others.</param>
    public static async Task<int> RunAsync(string kind)
    {
        if (kind == "tcp")
        {
            using var tcp = new TcpTransferServer();
            Console.WriteLine($"listening on {tcp.Port}");
            await AnswerAsync();
            return 0;
        }

        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        await using var app = builder.Build();
        app.MapGrpcService<TransferEndpoint>();
        app.MapPost("/copy", context => context.Request.BodyReader.CopyToAsync(context.Response.BodyWriter, context.RequestAborted));
        app.MapGet("/copy/{count:int}/{bytes:int}", CopyAsync);
        await app.StartAsync();
        Console.WriteLine($"listening on {new Uri(app.Urls.Single()).Port}");
        await AnswerAsync();
        return 0;
    }

    private static async Task CopyAsync(HttpContext context, int count, int bytes)
    {
        var piece = new byte[bytes];
        for (var i = 0; i < count; i++)
        {
            await context.Response.BodyWriter.WriteAsync(piece, context.RequestAborted);
        }
    }

    private static async Task AnswerAsync()
    {
        while (await Console.In.ReadLineAsync() is not null)
        {
            Console.WriteLine($"allocated={GC.GetTotalAllocatedBytes(precise: true)}");
        }
    }
}
