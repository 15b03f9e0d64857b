using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Logging.Abstractions;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Denoising.Tests;
using Realiz3D.Mesh.ServiceDefaults;
using Realiz3D.Mesh.Testing;

namespace Realiz3D.Mesh.Benchmarks.Pods;

/// <summary>Denoiser processes with a simulated device, a job to a step: what a pod does in a second is fixed by the device.</summary>
/// <remarks>Each has a tiny model of its own, so that the model's hash tells which pod did a job.</remarks>
internal sealed class PodSet : IAsyncDisposable
{
    /// <summary>Time of a step in milliseconds, whatever this machine is.</summary>
    public const int StepMilliseconds = 100;

    private readonly string _folder = Directory.CreateTempSubdirectory("realiz3d-pods-").FullName;
    private readonly Uri[] _addresses;
    private readonly RunningPod?[] _pods;
    private readonly Dictionary<string, int> _podOfModel = [];

    /// <param name="count">Pods.</param>
    public PodSet(int count)
    {
        _addresses = [.. Enumerable.Range(0, count).Select(_ => RunningPod.FreeAddress())];
        _pods = new RunningPod?[count];
        for (var pod = 0; pod < count; pod++)
        {
            TinyModel.Write(Path.Combine(ModelsOf(pod), "realiz3d-mini"), seed: (ulong)pod + 1);
        }
    }

    /// <summary>Starts a pod and waits until it is ready.</summary>
    public async Task StartAsync(int pod, CancellationToken cancel)
    {
        _pods[pod] = await RunningPod.StartAsync(
            _addresses[pod],
            new Dictionary<string, string>
            {
                ["REALIZ3D_MODELS"] = ModelsOf(pod),
                ["REALIZ3D_ARTIFACTS"] = Path.Combine(_folder, "artifacts"),
                ["REALIZ3D_DEVICE"] = $"simulated:{StepMilliseconds}ms",
                ["REALIZ3D_BATCH"] = "1",
                ["DOTNET_gcServer"] = "0",
            },
            cancel);
        using var channel = Open(pod);
        var models = await new DenoiserService.DenoiserServiceClient(channel).ListModelsAsync(new ListModelsRequest(), cancellationToken: cancel);
        _podOfModel[models.Models.Single().ModelHash] = pod;
    }

    /// <summary>A channel over some pods, running or not, as the mesh's services open it.</summary>
    public GrpcChannel Open(params int[] pods) =>
        ServiceChannels.Create("denoiser", [.. pods.Select(pod => _addresses[pod])], NullLoggerFactory.Instance);

    /// <summary>Runs a job.</summary>
    /// <returns>The pod that did it.</returns>
    public async Task<int> RunAsync(GrpcChannel channel, ulong seed, int steps, CancellationToken cancel)
    {
        var request = new GenerateViewsRequest
        {
            Prompt = "a red vase",
            Seed = seed,
            StepCount = steps,
            GuidanceScale = 1, // one item a step
            Domain = Domain.Synthetic,
        };
        using var call = new DenoiserService.DenoiserServiceClient(channel).GenerateViews(request, cancellationToken: cancel);
        GeneratedViews? views = null;
        await foreach (var response in call.ResponseStream.ReadAllAsync(cancel))
        {
            views = response.Result ?? views;
        }

        return _podOfModel[views!.ModelHash];
    }

    /// <summary>Runs short jobs until a pod has done one.</summary>
    /// <param name="pod">The pod.</param>
    /// <param name="channel">Over it and others.</param>
    /// <param name="longest">When to give up.</param>
    /// <param name="cancel">Stops it.</param>
    /// <returns>How long it took.</returns>
    public async Task<TimeSpan> TimeToFirstJobAsync(int pod, GrpcChannel channel, TimeSpan longest, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        for (ulong seed = 0; clock.Elapsed < longest; seed++)
        {
            if (await RunAsync(channel, seed, steps: 1, cancel) == pod)
            {
                break;
            }
        }

        return clock.Elapsed;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var pod in _pods.OfType<RunningPod>())
        {
            await pod.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private string ModelsOf(int pod) => Path.Combine(_folder, $"models-{pod}");
}
