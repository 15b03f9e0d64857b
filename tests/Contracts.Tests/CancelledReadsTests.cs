using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Realiz3D.Mesh.Contracts.Tests;

/// <summary>What a read of an answer gets when the request is ended under it, as Grpc.Net.Client ends a call: by the token, then the response.</summary>
public class CancelledReadsTests
{
    // Without the handler: if one of these turns red, the runtime has changed, and the handler may go.
    [Theory]
    [InlineData(false, true, typeof(IOException))]
    [InlineData(true, true, typeof(OperationCanceledException))]
    [InlineData(true, false, typeof(IOException))] // cut by somebody else: still a fault
    public async Task ReadUnderWay(bool withHandler, bool cancelled, Type expected)
    {
        await using var app = await StartAsync();
        using var client = ClientOf(withHandler);
        using var cancel = new CancellationTokenSource();
        var response = await client.SendAsync(RequestTo(app), cancel.Token);
        var body = await response.Content.ReadAsStreamAsync();
        Assert.Equal(1, await body.ReadAsync(new byte[8]));
        var reading = body.ReadAsync(new byte[8]).AsTask();

        End(response, cancel, cancelled);

        Assert.IsType(expected, await Record.ExceptionAsync(() => reading));
    }

    [Theory]
    [InlineData(false, true, typeof(ObjectDisposedException))]
    [InlineData(true, true, typeof(OperationCanceledException))]
    [InlineData(true, false, typeof(ObjectDisposedException))]
    public async Task ReadThatBeginsLater(bool withHandler, bool cancelled, Type expected)
    {
        await using var app = await StartAsync();
        using var client = ClientOf(withHandler);
        using var cancel = new CancellationTokenSource();
        var response = await client.SendAsync(RequestTo(app), cancel.Token);

        End(response, cancel, cancelled);

        Assert.IsType(expected, await Record.ExceptionAsync(() => response.Content.ReadAsStreamAsync()));
    }

    [Fact]
    public async Task WholeAnswer_ComesThroughUnchanged()
    {
        await using var app = await StartAsync();
        using var client = ClientOf(withHandler: true);

        using var response = await client.SendAsync(RequestTo(app, "/whole"), CancellationToken.None);

        Assert.Equal("text/x-test", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(3, response.Content.Headers.ContentLength);
        Assert.Equal([1, 2, 3], await response.Content.ReadAsByteArrayAsync());
        Assert.Equal("0", response.TrailingHeaders.GetValues("grpc-status").Single());
    }

    private static void End(HttpResponseMessage response, CancellationTokenSource cancel, bool cancelled)
    {
        if (cancelled)
        {
            cancel.Cancel();
        }

        response.Dispose();
    }

    private static HttpMessageInvoker ClientOf(bool withHandler)
    {
        var sockets = new SocketsHttpHandler { UseProxy = false };
        return new HttpMessageInvoker(withHandler ? new CancelledReads(sockets) : sockets);
    }

    private static HttpRequestMessage RequestTo(WebApplication app, string path = "/") => new(HttpMethod.Get, app.Urls.Single() + path)
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };

    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.MapGet("/", async (HttpContext context) =>
        {
            await context.Response.Body.WriteAsync(new byte[1]);
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted); // never more than this byte
        });
        app.MapGet("/whole", async (HttpContext context) =>
        {
            context.Response.ContentType = "text/x-test";
            context.Response.ContentLength = 3;
            await context.Response.Body.WriteAsync(new byte[] { 1, 2, 3 });
            context.Response.AppendTrailer("grpc-status", "0");
        });
        await app.StartAsync();
        return app;
    }
}
