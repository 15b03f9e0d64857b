using Grpc.Core;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Rendering;

namespace Realiz3D.Mesh.Denoising.Tests;

/// <summary>Painting over the wire.</summary>
public sealed class GenerateViewsTests(DenoiserHost host) : IClassFixture<DenoiserHost>
{
    [Fact]
    public async Task GenerateViews_TellsEachStep_ThenTheViews()
    {
        var responses = await host.PaintAsync(DenoiserHost.Request());

        var steps = responses.SkipLast(1).Select(response => response.Progress).ToArray();
        Assert.Equal([1, 2, 3, 4, 5, 6], steps.Select(step => step.Step));
        Assert.All(steps, step => Assert.Equal(6, step.StepCount));
        var preview = Assert.Single(steps, step => step.PreviewPng.Length > 0);
        var picture = Png.Read(preview.PreviewPng.Span, "preview");
        Assert.Equal((5, 32, 48), (preview.Step, picture.Width, picture.Height)); // two views of 16 pixels across, three down

        var result = responses[^1].Result;
        Assert.Equal(("realiz3d-mini", 6, 2f), (result.Model, result.StepCount, result.GuidanceScale));
        Assert.Equal(64, result.ModelHash.Length);
        Assert.Equal(["a", "glossy", "red", "ceramic", "vase"], result.KnownWords);
        Assert.Equal(["whimsical"], result.UnknownWords);
    }

    [Fact]
    public async Task GenerateViews_StoresSixViewsOfTheRig_WithTheirProvenance()
    {
        var result = (await host.PaintAsync(DenoiserHost.Request()))[^1].Result;

        var views = await host.ReadViewsAsync(result.ViewsArtifactId);
        Assert.Equal((6, 16), (views.Count, views.Size));
        Assert.Equal(
            CameraRig.Zero123PlusV12.Select(camera => Math.Round(camera.AzimuthDegrees, 3)),
            views.Cameras.Select(camera => Math.Round(camera.AzimuthDegrees, 3)));
        Assert.All(views.Rgba, value => Assert.InRange(value, 0, 1));
        Assert.True(views.Rgba.Distinct().Count() > 100, "The views are blank.");
        Assert.Equal(("model", DenoiserHost.Request().Prompt, 7L), (views.Source, views.Prompt, views.Seed));
        Assert.Equal(result.ModelHash, views.ModelHash);
    }

    [Fact]
    public async Task GenerateViews_SameSeed_SameBytesAlone_SamePictureInCompany()
    {
        var alone = (await host.PaintAsync(DenoiserHost.Request()))[^1].Result.ViewsArtifactId;
        Assert.Equal(alone, (await host.PaintAsync(DenoiserHost.Request()))[^1].Result.ViewsArtifactId);

        var company = await Task.WhenAll(new ulong[] { 7, 8, 7 }.Select(seed => host.PaintAsync(DenoiserHost.Request(seed))));
        var ids = company.Select(responses => responses[^1].Result.ViewsArtifactId).ToArray();

        Assert.InRange(await host.OtherLevelsAsync(alone, ids[0]), 0, 0.001);
        Assert.InRange(await host.OtherLevelsAsync(alone, ids[2]), 0, 0.001);
        Assert.InRange(await host.OtherLevelsAsync(alone, ids[1]), 0.5, 1);
    }

    [Fact]
    public async Task GenerateViews_PromptGuidanceAndModel_AllMatter()
    {
        var request = DenoiserHost.Request();
        var prompt = request.Clone();
        prompt.Prompt = "a blue chair";
        var guidance = request.Clone();
        guidance.GuidanceScale = 1;
        var model = request.Clone();
        model.Model = "other";

        var ids = new List<string>();
        foreach (var each in new[] { request, prompt, guidance, model })
        {
            ids.Add((await host.PaintAsync(each))[^1].Result.ViewsArtifactId);
        }

        Assert.Equal(4, ids.Distinct().Count());
    }

    [Fact]
    public async Task GenerateViews_Cancelled_LeavesTheQueueToOthers()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token);
        var request = DenoiserHost.Request();
        request.StepCount = 200;
        using (var call = host.Client.GenerateViews(request, cancellationToken: stop.Token))
        {
            Assert.True(await call.ResponseStream.MoveNext(timeout.Token));
            await stop.CancelAsync();
            var end = await Assert.ThrowsAsync<RpcException>(async () =>
            {
                while (await call.ResponseStream.MoveNext(timeout.Token))
                {
                    Assert.NotNull(call.ResponseStream.Current.Progress); // the result must not come any more
                }
            });
            Assert.Equal(StatusCode.Cancelled, end.StatusCode);
        }

        Assert.NotNull((await host.PaintAsync(DenoiserHost.Request()))[^1].Result);
        Assert.Equal(0, host.Batcher.QueuedItems);
    }

    [Theory]
    [InlineData("", 6, 2f, Domain.Synthetic, "prompt")]
    [InlineData("  \t", 6, 2f, Domain.Synthetic, "prompt")]
    [InlineData(null, 6, 2f, Domain.Synthetic, "prompt")] // stands for 2001 characters
    [InlineData("a vase", 0, 2f, Domain.Synthetic, "step_count")]
    [InlineData("a vase", -3, 2f, Domain.Synthetic, "step_count")]
    [InlineData("a vase", 201, 2f, Domain.Synthetic, "step_count")]
    [InlineData("a vase", 6, -0.1f, Domain.Synthetic, "guidance_scale")]
    [InlineData("a vase", 6, 50.1f, Domain.Synthetic, "guidance_scale")]
    [InlineData("a vase", 6, float.NaN, Domain.Synthetic, "guidance_scale")]
    [InlineData("a vase", 6, 2f, Domain.Unspecified, "domain")]
    [InlineData("a vase", 6, 2f, Domain.Photo, "domain")]
    public async Task GenerateViews_BadRequest_NamesTheField(string? prompt, int steps, float guidance, Domain domain, string field)
    {
        var request = new GenerateViewsRequest
        {
            Prompt = prompt ?? new string('a', 2001),
            StepCount = steps,
            GuidanceScale = guidance,
            Domain = domain,
        };

        var refused = await Assert.ThrowsAsync<RpcException>(() => host.PaintAsync(request));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith(field, refused.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("../models/other")]
    [InlineData("..")]
    public async Task GenerateViews_UnknownModel_IsNotFound(string model)
    {
        var request = DenoiserHost.Request();
        request.Model = model;

        var refused = await Assert.ThrowsAsync<RpcException>(() => host.PaintAsync(request));

        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        Assert.Contains(model, refused.Status.Detail, StringComparison.Ordinal);
    }
}
