using System.Net;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using static Realiz3D.Mesh.Gateway.Tests.Programs;

namespace Realiz3D.Mesh.Gateway.Tests;

/// <summary>Calls through a real gateway to real backends, all on loopback.</summary>
public class GatewayTests
{
    [Fact]
    public async Task Call_ReachesItsService_UnaryAndStream()
    {
        await using var pod = await StartPodAsync("a");
        await using var gateway = await StartGatewayAsync(pod.Urls);
        var client = ClientOf(gateway);

        var models = await client.ListModelsAsync(new ListModelsRequest(), deadline: Soon);
        using var stream = client.GenerateViews(new GenerateViewsRequest { StepCount = 3 }, deadline: Soon);
        var steps = new List<int>();
        await foreach (var response in stream.ResponseStream.ReadAllAsync())
        {
            steps.Add(response.Result.StepCount);
        }

        Assert.Equal("a", models.Models.Single().Name);
        Assert.Equal([1, 2, 3], steps);
    }

    [Fact]
    public async Task Call_TheServicesOwnStatusPasses()
    {
        await using var pod = await StartPodAsync("a");
        await using var gateway = await StartGatewayAsync(pod.Urls);

        var failure = await RefusalOf(ClientOf(gateway).EncodeTextAsync(new EncodeTextRequest(), deadline: Soon));

        Assert.Equal((StatusCode.InvalidArgument, "prompt must have 1 to 2000 characters."), failure);
    }

