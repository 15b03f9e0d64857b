using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.ServiceDefaults;

namespace Realiz3D.Mesh.Gateway.Tests;

/// <summary>Real programs on free loopback ports, in this process.</summary>
internal static class Programs
{
    /// <summary>No test waits longer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>A deadline for a call that is expected to end.</summary>
    public static DateTime Soon => DateTime.UtcNow + Patience;

    /// <summary>A denoiser whose only model has the given name, so that a caller sees which pod answered.</summary>
    public static Task<WebApplication> StartPodAsync(string name, string url = "http://127.0.0.1:0") => StartPodAsync(new PodEndpoint(name), url);

    /// <summary>A pod that serves one endpoint.</summary>
    public static async Task<WebApplication> StartPodAsync<T>(T endpoint, string url = "http://127.0.0.1:0")
        where T : class
    {
        var builder = Create(new() { ["urls"] = url });
        builder.AddServiceDefaults();
        builder.Services.AddSingleton(endpoint);
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGrpcService<T>();
        await app.StartAsync();
        return app;
    }

    /// <summary>A pod that cuts every call after a while, without a word, as a service does with a call over its deadline.</summary>
    public static async Task<WebApplication> StartCuttingPodAsync(TimeSpan after)
    {
        var builder = Create(new() { ["urls"] = "http://127.0.0.1:0" });
        builder.AddServiceDefaults();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapPost("/realiz3d.mesh.denoiser.v1.DenoiserService/{method}", async context =>
        {
            await Task.Delay(after);
            context.Abort();
        });
        await app.StartAsync();
        return app;
    }

    /// <summary>The gateway as its Program composes it, before the given denoisers.</summary>
    public static async Task<WebApplication> StartGatewayAsync(
        IEnumerable<string> denoisers,
        params (string Key, string Value)[] settings)
    {
        var values = denoisers.Select((url, pod) => ($"services:denoiser:http:{pod}", url)).Concat(settings)
            .ToDictionary(setting => setting.Item1, setting => (string?)setting.Item2);
        values["urls"] = "http://127.0.0.1:0";
        var builder = Create(values);
        builder.AddServiceDefaults();
        builder.AddGateway();
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGateway();
        await app.StartAsync();
        return app;
    }

    /// <summary>A client that talks to the program.</summary>
    public static DenoiserService.DenoiserServiceClient ClientOf(WebApplication app) =>
        new(GrpcChannel.ForAddress(app.Urls.Single()));

    private static WebApplicationBuilder Create(Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings);
        return builder;
    }
}

/// <summary>Answers as a denoiser; "paints" by progress alone, and breaks when asked to.</summary>
internal sealed class PodEndpoint(string name) : DenoiserService.DenoiserServiceBase
{
    /// <summary>The authorization header of the last call, if it came with one.</summary>
    public string? SeenKey { get; private set; }

    /// <summary>The tenant header of the last call.</summary>
    public string? SeenTenant { get; private set; }

    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context)
    {
        SeenKey = context.RequestHeaders.GetValue("authorization");
        SeenTenant = context.RequestHeaders.GetValue("realiz3d-tenant");
        return Task.FromResult(new ListModelsResponse { Models = { new ModelInfo { Name = name } } });
    }

    public override Task<LoadModelResponse> LoadModel(LoadModelRequest request, ServerCallContext context) =>
        throw new InvalidOperationException("secret path /srv/models");

    public override Task<EncodeTextResponse> EncodeText(EncodeTextRequest request, ServerCallContext context) =>
        throw new RpcException(new Status(StatusCode.InvalidArgument, "prompt must have 1 to 2000 characters."));

    public override async Task GenerateViews(
        GenerateViewsRequest request,
        IServerStreamWriter<GenerateViewsResponse> responseStream,
        ServerCallContext context)
    {
        for (var step = 1; step <= request.StepCount; step++)
        {
            await responseStream.WriteAsync(new GenerateViewsResponse { Result = new() { StepCount = step } });
        }
    }
}
