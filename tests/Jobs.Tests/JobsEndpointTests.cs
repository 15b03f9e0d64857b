using Grpc.Core;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Contracts.Jobs.V1;

namespace Realiz3D.Mesh.Jobs.Tests;

public sealed class JobsEndpointTests : IAsyncLifetime
{
    private JobsHost _host = null!;

    public async Task InitializeAsync() => _host = await JobsHost.StartAsync("--Jobs:QueueLimit=3");

    public async Task DisposeAsync() => await _host.DisposeAsync();

    public static TheoryData<string, SubmitRequest, string> BadRequests
    {
        get
        {
            static SubmitRequest With(JobSpec spec) => new() { IdempotencyKey = "key", Spec = spec };
            const string steps = "it must be 1 to 200.";
            const string guidance = "it must be 0 to 50.";
            return new()
            {
                { "no key", new() { Spec = new() { Prompt = "x" } }, "idempotency_key must have" },
                { "odd key", new() { IdempotencyKey = "a b", Spec = new() { Prompt = "x" } }, "idempotency_key must have" },
                { "no spec", new() { IdempotencyKey = "key" }, "spec is not set." },
                { "no source", With(new()), "Either prompt or scene must be set." },
                { "empty prompt", With(new() { Prompt = "" }), "The prompt is empty;" },
                { "blank prompt", With(new() { Prompt = " \t\n" }), "The prompt is empty;" },
                { "long prompt", With(new() { Prompt = new string('x', 2001) }), "The prompt has 2001 characters; at most 2000" },
                { "odd scene", With(new() { Scene = "../vase" }), "scene must be the name of a category" },
                { "no steps", With(new() { Prompt = "x", StepCount = 0 }), $"step_count is 0; {steps}" },
                { "negative steps", With(new() { Prompt = "x", StepCount = -5 }), $"step_count is -5; {steps}" },
                { "many steps", With(new() { Prompt = "x", StepCount = 201 }), $"step_count is 201; {steps}" },
                { "NaN", With(new() { Prompt = "x", GuidanceScale = float.NaN }), $"guidance_scale is NaN; {guidance}" },
                { "negative guidance", With(new() { Prompt = "x", GuidanceScale = -1 }), $"guidance_scale is -1; {guidance}" },
                { "much guidance", With(new() { Prompt = "x", GuidanceScale = 51 }), $"guidance_scale is 51; {guidance}" },
                { "no class", With(new() { Prompt = "x", WorkClass = WorkClass.Unspecified }), "work_class must be" },
                { "odd class", With(new() { Prompt = "x", WorkClass = (WorkClass)9 }), "work_class must be" },
                { "odd model", With(new() { Prompt = "x", Model = "/etc" }), "model must be the name of a model" },
            };
        }
    }

    [Fact]
    public async Task Submit_BadRequest_IsRefusedWithItsReason()
    {
        foreach (var row in BadRequests)
        {
            var (name, request, reason) = ((string)row[0], (SubmitRequest)row[1], (string)row[2]);

            var refused = await Assert.ThrowsAsync<RpcException>(async () => await _host.Client.SubmitAsync(request));

            Assert.True(refused.StatusCode == StatusCode.InvalidArgument, $"{name}: {refused.StatusCode}");
            Assert.True(refused.Status.Detail.StartsWith(reason, StringComparison.Ordinal), $"{name}: {refused.Status.Detail}");
        }

        Assert.Empty((await _host.Client.ListAsync(new ListRequest())).Jobs);
    }

    [Fact]
    public async Task Submit_AtTheLimits_IsAccepted()
    {
        var answer = await _host.Client.SubmitAsync(new SubmitRequest
        {
            IdempotencyKey = new string('k', 64),
            Spec = new JobSpec { Prompt = new string('x', 2000), StepCount = 200, GuidanceScale = 50, Seed = ulong.MaxValue },
        });

        Assert.Equal(JobState.Queued, answer.Job.State);
        Assert.Equal(ulong.MaxValue, answer.Job.Spec.Seed);
    }