    [Fact]
    public async Task Call_ThatBreaksItsService_IsInternalAndLeaksNothing()
    {
        await using var pod = await StartPodAsync("a");
        await using var gateway = await StartGatewayAsync(pod.Urls);

        var (code, detail) = await RefusalOf(ClientOf(gateway).LoadModelAsync(new LoadModelRequest(), deadline: Soon));

        Assert.Equal(StatusCode.Internal, code);
        Assert.StartsWith("The service failed unexpectedly; its log has the details under ", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("50m", StatusCode.DeadlineExceeded)]
    [InlineData("50000u", StatusCode.DeadlineExceeded)]
    [InlineData("30S", StatusCode.Unavailable)]
    [InlineData("soon", StatusCode.Unavailable)]
    public async Task Call_ThatItsServiceCuts_IsOverDeadline_WhenItIs(string timeout, StatusCode expected)
    {
        await using var pod = await StartCuttingPodAsync(TimeSpan.FromMilliseconds(60));
        await using var gateway = await StartGatewayAsync(pod.Urls);
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{gateway.Urls.Single()}/realiz3d.mesh.denoiser.v1.DenoiserService/ListModels")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(new byte[5]) { Headers = { { "content-type", "application/grpc" } } },
            Headers = { { "grpc-timeout", timeout } },
        };

        using var response = await client.SendAsync(request).WaitAsync(Patience); // a gRPC client would go by its own clock

        Assert.Equal($"{(int)expected}", response.Headers.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task Calls_AreBalancedOneByOne_OverOneConnection()
    {
        await using var first = await StartPodAsync("a");
        await using var second = await StartPodAsync("b");
        await using var gateway = await StartGatewayAsync([.. first.Urls, .. second.Urls]);
        var client = ClientOf(gateway);

        var names = new List<string>();
        for (var call = 0; call < 60; call++)
        {
            names.Add((await client.ListModelsAsync(new ListModelsRequest(), deadline: Soon)).Models.Single().Name);
        }

        // Fair coins: fewer than 10 of 60 on one side is less likely than one in ten million.
        Assert.InRange(names.Count(name => name == "a"), 10, 50);
    }

    [Fact]
    public async Task Pods_OneGoesDown_CallsGoToTheOther()
    {
        await using var first = await StartPodAsync("a");
        await using var second = await StartPodAsync("b");
        await using var gateway = await StartGatewayAsync(
            [.. first.Urls, .. second.Urls], ("Gateway:HealthInterval", "00:00:00.200"));
        var client = ClientOf(gateway);

        await first.StopAsync();

        var inARow = 0;
        for (var end = Soon; inARow < 20 && DateTime.UtcNow < end;)
        {
            try
            {
                Assert.Equal("b", (await client.ListModelsAsync(new ListModelsRequest())).Models.Single().Name);
                inARow++;
            }
            catch (RpcException failure) when (failure.StatusCode == StatusCode.Unavailable)
            {
                inARow = 0;
                await Task.Delay(50);
            }
        }

        Assert.Equal(20, inARow);
    }

    [Fact]
    public async Task Backend_Down_IsUnavailableUntilItIsBack()
    {
        var pod = await StartPodAsync("a");
        var address = pod.Urls.Single();
        await using var gateway = await StartGatewayAsync([address], ("Gateway:HealthInterval", "00:00:00.200"));
        var client = ClientOf(gateway);
        await pod.DisposeAsync();

        var failure = await RefusalOf(client.ListModelsAsync(new ListModelsRequest(), deadline: Soon));
        Assert.Equal((StatusCode.Unavailable, "The service 'denoiser' does not answer now; try again in a moment."), failure);

        await using var back = await StartPodAsync("back", address);
        var models = await client.ListModelsAsync(new ListModelsRequest(), deadline: Soon);
        Assert.Equal("back", models.Models.Single().Name);
    }

    [Fact]
    public async Task Pods_AreFoundByName()
    {
        await using var pod = await StartPodAsync("a");
        await using var gateway = await StartGatewayAsync([pod.Urls.Single().Replace("http://", "dns:///", StringComparison.Ordinal)]);

        var models = await ClientOf(gateway).ListModelsAsync(new ListModelsRequest(), deadline: Soon);

        Assert.Equal("a", models.Models.Single().Name);
    }

    [Fact]
    public async Task Pods_OfANameThatDoesNotExistYet_AreUnavailableAndDoNotStopTheGateway()
    {
        await using var gateway = await StartGatewayAsync(["dns:///no-such-pods.invalid:8080"]);

        var failure = await RefusalOf(ClientOf(gateway).ListModelsAsync(new ListModelsRequest(), deadline: Soon));

        Assert.Equal((StatusCode.Unavailable, "The service 'denoiser' does not answer now; try again in a moment."), failure);
    }

    [Fact]
    public async Task Service_WithoutAnAddress_IsUnavailable()
    {
        await using var gateway = await StartGatewayAsync([]);
        using var channel = GrpcChannel.ForAddress(gateway.Urls.Single());

        var failure = await RefusalOf(new JobService.JobServiceClient(channel).ListAsync(new ListRequest(), deadline: Soon));

        Assert.Equal((StatusCode.Unavailable, "The service 'jobs' does not answer now; try again in a moment."), failure);
    }

    [Fact]
    public async Task Service_ThatIsNotOurs_IsUnimplemented()
    {
        await using var gateway = await StartGatewayAsync([]);
        using var channel = GrpcChannel.ForAddress(gateway.Urls.Single());
        var method = new Method<string, string>(
            MethodType.Unary, "somebody.else.v1.Service", "Do", Marshallers.StringMarshaller, Marshallers.StringMarshaller);

        var call = channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(deadline: Soon), "x");

        Assert.Equal(StatusCode.Unimplemented, (await RefusalOf(call)).Code);
    }

    [Fact]
    public async Task Request_OverTheLimit_IsResourceExhausted()
    {
        await using var pod = await StartPodAsync("a");
        await using var gateway = await StartGatewayAsync(pod.Urls, ("Gateway:MaxRequestBytes", "20000"));
        var client = ClientOf(gateway);

        await Assert.ThrowsAsync<RpcException>(async () => await client.EncodeTextAsync(
            new EncodeTextRequest { Prompt = new string('x', 10_000) }, deadline: Soon)); // the service's own refusal
        var failure = await RefusalOf(client.EncodeTextAsync(
            new EncodeTextRequest { Prompt = new string('x', 200_000) }, deadline: Soon));

        Assert.Equal((StatusCode.ResourceExhausted, "The request is larger than this gateway lets through."), failure);
    }

    [Fact]
    public async Task Client_TooFast_IsResourceExhausted()
    {
        await using var pod = await StartPodAsync("a");
        await using var gateway = await StartGatewayAsync(
            pod.Urls, ("Gateway:Burst", "5"), ("Gateway:CallsPerSecond", "1"));
        var client = ClientOf(gateway);

        var refusals = new List<RpcException>();
        for (var call = 0; call < 20; call++)
        {
            refusals.Add(await Assert.ThrowsAsync<RpcException>(
                () => client.EncodeTextAsync(new EncodeTextRequest(), deadline: Soon).ResponseAsync));
        }

        Assert.Equal(Enumerable.Repeat(StatusCode.InvalidArgument, 5), refusals.Take(5).Select(refusal => refusal.StatusCode));
        var late = refusals.First(refusal => refusal.StatusCode == StatusCode.ResourceExhausted);
        Assert.Equal("Too many calls at once from this client; try again in a second.", late.Status.Detail);
        Assert.Equal(TimeSpan.FromSeconds(1), RetryLater.DelayOf(late));
        Assert.Equal("1000", late.Trailers.GetValue("grpc-retry-pushback-ms"));

        using var http = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        var path = new Uri($"{gateway.Urls.Single()}/realiz3d.mesh.denoiser.v1.DenoiserService/EncodeText");
        var answer = await http.PostAsync(path, null);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), answer.Headers.RetryAfter!.Delta);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("Bearer wrong", false)]
    [InlineData("Basic second", false)]
    [InlineData("Bearer first", true)]
    [InlineData("bearer second", true)]
    public async Task Keys_OnceSet_AreAskedForAndStayInTheGateway(string? header, bool passes)
    {
        await using var pod = await StartPodAsync("a");
        await using var gateway = await StartGatewayAsync(pod.Urls, ("REALIZ3D_API_KEYS", "first, second"));
        var headers = new Metadata { { "realiz3d-tenant", "somebody else" } };
        if (header is not null)
        {
            headers.Add("authorization", header);
        }

        var call = ClientOf(gateway).ListModelsAsync(new ListModelsRequest(), headers, Soon);

        if (passes)
        {
            Assert.Equal("a", (await call).Models.Single().Name);
            Assert.Null(pod.Services.GetRequiredService<PodEndpoint>().SeenKey);
            Assert.Matches("^key [0-9a-f]{8}$", pod.Services.GetRequiredService<PodEndpoint>().SeenTenant);
        }
        else
        {
            Assert.Equal(StatusCode.Unauthenticated, (await RefusalOf(call)).Code);
        }
    }

    [Fact]
    public async Task Health_AnswersOverGrpcAndHttp2()
    {
        await using var gateway = await StartGatewayAsync([], ("REALIZ3D_API_KEYS", "first"));
        using var channel = GrpcChannel.ForAddress(gateway.Urls.Single());
        using var http = new HttpClient
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        Assert.Equal("Healthy", await http.GetStringAsync(new Uri(gateway.Urls.Single() + "/health")));
        Assert.Equal("Healthy", await http.GetStringAsync(new Uri(gateway.Urls.Single() + "/alive")));

        using var watch = new Health.HealthClient(channel).Watch(new HealthCheckRequest(), deadline: Soon);
        while (await watch.ResponseStream.MoveNext())
        {
            if (watch.ResponseStream.Current.Status == HealthCheckResponse.Types.ServingStatus.Serving)
            {
                return;
            }
        }

        Assert.Fail("The watch ended before the gateway served.");
    }

    private static async Task<(StatusCode Code, string Detail)> RefusalOf<T>(AsyncUnaryCall<T> call)
    {
        using (call)
        {
            var failure = await Assert.ThrowsAsync<RpcException>(async () => await call);
            return (failure.StatusCode, failure.Status.Detail);
        }
    }
}
