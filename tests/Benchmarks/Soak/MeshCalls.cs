using Grpc.Core;
using Grpc.Net.Client;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Contracts.Measuring.V1;
using Realiz3D.Mesh.Contracts.Shaping.V1;
using Realiz3D.Mesh.Contracts.Tensors.V1;
using Realiz3D.Mesh.Contracts.Texturing.V1;

namespace Realiz3D.Mesh.Benchmarks.Soak;

/// <summary>Calls of the mesh's services through its gateway: what a client asks for in passing, and work that is cut short.</summary>
/// <param name="gateway">The gateway.</param>
/// <param name="finished">A job that has succeeded; its artifacts are worked on again.</param>
internal sealed class MeshCalls(GrpcChannel gateway, Job finished)
{
    private const string Prompt = "a glossy red ceramic vase";
    private static readonly string s_noArtifact = new('0', 64);
    private readonly DenoiserService.DenoiserServiceClient _denoiser = new(gateway);
    private readonly GeometryService.GeometryServiceClient _geometry = new(gateway);
    private readonly AppearanceService.AppearanceServiceClient _appearance = new(gateway);
    private readonly MetricsService.MetricsServiceClient _metrics = new(gateway);
    private readonly JobService.JobServiceClient _jobs = new(gateway);

    /// <summary>The kinds and how often each is made.</summary>
    public IReadOnlyList<SoakCall> Kinds =>
    [
        new("denoiser/UnloadModel", 1, 50, async (options, _) => await _denoiser.UnloadModelAsync(new(), options)),
        new("denoiser/EncodeText", 40, 40, EncodeAsync),
        new("denoiser/PredictNoise", 30, 150, PredictAsync, StatusCode.ResourceExhausted),
        new("denoiser/PredictNoise, refused", 10, 20, PredictBadlyAsync, StatusCode.InvalidArgument),
        new("denoiser/ListModels", 15, 20, async (options, _) => await _denoiser.ListModelsAsync(new(), options)),
        new("denoiser/GenerateViews", 3, 1500, GenerateAsync, StatusCode.ResourceExhausted) { Heavy = true },
        new("geometry/RenderScene", 6, 300, RenderAsync, StatusCode.ResourceExhausted),
        new("geometry/Reconstruct", 2, 2000, (options, _) => ReconstructAsync(Views, options), StatusCode.ResourceExhausted) { Heavy = true },
        new("geometry/Reconstruct, missing", 10, 20, (options, _) => ReconstructAsync(s_noArtifact, options), StatusCode.NotFound, StatusCode.ResourceExhausted),
        new("appearance/Texture", 2, 2000, (options, _) => TextureAsync(Mesh, options), StatusCode.ResourceExhausted) { Heavy = true },
        new("appearance/Texture, missing", 10, 20, (options, _) => TextureAsync(s_noArtifact, options), StatusCode.NotFound, StatusCode.ResourceExhausted),
        new("metrics/Evaluate", 2, 1000, (options, _) => EvaluateAsync(finished.Result.AssetArtifactId, options), StatusCode.ResourceExhausted) { Heavy = true },
        new("metrics/Evaluate, missing", 10, 20, (options, _) => EvaluateAsync(s_noArtifact, options), StatusCode.NotFound, StatusCode.ResourceExhausted),
        new("jobs/Get", 40, 10, async (options, _) => await _jobs.GetAsync(new GetRequest { JobId = finished.JobId }, options)),
        new("jobs/Get, missing", 10, 10, async (options, _) => await _jobs.GetAsync(new GetRequest { JobId = "none" }, options), StatusCode.NotFound),
        new("jobs/List", 15, 15, async (options, random) => await _jobs.ListAsync(new ListRequest { PageSize = random.Next(1, 10) }, options)),
        new("jobs/Watch", 20, 20, (options, _) => WatchAsync(finished.JobId, options)),
        new("jobs/Download", 20, 30, DownloadAsync),
        new("jobs/Submit, Watch, Cancel", 4, 400, SubmitAsync, StatusCode.ResourceExhausted) { Heavy = true },
    ];

    private string Views => finished.Result.ViewsArtifactId;