    [Fact]
    public async Task Submit_Again_AnswersTheSameJob_AndAnotherJobUnderItsKeyIsRefused()
    {
        var first = await _host.SubmitAsync("a vase", "key");
        var again = await _host.SubmitAsync("a vase", "key");

        Assert.Equal(first.JobId, again.JobId);
        var refused = await Assert.ThrowsAsync<RpcException>(() => _host.SubmitAsync("a mug", "key"));
        Assert.Equal(StatusCode.AlreadyExists, refused.StatusCode);
        Assert.Equal(JobState.Succeeded, (await _host.EndOfAsync(first.JobId)).State);
        Assert.Equal(1, _host.Stages.Calls.Count(rpc => rpc == "GenerateViews"));
        Assert.Equal(first.JobId, (await _host.SubmitAsync("a vase", "key")).JobId);
    }

    [Fact]
    public async Task Submit_ToAFullQueue_IsRefused()
    {
        _host.Stages.Before = (_, cancel) => Task.Delay(Timeout.Infinite, cancel);
        for (var i = 0; i < 3; i++)
        {
            await _host.SubmitAsync();
        }

        var refused = await Assert.ThrowsAsync<RpcException>(() => _host.SubmitAsync());

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.Equal(TimeSpan.FromMinutes(1), RetryLater.DelayOf(refused));
    }

    [Fact]
    public async Task Watch_TellsStagesStepsAndTimeLeft_AndEndsWithTheJob()
    {
        using var gate = new SemaphoreSlim(0);
        _host.Stages.Before = (_, cancel) => gate.WaitAsync(cancel);
        var job = await _host.SubmitAsync();
        using var call = _host.Client.Watch(new WatchRequest { JobId = job.JobId }, deadline: DateTime.UtcNow + JobsHost.Timeout);

        var heard = new List<WatchResponse>();
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
        {
            heard.Add(call.ResponseStream.Current);
            if (heard[^1].Progress is { Step: 1, Message: "step 1" } && gate.CurrentCount == 0)
            {
                gate.Release(1000);
            }
        }

        Assert.Equal(job.JobId, heard[0].Job.JobId);
        var painting = heard.First(message => message.Progress is not null);
        Assert.Equal((JobState.Running, Stage.Views, 1, 2), (painting.State, painting.Stage, painting.Progress.Step, painting.Progress.StepCount));
        Assert.InRange(painting.TimeLeft.ToTimeSpan().TotalSeconds, 1, 120);
        Assert.NotNull(painting.LastSignOfLifeTime);
        Assert.All(heard.Skip(1).SkipLast(1), message => Assert.Null(message.Job));
        Assert.Equal((JobState.Succeeded, JobState.Succeeded), (heard[^1].State, heard[^1].Job.State));
        Assert.Null(heard[^1].TimeLeft);
        Assert.Equal(heard[^1].Job, Assert.Single(await _host.WatchAsync(job.JobId)).Job);
    }

    [Fact]
    public async Task Watch_OfAWaitingJob_TellsItsPlaceAndMoreTimeThanTheJobAhead()
    {
        _host.Stages.Before = (_, cancel) => Task.Delay(Timeout.Infinite, cancel);
        await _host.SubmitAsync();
        var waiting = await _host.SubmitAsync();

        using var call = _host.Client.Watch(new WatchRequest { JobId = waiting.JobId });
        await call.ResponseStream.MoveNext(CancellationToken.None);

        Assert.Equal((JobState.Queued, 1), (call.ResponseStream.Current.State, call.ResponseStream.Current.QueuePosition));
        Assert.Equal(92, call.ResponseStream.Current.TimeLeft.ToTimeSpan().TotalSeconds, 0.001); // twice the first guesses
    }

    [Fact]
    public async Task Download_SendsEachFile_HeaderFirst()
    {
        var job = await _host.EndOfAsync((await _host.SubmitAsync()).JobId);
        (JobFile File, string Id, string Type)[] files =
        [
            (JobFile.Asset, job.Result.AssetArtifactId, "model/gltf-binary"),
            (JobFile.Sheet, job.Result.SheetArtifactId, "image/png"),
            (JobFile.Report, job.Result.ReportArtifactId, "application/json"),
            (JobFile.Views, job.Result.ViewsArtifactId, "application/octet-stream"),
        ];

        foreach (var (file, id, type) in files)
        {
            var (header, bytes) = await _host.DownloadAsync(job.JobId, file);
            Assert.Equal((id, type, bytes.LongLength), (header.ArtifactId, header.MediaType, header.ByteLength));
            Assert.Equal(await _host.Artifacts.ReadAsync(id), bytes);
        }
    }

