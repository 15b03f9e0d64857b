using System.Collections;
using System.Globalization;
using Aspire.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;

if (args is ["apphost", var idFile])
{
    // An app host with one process, which writes its id to the file and then waits for ever.
    var application = DistributedApplication.CreateBuilder();
    application.AddExecutable("sleeper", "/bin/sh", "/", "-c", $"echo $$ > '{idFile}'; exec sleep 1000");
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
