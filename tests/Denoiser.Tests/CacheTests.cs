using Grpc.Core;
using Realiz3D.Mesh.Contracts;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Formats;
using StackExchange.Redis;

namespace Realiz3D.Mesh.Denoising.Tests;

/// <summary>Finished views and prompts' tokens come from Redis, over the wire.</summary>
public sealed class CacheTests(CachedService service) : IClassFixture<CachedService>
{
    [Fact]
    public async Task SameRequest_IsAnsweredAtOnce_WithTheSameResult()
    {
        var request = Request(seed: 1);
        var painted = await service.PaintAsync(request);
        var (hits, misses) = service.Counts("cached-mini", "views");

        var found = await service.PaintAsync(request);
        request.WorkClass = WorkClass.Batch; // how soon it is wanted changes nothing
        var wanted = await service.PaintAsync(request);

        Assert.Equal(7, painted.Count);
        Assert.Equal((6, 6, "found among finished work"), Only(found));
        Assert.Equal((6, 6, "found among finished work"), Only(wanted));
        Assert.Equal(painted[^1].Result, found[^1].Result);
        Assert.Equal(painted[^1].Result, wanted[^1].Result);
        Assert.Equal((hits + 2, misses), service.Counts("cached-mini", "views"));

        request.IgnoresCache = true;
        var anew = await service.PaintAsync(request);
        Assert.Equal(7, anew.Count);
        Assert.Equal(painted[^1].Result, anew[^1].Result);
    }

    [Theory]
    [InlineData("prompt")]
    [InlineData("seed")]
    [InlineData("step_count")]
    [InlineData("guidance_scale")]
    [InlineData("weights")]
    [InlineData("settings")]
    [InlineData("device and build")]
    public async Task AnythingThatDeterminesTheViews_Misses(string changed)
    {
        var request = Request(seed: 2);
        await service.PaintAsync(request);
        Assert.Equal(2, (await service.PaintAsync(request)).Count);

        switch (changed)
        {
            case "prompt": request.Prompt += " "; break;
            case "seed": request.Seed++; break;
            case "step_count": request.StepCount = 5; break;
            case "guidance_scale": request.GuidanceScale = 2.5f; break;
            case "weights": request.Model = "cached-other"; break;
            case "settings":
                request.Model = "cached-copy"; // the same weights; a tokenizer that splits words otherwise
                CopyMini("cached-copy");
                await File.AppendAllTextAsync(Path.Combine(service.Models, "cached-copy", "tokenizer", "merges.txt"), "\n");
                break;
            default:
                var mini = LoadedModel.Load("mini", Path.Combine(service.Models, "cached-mini"), TorchSharp.torch.CPU);
                using (mini)
                {
                    Assert.Matches($"^{mini.Hash} {mini.Settings} ([0-9a-f-]{{36}} ){{3}}CPU Float32 [0-9]+$", mini.Identity);
                    var key = FinishedWork.KeyOf("views", mini, "job");
                    Assert.NotEqual(key, FinishedWork.KeyOf("views", mini, "other"));
                    Assert.Equal(("views", "mini", 64), (key.Kind, key.Model, key.Hash.Length));
                }

                return;
        }

        Assert.Equal(request.StepCount + 1, (await service.PaintAsync(request)).Count);
    }

    [Fact]
    public async Task EqualWeightsAndSettings_UnderAnotherName_FindTheViews_AsTheirs()
    {
        var request = Request(seed: 3);
        var painted = (await service.PaintAsync(request))[^1].Result;
        CopyMini("cached-twin");
        request.Model = "cached-twin";

        var found = await service.PaintAsync(request);

        Assert.Equal(2, found.Count);
        painted.Model = "cached-twin";
        Assert.Equal(painted, found[^1].Result);
    }

    [Theory]
    [InlineData("image")]
    [InlineData("view_size")]
    [InlineData("camera_distance")]
    public async Task ViewsOfAPicture_AreItsOwn_InTheirSizeAndDistance(string changed)
    {
        var folder = Path.Combine(service.Models, "cached-v1.1");
        if (!Directory.Exists(folder))
        {
            TinyPublished.WriteZero123Plus(folder);
        }

        var request = new GenerateViewsRequest
        {
            Model = "cached-v1.1", Seed = 1, StepCount = 2, Domain = Domain.Synthetic, ViewSize = 16, CameraDistance = 2,
            ImageArtifactId = await PictureAsync(7),
        };
        var painted = await service.PaintAsync(request);
        Assert.Equal(painted[^1], (await service.PaintAsync(request))[1]);

        switch (changed)
        {
            case "image": request.ImageArtifactId = await PictureAsync(8); break;
            case "view_size": request.ViewSize = 18; break;
            default: request.CameraDistance = 3; break;
        }

        Assert.Equal(3, (await service.PaintAsync(request)).Count);
    }