    [Fact]
    public async Task Download_OfALargeFile_ComesInChunksOf64KiB()
    {
        var bytes = Enumerable.Range(0, 200_000).Select(i => (byte)(i * 7)).ToArray();
        var job = await _host.EndOfAsync((await _host.SubmitAsync()).JobId);
        var sheet = job.Result.SheetArtifactId;
        await File.WriteAllBytesAsync(Path.Combine(_host.Artifacts.Root, sheet[..2], sheet), bytes);

        using var call = _host.Client.Download(new DownloadRequest { JobId = job.JobId, File = JobFile.Sheet });
        var parts = await call.ResponseStream.ReadAllAsync().ToListAsync();

        Assert.Equal([0L, 65536, 131072, 196608], parts.Skip(1).Select(part => part.Chunk.Offset));
        Assert.Equal(bytes, parts.Skip(1).SelectMany(part => part.Chunk.Data.ToByteArray()));
    }

    [Fact]
    public async Task Download_BeforeTheFileIsThere_OrOfNoFile_IsRefused()
    {
        _host.Stages.Before = (_, cancel) => Task.Delay(Timeout.Infinite, cancel);
        var job = await _host.SubmitAsync();

        var early = await Assert.ThrowsAsync<RpcException>(() => _host.DownloadAsync(job.JobId, JobFile.Asset));
        var none = await Assert.ThrowsAsync<RpcException>(() => _host.DownloadAsync(job.JobId, JobFile.Unspecified));

        Assert.Equal((StatusCode.FailedPrecondition, StatusCode.InvalidArgument), (early.StatusCode, none.StatusCode));
    }

    [Fact]
    public async Task List_PagesFromTheNewest()
    {
        var jobs = new[] { await _host.SubmitAsync("1"), await _host.SubmitAsync("2"), await _host.SubmitAsync("3") };

        var first = await _host.Client.ListAsync(new ListRequest { PageSize = 2 });
        var second = await _host.Client.ListAsync(new ListRequest { PageSize = 2, PageToken = first.NextPageToken });

        Assert.Equal([jobs[2].JobId, jobs[1].JobId], first.Jobs.Select(job => job.JobId));
        Assert.Equal([jobs[0].JobId], second.Jobs.Select(job => job.JobId));
        Assert.Equal("", second.NextPageToken);
        foreach (var bad in new[] { new ListRequest { PageSize = -1 }, new() { PageSize = 101 }, new() { PageToken = "x" } })
        {
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await _host.Client.ListAsync(bad));
            Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        }
    }

    [Fact]
    public async Task UnknownJobs_AreNotFound_AndASucceededOneCannotBeRetried()
    {
        foreach (var id in new[] { "", "x", Guid.NewGuid().ToString("N"), "../" + Guid.NewGuid().ToString("N") })
        {
            Func<Task>[] calls =
            [
                async () => await _host.Client.GetAsync(new GetRequest { JobId = id }),
                async () => await _host.Client.CancelAsync(new CancelRequest { JobId = id }),
                async () => await _host.Client.RetryAsync(new RetryRequest { JobId = id }),
                async () => await _host.WatchAsync(id),
                async () => await _host.DownloadAsync(id, JobFile.Asset),
            ];
            foreach (var call in calls)
            {
                Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(call)).StatusCode);
            }
        }

        var done = await _host.EndOfAsync((await _host.SubmitAsync()).JobId);
        var refused = await Assert.ThrowsAsync<RpcException>(
            async () => await _host.Client.RetryAsync(new RetryRequest { JobId = done.JobId }));
        Assert.Equal(StatusCode.FailedPrecondition, refused.StatusCode);
        Assert.Equal(JobState.Succeeded, (await _host.Client.CancelAsync(new CancelRequest { JobId = done.JobId })).Job.State);
    }
}