    private string Mesh => finished.FinishedStages.Single(stage => stage.Stage == Stage.Geometry).ArtifactId;

    private static async Task ReadAsync<T>(AsyncServerStreamingCall<T> started)
    {
        using var call = started;
        await foreach (var _ in call.ResponseStream.ReadAllAsync())
        {
            // Only the end is of interest.
        }
    }

    private async Task EncodeAsync(CallOptions options, Random random)
    {
        var answer = await _denoiser.EncodeTextAsync(new EncodeTextRequest { Prompt = $"{Prompt} {random.Next(100)}" }, options);
        if (InlineTensors.ReadFloats(answer.HiddenStates, "hidden_states").Any(value => !float.IsFinite(value)))
        {
            throw new InvalidOperationException("EncodeText answered numbers that are not finite.");
        }
    }

    private async Task PredictAsync(CallOptions options, Random random)
    {
        var latents = new float[8 * 24 * 16];
        Array.Fill(latents, random.NextSingle());
        var answer = await _denoiser.PredictNoiseAsync(PredictRequest(random, InlineTensors.Pack(latents, 1, 8, 24, 16)), options);
        if (InlineTensors.ReadFloats(answer.Noise, "noise").Any(value => !float.IsFinite(value)))
        {
            throw new InvalidOperationException("PredictNoise answered numbers that are not finite.");
        }
    }

    private async Task PredictBadlyAsync(CallOptions options, Random random) =>
        await _denoiser.PredictNoiseAsync(PredictRequest(random, InlineTensors.Pack([1f], 1)), options);

    private static PredictNoiseRequest PredictRequest(Random random, InlineTensor latents) => new()
    {
        Latents = latents,
        Timesteps = { random.Next(1000) },
        Prompt = Prompt,
        GuidanceScale = random.Next(1, 3),
        Domain = Domain.Synthetic,
    };

    private Task GenerateAsync(CallOptions options, Random random) => ReadAsync(_denoiser.GenerateViews(
        new GenerateViewsRequest { Prompt = Prompt, Seed = (ulong)random.Next(), StepCount = 8, Domain = Domain.Synthetic }, options));

    private Task RenderAsync(CallOptions options, Random random) => ReadAsync(_geometry.RenderScene(
        new RenderSceneRequest { Category = "vase", Seed = (ulong)random.Next(4), ImageSize = 16 }, options));

    private Task ReconstructAsync(string views, CallOptions options) =>
        ReadAsync(_geometry.Reconstruct(new ReconstructRequest { ViewsArtifactId = views }, options));

    private Task TextureAsync(string mesh, CallOptions options) => ReadAsync(_appearance.Texture(
        new TextureRequest { MeshArtifactId = mesh, ViewsArtifactId = Views, Prompt = Prompt }, options));

    private Task EvaluateAsync(string asset, CallOptions options) => ReadAsync(_metrics.Evaluate(
        new EvaluateRequest { AssetArtifactId = asset, ViewsArtifactId = Views, Prompt = Prompt }, options));

    private Task WatchAsync(string job, CallOptions options) => ReadAsync(_jobs.Watch(new WatchRequest { JobId = job }, options));

    private Task DownloadAsync(CallOptions options, Random random) => ReadAsync(_jobs.Download(
        new DownloadRequest { JobId = finished.JobId, File = (JobFile)random.Next(1, 5) }, options));

    /// <summary>Watches a new job for as long as the call may last, then takes it back: it must not go on working.</summary>
    private async Task SubmitAsync(CallOptions options, Random random)
    {
        var request = new SubmitRequest
        {
            IdempotencyKey = $"soak-{random.NextInt64()}",
            Spec = new JobSpec { Scene = "vase", Seed = (ulong)random.Next() },
        };
        try
        {
            await WatchAsync((await _jobs.SubmitAsync(request, options)).Job.JobId, options);
        }
        finally
        {
            // The key says which job it is, also where the first answer was not waited for.
            var job = (await _jobs.SubmitAsync(request)).Job;
            await _jobs.CancelAsync(new CancelRequest { JobId = job.JobId });
        }
    }
}