    [Fact]
    public async Task ViewsThatTheStoreLost_ArePaintedAnew()
    {
        var request = Request(seed: 4);
        var id = (await service.PaintAsync(request))[^1].Result.ViewsArtifactId;
        File.Delete(Path.Combine(service.Artifacts.Root, id[..2], id));

        Assert.Equal(7, (await service.PaintAsync(request)).Count);
        Assert.True(service.Artifacts.Exists(id));
        Assert.Equal(2, (await service.PaintAsync(request)).Count);
    }

    [Fact]
    public async Task StatesAreSavedAndResumed_AsWithoutACache()
    {
        var request = Request(seed: 5);
        request.SavesStates = true;
        var painted = await service.PaintAsync(request);
        var resumed = request.Clone();
        resumed.ResumeArtifactId = Assert.Single(painted, response => response.StateArtifactId.Length > 0).StateArtifactId;

        // Where nothing is left to do there is no state; a state is gone on from.
        Assert.Equal((2, painted[^1]), ((await service.PaintAsync(request)).Count, (await service.PaintAsync(request))[^1]));
        var rest = await service.PaintAsync(resumed);
        Assert.Equal([6], rest.SkipLast(1).Select(response => response.Progress.Step));
        Assert.Equal(painted[^1], rest[^1]);
        resumed.Seed++;
        Assert.Equal(StatusCode.InvalidArgument, (await Assert.ThrowsAsync<RpcException>(() => service.PaintAsync(resumed))).StatusCode);
    }

    [Fact]
    public async Task ChangedViews_AreKept_ByAllThatTheyWereChangedBy()
    {
        var request = new EditViewsRequest
        {
            ViewsArtifactId = (await service.PaintAsync(Request(seed: 6)))[^1].Result.ViewsArtifactId,
            Prompt = "a blue chair", Seed = 5, StepCount = 6, GuidanceScale = 2, Domain = Domain.Synthetic, Strength = 0.5f,
        };
        var painted = await service.EditAsync(request);
        Assert.Equal(4, painted.Count);

        var found = await service.EditAsync(request);
        Assert.Equal((3, 3), (found[0].Progress.Step, found[0].Progress.StepCount));
        Assert.Equal((2, painted[^1]), (found.Count, found[^1]));

        request.Strength = 1;
        Assert.Equal(7, (await service.EditAsync(request)).Count);
        request.MaskArtifactId = await service.Artifacts.PutAsync(Png.Write(new byte[32 * 48], 32, 48, 1));
        Assert.Equal(7, (await service.EditAsync(request)).Count);
        Assert.Equal(2, (await service.EditAsync(request)).Count);
        request.IgnoresCache = true;
        Assert.Equal(7, (await service.EditAsync(request)).Count);
    }

    [Fact]
    public async Task Pictures_AreKept_ByAllThatTheyWerePaintedFrom()
    {
        TinyPublished.WriteTextToImage(Path.Combine(service.Models, "cached-sd"), """{"_class_name": "DDIMScheduler"}""");
        TinyPublished.WriteControlNet(Path.Combine(service.Models, "cached-control"));
        TinyPublished.WriteControlNet(Path.Combine(service.Models, "cached-twin-control"));
        var request = new GenerateImageRequest
        {
            Model = "cached-sd", Prompt = "a red vase", StepCount = 2, Width = 20, Height = 20,
            Control = new ControlImage { Model = "cached-control", ImageArtifactId = await PictureAsync(5) },
        };
        var painted = await ImageAsync(request);
        Assert.Equal(3, painted.Count);
        request.Control.Model = "cached-twin-control"; // the same bytes
        (request.Control.ConditioningScale, request.GuidanceScale) = (1, 7.5f); // the defaults
        var found = await ImageAsync(request);
        Assert.Equal(((2, 2, "found among finished work"), painted[^1]), ((found[0].Progress.Step, found[0].Progress.StepCount, found[0].Progress.Message), found[^1]));

        foreach (var change in new Action<GenerateImageRequest>[]
        {
            r => r.Control.ConditioningScale = 0.5f, r => r.Control.End = 0.5f, r => r.Control = null, r => r.NegativePrompt = "dull", r => (r.Control, r.Width) = (null, 22),
        })
        {
            var other = request.Clone();
            change(other);
            Assert.Equal(3, (await ImageAsync(other)).Count);
        }
    }

