using System.Collections.Concurrent;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Contracts.Measuring.V1;
using Realiz3D.Mesh.Contracts.Shaping.V1;
using Realiz3D.Mesh.Contracts.Texturing.V1;
using Realiz3D.Mesh.Storage;

namespace Realiz3D.Mesh.Jobs.Tests;

/// <summary>The four services of the stages on one port: they keep the contracts, make tiny artifacts and note their calls.</summary>
internal sealed class FakeStages(ArtifactStore artifacts) : IAsyncDisposable
{
    private WebApplication? _app;

    /// <summary>Rpc names, in the order of the calls.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>The last request of each rpc.</summary>
    public ConcurrentDictionary<string, object> Requests { get; } = new();

    /// <summary>All requests to paint.</summary>
    public ConcurrentQueue<GenerateViewsRequest> Paintings { get; } = new();

    /// <summary>Who paid for the last call of each rpc; null where nobody was named.</summary>
    public ConcurrentDictionary<string, string?> Tenants { get; } = new();

    /// <summary>Runs before an rpc answers; it may wait or throw.</summary>
    public Func<string, CancellationToken, Task> Before { get; set; } = (_, _) => Task.CompletedTask;

    public string Address { get; private set; } = "";

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0")
            .ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(at => at.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(this);
        _app = builder.Build();
        _app.MapGrpcService<Denoiser>();
        _app.MapGrpcService<Shaper>();
        _app.MapGrpcService<Painter>();
        _app.MapGrpcService<Judge>();
        await _app.StartAsync();
        Address = _app.Urls.Single();
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.StopAsync(new CancellationToken(canceled: true));
            await _app.DisposeAsync();
        }
    }

    private async Task BeginAsync(string rpc, object request, ServerCallContext context)
    {
        Calls.Enqueue(rpc);
        Requests[rpc] = request;
        Tenants[rpc] = context.RequestHeaders.GetValue("realiz3d-tenant");
        await Before(rpc, context.CancellationToken);
    }

    private Task<string> PutAsync(string content) => artifacts.PutAsync(Encoding.UTF8.GetBytes(content));

    private Task<string> PutScratchAsync(string content) => artifacts.PutScratchAsync(Encoding.UTF8.GetBytes(content));

    private static StageProgress Step(int step) => new() { Step = step, StepCount = 2, Message = $"step {step}" };

    private sealed class Denoiser(FakeStages stages) : DenoiserService.DenoiserServiceBase
    {
        public override async Task GenerateViews(
            GenerateViewsRequest request,
            IServerStreamWriter<GenerateViewsResponse> responseStream,
            ServerCallContext context)
        {
            stages.Paintings.Enqueue(request);
            if (request.ResumeArtifactId.Length == 0)
            {
                var state = request.SavesStates ? await stages.PutScratchAsync($"state of {request.Prompt}") : "";
                await responseStream.WriteAsync(new() { Progress = Step(1), StateArtifactId = state });
            }

            await stages.BeginAsync("GenerateViews", request, context);
            await responseStream.WriteAsync(new() { Progress = Step(2) });
            var views = new GeneratedViews
            {
                ViewsArtifactId = await stages.PutAsync($"views of {request.Prompt}, seed {request.Seed}"),
                Model = "tiny",
                ModelHash = "abc",
                StepCount = request.HasStepCount ? request.StepCount : 20,
                GuidanceScale = 3,
                KnownWords = { "vase" },
                UnknownWords = { "zorgon" },
            };
            await responseStream.WriteAsync(new() { Result = views });
        }
    }

    private sealed class Shaper(FakeStages stages) : GeometryService.GeometryServiceBase
    {
        public override async Task RenderScene(
            RenderSceneRequest request,
            IServerStreamWriter<RenderSceneResponse> responseStream,
            ServerCallContext context)
        {
            await stages.BeginAsync("RenderScene", request, context);
            var views = new SceneViews
            {
                ViewsArtifactId = await stages.PutAsync($"scene {request.Category}, seed {request.Seed}"),
                Caption = $"a blue wooden {request.Category}",
                Category = request.Category,
            };
            await responseStream.WriteAsync(new() { Result = views });
        }

        public override async Task Reconstruct(
            ReconstructRequest request,
            IServerStreamWriter<ReconstructResponse> responseStream,
            ServerCallContext context)
        {
            await stages.BeginAsync("Reconstruct", request, context);
            await responseStream.WriteAsync(new() { Progress = Step(1) });
            var mesh = new ReconstructedMesh { MeshArtifactId = await stages.PutAsync($"mesh of {request.ViewsArtifactId}") };
            await responseStream.WriteAsync(new() { Result = mesh });
        }
    }

    private sealed class Painter(FakeStages stages) : AppearanceService.AppearanceServiceBase
    {
        public override async Task Texture(
            TextureRequest request,
            IServerStreamWriter<TextureResponse> responseStream,
            ServerCallContext context)
        {
            await stages.BeginAsync("Texture", request, context);
            var asset = new TexturedAsset
            {
                AssetArtifactId = await stages.PutAsync($"asset of {request.MeshArtifactId}"),
                TexelCoverage = 0.9,
                Roughness = 0.25f,
                Metallic = 0,
                MaterialSource = MaterialSource.Prompt,
                MaterialWord = "ceramic",
                TextureSize = 512,
            };
            await responseStream.WriteAsync(new() { Result = asset });
        }

        public override async Task<SealResponse> Seal(SealRequest request, ServerCallContext context)
        {
            await stages.BeginAsync("Seal", request, context);
            return new SealResponse
            {
                AssetArtifactId = await stages.PutAsync($"sealed {request.AssetArtifactId}{request.ProvenanceJson}"),
            };
        }
    }

    private sealed class Judge(FakeStages stages) : MetricsService.MetricsServiceBase
    {
        public override async Task Evaluate(
            EvaluateRequest request,
            IServerStreamWriter<EvaluateResponse> responseStream,
            ServerCallContext context)
        {
            await stages.BeginAsync("Evaluate", request, context);
            var evaluation = new Evaluation
            {
                Views = { new ViewEvaluation { AzimuthDegrees = 30, ElevationDegrees = 20, SilhouetteIou = 0.97 } },
                MeanSilhouetteIou = 0.97,
                Mesh = new MeshCheck { VertexCount = 4, FaceCount = 4, Closed = true, Manifold = true, EulerCharacteristic = 2 },
                SheetArtifactId = await stages.PutAsync("sheet"),
            };
            await responseStream.WriteAsync(new() { Result = evaluation });
        }
    }
}
