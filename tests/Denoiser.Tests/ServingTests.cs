using System.Globalization;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Denoising.V1;

namespace Realiz3D.Mesh.Denoising.Tests;

/// <summary>Refusals, classes and deadlines over the wire. The device is a simulated one: a step takes 200 ms.</summary>
public sealed class ServingTests : IAsyncLifetime, IDisposable
{
    private const double StepSeconds = 0.2;
    private readonly TemporaryDirectory _folder = new();
    private WebApplication _app = null!;
    private GrpcChannel _channel = null!;

    private DenoiserService.DenoiserServiceClient Client => new(_channel);

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        TinyModel.Write(Path.Combine(_folder.Path, "realiz3d-mini"));
        _app = DenoiserProgram.Build(
        [
            .. DenoiserHost.Arguments(_folder.Path, Path.Combine(_folder.Path, "artifacts")),
            $"--REALIZ3D_DEVICE=simulated:{1e3 * StepSeconds}ms", "--REALIZ3D_QUEUE=4",
        ]);
        await _app.StartAsync();
        _channel = GrpcChannel.ForAddress(_app.Urls.Single());
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _channel.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task FullQueue_IsResourceExhausted_WithRetryInfo()
    {
        var refused = await Assert.ThrowsAsync<RpcException>(() => Client.PredictNoiseAsync(Call(items: 5)).ResponseAsync);

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.StartsWith("The queue holds its limit of 4 denoise steps;", refused.Status.Detail, StringComparison.Ordinal);
        var delay = Google.Rpc.Status.Parser.ParseFrom(refused.Trailers.GetValueBytes("grpc-status-details-bin"))
            .Details.Single().Unpack<RetryInfo>().RetryDelay.ToTimeSpan();
        Assert.InRange(delay.TotalSeconds, 0.8, 1.2); // nothing is ahead: a second, give or take a fifth
        Assert.Equal(delay.TotalMilliseconds, double.Parse(refused.Trailers.GetValue("grpc-retry-pushback-ms")!, CultureInfo.InvariantCulture), 1.0);
    }

    [Fact]
    public async Task DeadlineThatCannotBeMet_IsRefusedBeforeItPasses()
    {
        await Client.PredictNoiseAsync(Call(items: 1)); // the first step that counts: the one of the start does not
        var request = DenoiserHost.Request();
        request.StepCount = 200;
        var enough = TimeSpan.FromSeconds(200 * StepSeconds / 2);
        using var call = Client.GenerateViews(request, deadline: DateTime.UtcNow + enough);

        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));

        Assert.Equal(StatusCode.DeadlineExceeded, refused.StatusCode);
        Assert.Equal("The work cannot be done before the call's deadline; give it more time.", refused.Status.Detail);
    }

    [Fact]
    public async Task Step_TakesTheTimeOfTheSimulatedDevice_AndIsRight()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();

        var response = await Client.PredictNoiseAsync(Call(items: 1));

        Assert.True(watch.Elapsed.TotalSeconds >= StepSeconds, $"{watch.Elapsed}");
        Assert.Equal([1, 8, 24, 16], response.Noise.Shape);
    }

    [Fact]
    public async Task UnspecifiedClass_AndEndlessTenant_AreRefused()
    {
        var call = Call(items: 1);
        call.WorkClass = WorkClass.Unspecified;
        var classless = await Assert.ThrowsAsync<RpcException>(() => Client.PredictNoiseAsync(call).ResponseAsync);
        call.WorkClass = WorkClass.Preview;
        var tenant = new Metadata { { "realiz3d-tenant", new string('x', 101) } };
        var nameless = await Assert.ThrowsAsync<RpcException>(() => Client.PredictNoiseAsync(call, tenant).ResponseAsync);

        Assert.Equal(StatusCode.InvalidArgument, classless.StatusCode);
        Assert.StartsWith("work_class must be", classless.Status.Detail, StringComparison.Ordinal);
        Assert.Equal(StatusCode.InvalidArgument, nameless.StatusCode);
        Assert.StartsWith("realiz3d-tenant must have", nameless.Status.Detail, StringComparison.Ordinal);
        await Client.PredictNoiseAsync(call, new Metadata { { "realiz3d-tenant", "somebody" } });
    }

    private static PredictNoiseRequest Call(int items) => new()
    {
        Latents = InlineTensors.Pack(new float[items * 8 * 24 * 16], items, 8, 24, 16),
        Timesteps = { 500 },
        Prompt = "a red vase",
        GuidanceScale = 1,
        Domain = Domain.Synthetic,
    };
}
