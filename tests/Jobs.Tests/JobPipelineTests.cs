using System.Text.Json.Nodes;
using Grpc.Core;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;
using Realiz3D.Mesh.Contracts.Shaping.V1;
using Realiz3D.Mesh.Contracts.Texturing.V1;

namespace Realiz3D.Mesh.Jobs.Tests;

public sealed class JobPipelineTests : IAsyncLifetime
{
    private JobsHost _host = null!;

    public async Task InitializeAsync() => _host = await JobsHost.StartAsync();

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Job_RunsItsFourStages_EachOnTheResultsOfThoseBefore()
    {
        var job = await _host.EndOfAsync((await _host.SubmitAsync("a red zorgon vase")).JobId);

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Equal(["GenerateViews", "Reconstruct", "Texture", "Evaluate", "Seal"], _host.Stages.Calls);
        Assert.Equal(
            [Stage.Views, Stage.Geometry, Stage.Appearance, Stage.Metrics],
            job.FinishedStages.Select(finished => finished.Stage));
        var views = job.FinishedStages[0].ArtifactId;
        Assert.Equal("views of a red zorgon vase, seed 7", await _host.ReadTextAsync(views));
        Assert.Equal($"mesh of {views}", await _host.ReadTextAsync(job.FinishedStages[1].ArtifactId));
        Assert.Equal(
            $"asset of {job.FinishedStages[1].ArtifactId}", await _host.ReadTextAsync(job.FinishedStages[2].ArtifactId));
        Assert.Equal(job.FinishedStages[3].ArtifactId, job.Result.AssetArtifactId);
        Assert.StartsWith(
            $"sealed {job.FinishedStages[2].ArtifactId}", await _host.ReadTextAsync(job.Result.AssetArtifactId));
        Assert.Equal((views, "sheet"), (job.Result.ViewsArtifactId, await _host.ReadTextAsync(job.Result.SheetArtifactId)));
        Assert.Equal("a red zorgon vase", ((TextureRequest)_host.Stages.Requests["Texture"]).Prompt);
        Assert.Equal(Domain.Synthetic, ((GenerateViewsRequest)_host.Stages.Requests["GenerateViews"]).Domain);
    }

    [Fact]
    public async Task Report_TellsProvenanceSecondsAndMeasurements_AndTheSealCarriesTheSame()
    {
        var job = await _host.EndOfAsync((await _host.SubmitAsync()).JobId);

        var report = JsonNode.Parse(await _host.ReadTextAsync(job.Result.ReportArtifactId))!;
        Assert.Equal("a red vase", (string?)report["prompt"]);
        Assert.Equal(7, (int?)report["seed"]);
        Assert.Equal(("model", "tiny", "abc"), ((string?)report["source"], (string?)report["model"], (string?)report["modelHash"]));
        Assert.Equal(20, (int?)report["steps"]);
        Assert.NotNull((string?)report["versions"]!["mesh"]);
        Assert.Equal(["views", "geometry", "appearance", "metrics"], report["secondsPerStage"]!.AsObject().Select(pair => pair.Key));
        Assert.Equal(0.97, (double?)report["report"]!["meanSilhouetteIou"]);
        Assert.Equal(0.9, (double?)report["report"]!["texelCoverage"]);
        Assert.Equal("prompt", (string?)report["report"]!["material"]!["from"]);
        Assert.Equal("ceramic", (string?)report["report"]!["material"]!["word"]);
        Assert.Equal("zorgon", (string?)report["report"]!["unknownWords"]![0]);
        Assert.True((bool?)report["report"]!["mesh"]!["closed"]);

        var seal = (SealRequest)_host.Stages.Requests["Seal"];
        Assert.True(JsonNode.DeepEquals(report["report"], JsonNode.Parse(seal.ReportJson)));
        Assert.All(
            JsonNode.Parse(seal.ProvenanceJson)!.AsObject(),
            pair => Assert.True(JsonNode.DeepEquals(report[pair.Key], pair.Value), pair.Key));
    }

    [Fact]
    public async Task Scene_TakesThePlaceOfPaintedViews_AndTheReportSaysSo()
    {
        var submitted = await _host.Client.SubmitAsync(new SubmitRequest
        {
            IdempotencyKey = "scene",
            Spec = new JobSpec { Scene = "vase", Seed = 3 },
        });

        var job = await _host.EndOfAsync(submitted.Job.JobId);

        Assert.Equal(["RenderScene", "Reconstruct", "Texture", "Evaluate", "Seal"], _host.Stages.Calls);
        var request = (RenderSceneRequest)_host.Stages.Requests["RenderScene"];
        Assert.Equal(("vase", 3UL), (request.Category, request.Seed));
        Assert.Equal("a blue wooden vase", ((TextureRequest)_host.Stages.Requests["Texture"]).Prompt);
        var report = JsonNode.Parse(await _host.ReadTextAsync(job.Result.ReportArtifactId))!;
        Assert.Equal(("scene", "vase"), ((string?)report["source"], (string?)report["scene"]));
        Assert.Null(report["modelHash"]);
    }

    [Fact]
    public async Task FullService_IsAskedAgainUntilItHasRoom()
    {
        var refusals = 8; // more than the few times that an absent service is asked
        _host.Stages.Before = (rpc, _) => rpc == "Reconstruct" && Interlocked.Decrement(ref refusals) >= 0
            ? throw new RpcException(
                new Status(StatusCode.ResourceExhausted, "full"), new Metadata { { "grpc-retry-pushback-ms", "10" } })
            : Task.CompletedTask;

        var messages = await _host.WatchAsync((await _host.SubmitAsync()).JobId);

        Assert.Equal(JobState.Succeeded, messages[^1].State);
        Assert.Equal(9, _host.Stages.Calls.Count(rpc => rpc == "Reconstruct"));
        Assert.Equal(1, _host.Stages.Calls.Count(rpc => rpc == "GenerateViews"));
    }

