using System.Net;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using static Realiz3D.Mesh.Contracts.Denoising.V1.DenoiserService;

namespace Realiz3D.Mesh.ServiceDefaults.Tests;

/// <summary>Clients made by name, against real pods on loopback.</summary>
public class ServiceChannelsTests
{
    private static DateTime Soon => DateTime.UtcNow.AddSeconds(30);

    [Fact]
    public async Task Client_TakesThePodsInTurn()
    {
        await using var first = await StartPodAsync("a");
        await using var second = await StartPodAsync("b");
        await using var caller = CallerOf([.. first.Urls, .. second.Urls]);
        var client = caller.Services.GetRequiredService<DenoiserServiceClient>();

        // Until both connections stand, the one that does gets all calls.
        var names = new List<string>();
        for (var end = Soon; names.Distinct().Count() < 2 && DateTime.UtcNow < end;)
        {
            names.Add(await NameAsync(client));
        }

        names.Clear();
        for (var call = 0; call < 20; call++)
        {
            names.Add(await NameAsync(client));
        }

        Assert.Equal(10, names.Count(name => name == "a"));
        Assert.Equal(10, names.Count(name => name == "b"));
    }

    [Fact]
    public async Task Client_FindsPodsByName()
    {
        await using var pod = await StartPodAsync("a");
        await using var caller = CallerOf([pod.Urls.Single().Replace("http://", "dns:///", StringComparison.Ordinal)]);

        Assert.Equal("a", await NameAsync(caller.Services.GetRequiredService<DenoiserServiceClient>()));
    }

    [Fact]
    public async Task Client_PodComesBackWhileItTries_TheCallSucceeds()
    {
        var pod = await StartPodAsync("a");
        var address = pod.Urls.Single();
        await using var caller = CallerOf([address]);
        var client = caller.Services.GetRequiredService<DenoiserServiceClient>();
        Assert.Equal("a", await NameAsync(client));
        await pod.DisposeAsync();

        var call = Task.Run(async () =>
        {
            // Each call tries for about two seconds; the pod may need longer on a busy machine.
            for (var end = Soon; ;)
            {
                try
                {
                    return await NameAsync(client);
                }
                catch (RpcException failure) when (failure.StatusCode == StatusCode.Unavailable && DateTime.UtcNow < end)
                {
                }
            }
        });
        await using var back = await StartPodAsync("back", address);

        Assert.Equal("back", await call);
    }

    [Fact]
    public async Task Client_UnaryCallsGetADeadline_StreamsDoNot()
    {
        await using var pod = await StartPodAsync("a");
        await using var caller = CallerOf(pod.Urls);
        var client = caller.Services.GetRequiredService<DenoiserServiceClient>();
        var seen = pod.Services.GetRequiredService<PodEndpoint>();

        await client.ListModelsAsync(new ListModelsRequest());
        Assert.InRange(seen.Deadline, DateTime.UtcNow.AddMinutes(4), DateTime.UtcNow.AddMinutes(6));

        using var stream = client.GenerateViews(new GenerateViewsRequest());
        Assert.False(await stream.ResponseStream.MoveNext());
        Assert.Equal(DateTime.MaxValue, seen.Deadline);
    }

    [Fact]
    public async Task Client_UnexpectedFailure_IsOneSentenceWithoutDetails()
    {
        await using var pod = await StartPodAsync("a");
        await using var caller = CallerOf(pod.Urls);
        var client = caller.Services.GetRequiredService<DenoiserServiceClient>();

        var failure = await Assert.ThrowsAsync<RpcException>(
            async () => await client.LoadModelAsync(new LoadModelRequest(), deadline: Soon));

        Assert.Equal(StatusCode.Internal, failure.StatusCode);
        Assert.Matches("^The service failed unexpectedly; its log has the details under [0-9a-f]{32}\\.$", failure.Status.Detail);
    }

    [Fact]
    public async Task Client_CallsPodsDirectly_WhateverProxyTheEnvironmentNames()
    {
        await using var pod = await StartPodAsync("a");
        var usual = HttpClient.DefaultProxy;
        var others = $"^(?!http://127\\.0\\.0\\.1:{new Uri(pod.Urls.Single()).Port}$)"; // tests that run meanwhile
        HttpClient.DefaultProxy = new WebProxy("http://127.0.0.1:9", BypassOnLocal: false, [others]);
        try
        {
            await using var caller = CallerOf(pod.Urls);
            Assert.Equal("a", await NameAsync(caller.Services.GetRequiredService<DenoiserServiceClient>()));
        }
        finally
        {
            HttpClient.DefaultProxy = usual;
        }
    }

    [Fact]
    public void Create_WithoutAddresses_SaysWhatToSet()
    {
        var problem = Assert.Throws<InvalidOperationException>(
            () => ServiceChannels.Create("jobs", [], NullLoggerFactory.Instance));
        Assert.Equal("The service 'jobs' has no address; set services__jobs__http__0.", problem.Message);
    }

    [Fact]
    public void Create_MixedSchemes_AreRefused() =>
        Assert.Throws<InvalidOperationException>(() => ServiceChannels.Create(
            "jobs", [new Uri("http://127.0.0.1:1"), new Uri("https://127.0.0.1:2")], NullLoggerFactory.Instance));

    private static async Task<string> NameAsync(DenoiserServiceClient client) =>
        (await client.ListModelsAsync(new ListModelsRequest(), deadline: Soon)).Models.Single().Name;

    private static WebApplication CallerOf(IEnumerable<string> pods)
    {
        var builder = Create(pods
            .Select((url, pod) => ($"services:denoiser:http:{pod}", url))
            .ToDictionary(setting => setting.Item1, setting => (string?)setting.url));
        builder.AddServiceClient<DenoiserServiceClient>("denoiser");
        return builder.Build();
    }

    private static async Task<WebApplication> StartPodAsync(string name, string url = "http://127.0.0.1:0")
    {
        var builder = Create(new() { ["urls"] = url });
        builder.AddServiceDefaults();
        builder.Services.AddSingleton(new PodEndpoint(name));
        var app = builder.Build();
        app.MapDefaultEndpoints();
        app.MapGrpcService<PodEndpoint>();
        await app.StartAsync();
        return app;
    }

    private static WebApplicationBuilder Create(Dictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings);
        return builder;
    }

    /// <summary>A denoiser whose only model has its name.</summary>
    private sealed class PodEndpoint(string name) : DenoiserServiceBase
    {
        /// <summary>Deadline of the last call, UTC.</summary>
        public DateTime Deadline { get; private set; }

        public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context)
        {
            Deadline = context.Deadline;
            return Task.FromResult(new ListModelsResponse { Models = { new ModelInfo { Name = name } } });
        }

        public override Task<LoadModelResponse> LoadModel(LoadModelRequest request, ServerCallContext context) =>
            throw new InvalidOperationException("a path that nobody outside should read");

        public override Task GenerateViews(
            GenerateViewsRequest request,
            IServerStreamWriter<GenerateViewsResponse> responseStream,
            ServerCallContext context)
        {
            Deadline = context.Deadline;
            return Task.CompletedTask;
        }
    }
}
