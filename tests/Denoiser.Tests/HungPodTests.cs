using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Serving;
using Realiz3D.Mesh.Serving.Tests;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising.Tests;

// On the CPU: its steps wait, and compute nothing.
/// <summary>What becomes of a pod whose device hangs. The clock is the test's.</summary>
public sealed class HungPodTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task StepThatHangs_EndsItsCallers_MakesThePodUnready_AndEndsTheProcessWithCode70()
    {
        using var folder = new TemporaryDirectory();
        TinyModel.Write(Path.Combine(folder.Path, "realiz3d-mini"));
        var time = new ManualTime();
        var (announced, exits) = (new ConcurrentQueue<int>(), new ConcurrentQueue<int>());
        await using var app = DenoiserProgram.Build(
            DenoiserHost.Arguments(folder.Path, Path.Combine(folder.Path, "artifacts")),
            services => services.AddSingleton<TimeProvider>(time).AddSingleton(new ProcessEnd(announced.Enqueue, exits.Enqueue)));
        await app.StartAsync();
        var stopped = app.WaitForShutdownAsync();
        using var channel = GrpcChannel.ForAddress(app.Urls.Single());
        var health = app.Services.GetRequiredService<HealthCheckService>();
        var batcher = app.Services.GetRequiredService<StepBatcher>();
        using var open = new ManualResetEventSlim();
        var entered = new TaskCompletionSource();
        var hangs = HangAsync(batcher, () =>
        {
            entered.TrySetResult();
            open.Wait();
        });
        await entered.Task.WaitAsync(s_patience);
        var waits = new DenoiserService.DenoiserServiceClient(channel).PredictNoiseAsync(Call());
        while (batcher.QueuedItems == 0)
        {
            Assert.False(waits.ResponseAsync.IsCompleted);
            await Task.Delay(10);
        }

        // A step of a network that was never measured has ten minutes.
        time.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.Equal(HealthStatus.Healthy, (await health.CheckHealthAsync()).Status);
        Assert.Empty(exits);
        time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal([70], announced);
        Assert.Equal([70], exits);
        Assert.True(app.Lifetime.ApplicationStopped.IsCancellationRequested, "The process ended before its calls had time to.");
        Assert.Equal("A denoise step hangs.", (await health.CheckHealthAsync()).Entries["steps"].Description);
        await Assert.ThrowsAsync<StepStuckException>(() => hangs.WaitAsync(s_patience));
        var told = await Assert.ThrowsAsync<RpcException>(() => waits.ResponseAsync.WaitAsync(s_patience));
        Assert.Equal((StatusCode.Unavailable, "A denoise step has not ended in 600 s; this pod stops."), (told.StatusCode, told.Status.Detail));
        await stopped.WaitAsync(s_patience);
        open.Set();
    }

    private static async Task HangAsync(StepBatcher batcher, Action hang)
    {
        using var latents = zeros(1, 1, 1, 1);
        using var context = zeros(1, 1, 1);
        using var mask = ones(1, 1);
        var request = new StepRequest(
            step =>
            {
                hang();
                return step.Latents.clone();
            },
            latents,
            [1],
            context,
            mask);
        (await batcher.RunAsync(request, default)).Dispose();
    }

    private static PredictNoiseRequest Call() => new()
    {
        Latents = InlineTensors.Pack(new float[8 * 24 * 16], 1, 8, 24, 16),
        Timesteps = { 500 },
        Prompt = "a red vase",
        GuidanceScale = 1,
        Domain = Domain.Synthetic,
    };
}