    [Fact]
    public async Task FullService_IsAskedAgain_WhenItsRetryInfoSays()
    {
        await _host.StopServiceAsync();
        await _host.StartServiceAsync("--Jobs:FirstRetry=10:00:00"); // what counts without a hint
        var refusals = 3;
        _host.Stages.Before = (rpc, _) => rpc == "GenerateViews" && Interlocked.Decrement(ref refusals) >= 0
            ? throw WithoutPushback(RetryLater.Refusal("The queue is full.", TimeSpan.FromMilliseconds(10)))
            : Task.CompletedTask;

        var job = await _host.EndOfAsync((await _host.SubmitAsync()).JobId);

        Assert.Equal(JobState.Succeeded, job.State);
        Assert.Equal(4, _host.Stages.Paintings.Count);
    }

    [Fact]
    public async Task EveryStage_IsToldWhoPays_AndTheDenoiserHowSoon()
    {
        var spec = new JobSpec { Prompt = "a red vase", WorkClass = WorkClass.Batch };
        await _host.EndOfAsync((await _host.SubmitAsync(spec, headers: Tenant("key 0123abcd"))).JobId);
        Assert.Equal(5, _host.Stages.Tenants.Count);
        Assert.All(_host.Stages.Tenants.Values, tenant => Assert.Equal("key 0123abcd", tenant));
        Assert.Equal(WorkClass.Batch, _host.Stages.Paintings.Single().WorkClass);

        await _host.EndOfAsync((await _host.SubmitAsync()).JobId);
        Assert.All(_host.Stages.Tenants.Values, Assert.Null);
        Assert.Equal(WorkClass.Interactive, _host.Stages.Paintings.Last().WorkClass);

        var refused = await Assert.ThrowsAsync<RpcException>(() => _host.SubmitAsync(spec, headers: Tenant(new string('x', 101))));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith("realiz3d-tenant must have", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AbsentService_IsAskedAFewTimes_ThenTheJobFailsWithASentence_AndARetryContinues()
    {
        _host.Stages.Before = (rpc, _) => rpc == "Texture"
            ? throw new RpcException(new Status(StatusCode.Unavailable, "gone"))
            : Task.CompletedTask;

        var job = await _host.EndOfAsync((await _host.SubmitAsync()).JobId);

        Assert.Equal(JobState.Failed, job.State);
        Assert.Equal((Stage.Appearance, "The appearance service cannot be reached."), (job.Failure.Stage, job.Failure.Message));
        Assert.Equal([Stage.Views, Stage.Geometry], job.FinishedStages.Select(finished => finished.Stage));
        Assert.Null(job.Result);

        _host.Stages.Before = (_, _) => Task.CompletedTask;
        _host.Stages.Calls.Clear();
        var queued = (await _host.Client.RetryAsync(new RetryRequest { JobId = job.JobId })).Job;
        Assert.Null(queued.Failure);
        Assert.Equal(JobState.Succeeded, (await _host.EndOfAsync(job.JobId)).State);
        Assert.Equal(["Texture", "Evaluate", "Seal"], _host.Stages.Calls);
    }

    [Fact]
    public async Task RefusedStage_FailsTheJobAtOnce_WithTheServicesSentence()
    {
        _host.Stages.Before = (rpc, _) => rpc == "GenerateViews"
            ? throw new RpcException(new Status(StatusCode.FailedPrecondition, "vae/model.safetensors lacks x.weight."))
            : Task.CompletedTask;

        var job = await _host.EndOfAsync((await _host.SubmitAsync()).JobId);

        Assert.Equal(("vae/model.safetensors lacks x.weight.", Stage.Views), (job.Failure.Message, job.Failure.Stage));
        Assert.NotEmpty(job.Failure.Suggestion);
        Assert.Equal(["GenerateViews"], _host.Stages.Calls);
    }

    [Fact]
    public async Task LostArtifact_MakesItsStageRunAgainOnRetry()
    {
        _host.Stages.Before = (rpc, _) => rpc == "Texture"
            ? throw new RpcException(new Status(StatusCode.Internal, "broken"))
            : Task.CompletedTask;
        var failed = await _host.EndOfAsync((await _host.SubmitAsync()).JobId);
        var mesh = failed.FinishedStages[1].ArtifactId;
        File.Delete(Path.Combine(_host.Artifacts.Root, mesh[..2], mesh));
        _host.Stages.Before = (_, _) => Task.CompletedTask;
        _host.Stages.Calls.Clear();

        await _host.Client.RetryAsync(new RetryRequest { JobId = failed.JobId });

        Assert.Equal(JobState.Succeeded, (await _host.EndOfAsync(failed.JobId)).State);
        Assert.Equal(["Reconstruct", "Texture", "Evaluate", "Seal"], _host.Stages.Calls);
    }

    private static Metadata Tenant(string name) => new() { { "realiz3d-tenant", name } };

    // Only the status details are left to say when.
    private static RpcException WithoutPushback(RpcException refusal)
    {
        refusal.Trailers.Remove(refusal.Trailers.Get("grpc-retry-pushback-ms")!);
        return refusal;
    }
}
