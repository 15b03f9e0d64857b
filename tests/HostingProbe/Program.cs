using System.Collections;
using System.Globalization;
using Aspire.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

if (args is ["apphost", var folder])
{
    // An app host to be killed: a Redis, then a process with a child, whose ids are written to the folder's file "ids".
    var application = DistributedApplication.CreateBuilder();
    var cache = application.AddRedis("cache", port: null);
    application.AddExecutable("parent", "/bin/sh", folder, "-c", "sleep 1000 & echo $! >> ids; echo $$ >> ids; wait").WaitFor(cache);
    await application.Build().RunAsync();
    return;
}

// A service that tells its environment and is healthy once the file PROBE_READY exists.
var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(
    endpoint => endpoint.Protocols = builder.Configuration["PROBE_HTTP2"] is null ? HttpProtocols.Http1 : HttpProtocols.Http2));
var app = builder.Build();
app.MapGet("/health", () => builder.Configuration["PROBE_READY"] is { } file && !File.Exists(file)
    ? Results.StatusCode(StatusCodes.Status503ServiceUnavailable)
    : Results.Ok());
app.MapGet("/process", () => Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
app.MapGet("/environment", () => string.Join('\n', Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
    .Select(variable => $"{variable.Key}={variable.Value}")));
await app.RunAsync();