    [Fact]
    public async Task ViewsThatWerePaintedInCompany_AreNotKept()
    {
        var (one, other) = (Request(seed: 7), Request(seed: 8));
        (one.StepCount, other.StepCount) = (60, 60);

        await Task.WhenAll(service.PaintAsync(one), service.PaintAsync(other));

        Assert.Equal(61, (await service.PaintAsync(one)).Count);
        Assert.Equal(2, (await service.PaintAsync(one)).Count);
    }

    [Fact]
    public async Task TokensOfAPrompt_AreTakenFromTheCache_ByEveryCall()
    {
        var request = new EncodeTextRequest { Prompt = "a red vase that stands alone" };
        var (hits, misses) = service.Counts("cached-mini", "text");
        var encoded = await service.Client.EncodeTextAsync(request);
        var (_, afterFirst) = service.Counts("cached-mini", "text");

        Assert.Equal(encoded, await service.Client.EncodeTextAsync(request));
        Assert.Equal((hits + 1, misses + 1, misses + 1), (service.Counts("cached-mini", "text").Hits, afterFirst, service.Counts("cached-mini", "text").Misses));
        var noise = await PredictAsync(request.Prompt);
        Assert.NotEqual(noise, await PredictAsync("a blue vase"));

        // What the calls read is what lies in Redis: all entries become those of nought.
        await service.Redis.RunAsync(
            """
            for _, name in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
              local entry = 'realiz3d:denoiser:entry:' .. name
              if name:sub(1, 5) == 'text:' then redis.call('SET', entry, string.rep('\0', redis.call('STRLEN', entry))) end
            end
            return 1
            """,
            [(RedisKey)"realiz3d:denoiser:used"]);
        var poisoned = await service.Client.EncodeTextAsync(request);
        Assert.All(InlineTensors.ReadFloats(poisoned.HiddenStates, "states"), value => Assert.Equal(0, value));
        Assert.Equal(encoded.AttentionMask, poisoned.AttentionMask);
        Assert.NotEqual(noise, await PredictAsync(request.Prompt));
        await service.Redis.CallAsync("FLUSHALL");
        Assert.Equal(noise, await PredictAsync(request.Prompt));
    }

    private static (int, int, string) Only(List<GenerateViewsResponse> responses)
    {
        Assert.Equal(2, responses.Count);
        return (responses[0].Progress.Step, responses[0].Progress.StepCount, responses[0].Progress.Message);
    }

    private static GenerateViewsRequest Request(ulong seed) => DenoiserHost.Request(seed);

    private async Task<Contracts.Tensors.V1.InlineTensor> PredictAsync(string prompt) =>
        (await service.Client.PredictNoiseAsync(new PredictNoiseRequest
        {
            Latents = InlineTensors.Pack([.. Enumerable.Range(0, 8 * 24 * 16).Select(i => MathF.Sin(i))], 1, 8, 24, 16),
            Timesteps = { 500 }, Prompt = prompt, GuidanceScale = 1, Domain = Domain.Synthetic,
        })).Noise;

    private async Task<List<GenerateImageResponse>> ImageAsync(GenerateImageRequest request)
    {
        using var call = service.Client.GenerateImage(request, deadline: DateTime.UtcNow.AddMinutes(1));
        var responses = new List<GenerateImageResponse>();
        while (await call.ResponseStream.MoveNext(default))
        {
            responses.Add(call.ResponseStream.Current);
        }

        return responses;
    }

    private Task<string> PictureAsync(int step) =>
        service.Artifacts.PutAsync(Png.Write([.. Enumerable.Range(0, 1600).Select(i => (byte)(i * step))], 20, 20, 4));

    private void CopyMini(string name)
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(service.Models, "cached-mini"), "*", SearchOption.AllDirectories))
        {
            var copy = file.Replace("cached-mini", name, StringComparison.Ordinal);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }
}
