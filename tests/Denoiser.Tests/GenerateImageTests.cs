using System.Globalization;
using Grpc.Core;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Storage;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising.Tests;

// On the CPU: the reference is computed there, the service's answer on the given device.
/// <summary>Single pictures over the wire, against the pipelines that the reference cases hold, run directly with the noise of the seed.</summary>
public sealed class GenerateImageTests(DenoiserHost host) : IClassFixture<DenoiserHost>
{
    private const string Euler = """
        {"_class_name": "EulerDiscreteScheduler", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
        """;

    private const string Ancestral = """
        {"_class_name": "EulerAncestralDiscreteScheduler", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}
        """;

    private static PixelImage Given { get; } = new(24, 16, 3, [.. Enumerable.Range(0, 24 * 16 * 3).Select(i => (byte)(i * 11 / 3))]);

    [Theory]
    [InlineData(4)]
    [InlineData(1)]      // without guidance the network is asked once
    public async Task TextToImage_IsThePipelinesPicture(float guidance)
    {
        var request = Request("image-sd", Ancestral);
        (request.Width, request.Height, request.GuidanceScale) = (24, 16, guidance);

        var responses = await PaintAsync(request);

        Assert.Equal([1, 2, 3, 4, 5, 6], responses.SkipLast(1).Select(response => response.Progress.Step));
        var preview = Png.Read(
            Assert.Single(responses, response => response.Progress?.PreviewPng.Length > 0).Progress.PreviewPng.Span, "preview");
        Assert.Equal((12, 8, 3), (preview.Width, preview.Height, preview.Channels));    // cells of two pixels
        Assert.True(preview.Samples.Distinct().Count() > 10, "The preview is blank.");
        var result = responses[^1].Result;
        Assert.Equal(("image-sd", 6, guidance, 24, 16), (result.Model, result.StepCount, result.GuidanceScale, result.Width, result.Height));
        await AssertIsAsync(result, request, (pipes, told) => pipes.Text.Paint(told));
    }

    [Fact]
    public async Task Size_IsTheModels_WhereNoneIsAsked()
    {
        var result = (await PaintAsync(Request("image-sd", Ancestral)))[^1].Result;

        Assert.Equal((16, 16), (result.Width, result.Height));  // eight cells of two pixels
    }

    [Theory]
    [InlineData(null, 4)]    // 0.8 of six
    [InlineData(0.5f, 3)]
    [InlineData(1f, 6)]
    public async Task ImageToImage_IsThePipelinesPicture_AndTakesTheStrengthsShareOfTheSteps(float? strength, int steps)
    {
        var request = await GivenAsync("image-sd", Ancestral, strength);

        var responses = await PaintAsync(request);

        Assert.Equal(Enumerable.Range(1, steps).Select(step => (step, steps)), responses.SkipLast(1).Select(r => (r.Progress.Step, r.Progress.StepCount)));
        await AssertIsAsync(responses[^1].Result, request, (pipes, told) =>
            pipes.Image.Paint(told, new StartImage(Pixels(), pipes.Draw(DrawPurpose.Posterior, 0), strength ?? 0.8)));
    }

    [Theory]
    [InlineData("image-sd", 4, null)]
    [InlineData("image-sd", 4, 0.5f)]
    [InlineData("image-nine", 9, null)]
    [InlineData("image-nine", 9, 0.5f)]
    public async Task Inpainting_IsThePipelinesPicture_WithFourChannelsAndWithNine(string model, int channels, float? strength)
    {
        var request = await GivenAsync(model, channels == 9 ? Euler : Ancestral, strength, channels);
        request.MaskArtifactId = await MaskAsync((y, x) => y >= 4 && x is >= 6 and < 18);

        var responses = await PaintAsync(request);

        Assert.Equal(strength is null ? 6 : 3, responses.Count - 1);
        var mask = zeros(1, 1, 16, 24);
        mask[0, 0, TensorIndex.Slice(4), TensorIndex.Slice(6, 18)] = tensor(1f);
        await AssertIsAsync(responses[^1].Result, request, (pipes, told) => pipes.Part.Paint(
            told,
            new StartImage(Pixels(), pipes.Draw(DrawPurpose.Posterior, 0), strength ?? 1),
            mask,
            pipes.Draw(DrawPurpose.Posterior, 1)));
    }

    [Fact]
    public async Task DistilledNetwork_IsToldTheGuidance()
    {
        var request = Request("image-lcm", Euler, config => config with { TimeCondProjDim = 8 });
        (request.Width, request.Height) = (24, 16);

        await AssertIsAsync((await PaintAsync(request))[^1].Result, request, (pipes, told) => pipes.Text.Paint(told));
    }

    [Fact]
    public async Task Seed_AndBothPrompts_MakeThePicture_AndEqualRequestsMakeEqualBytes()
    {
        var request = Request("image-sd", Ancestral);
        var id = (await PaintAsync(request))[^1].Result.ImageArtifactId;
        Assert.Equal(id, (await PaintAsync(request))[^1].Result.ImageArtifactId);
        foreach (var change in new Action<GenerateImageRequest>[] { r => r.Seed++, r => r.Prompt = "a chair", r => r.NegativePrompt = "a chair" })
        {
            var other = request.Clone();
            change(other);
            Assert.NotEqual(id, (await PaintAsync(other))[^1].Result.ImageArtifactId);
        }
    }

    [Theory]
    [InlineData("width 17", "width must be 16 to 1024 and a multiple of 2, is 17.")]
    [InlineData("height 2048", "height must be 16 to 1024")]
    [InlineData("width of the picture", "width must be 24, that of the given picture, or unset.")]
    [InlineData("step_count 201", "step_count must be 1 to 200.")]
    [InlineData("guidance_scale NaN", "guidance_scale must be 0 to 50.")]
    [InlineData("strength 0", "strength must be above 0")]
    [InlineData("strength 0.1", "strength 0.1 of 6 steps leaves none")]
    [InlineData("strength without a picture", "strength must be unset")]
    [InlineData("mask without a picture", "mask_artifact_id must be empty")]
    [InlineData("mask of another size", "mask_artifact_id must name a gray PNG of 24 x 16 pixels.")]
    [InlineData("no picture", "image_artifact_id names no picture")]
    [InlineData("nine channels without a mask", "image_artifact_id and mask_artifact_id must be set")]
    [InlineData("model of views", "model realiz3d-mini paints views")]
    [InlineData("endless prompt", "negative_prompt must have at most 2000")]
    public async Task BadRequest_NamesTheField(string fault, string said)
    {
        var request = await GivenAsync("image-sd", Ancestral, null);
        float Number() => float.Parse(fault.Split(' ')[1], CultureInfo.InvariantCulture);
        switch (fault)
        {
            case "width 17": (request.ImageArtifactId, request.Width) = ("", 17); break;
            case "height 2048": (request.ImageArtifactId, request.Height) = ("", 2048); break;
            case "width of the picture": request.Width = 26; break;
            case "step_count 201": request.StepCount = 201; break;
            case "guidance_scale NaN": request.GuidanceScale = float.NaN; break;
            case "strength 0" or "strength 0.1": request.Strength = Number(); break;
            case "strength without a picture": (request.ImageArtifactId, request.Strength) = ("", 0.5f); break;
            case "mask without a picture": (request.MaskArtifactId, request.ImageArtifactId) = (await MaskAsync((_, _) => true), ""); break;
            case "mask of another size": request.MaskArtifactId = await host.StoreAsync(Png.Write(new byte[16], 4, 4, 1)); break;
            case "no picture": request.ImageArtifactId = await host.StoreAsync([1, 2, 3]); break;
            case "nine channels without a mask": request.Model = Request("image-nine", Euler, config => config with { InChannels = 9 }).Model; break;
            case "model of views": request.Model = ""; break;
            default: request.NegativePrompt = new string('x', 2001); break;
        }

        var refused = await Assert.ThrowsAsync<RpcException>(() => PaintAsync(request));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith(said, refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownPicture_IsNotFound()
    {
        var request = Request("image-sd", Ancestral);
        request.ImageArtifactId = new string('0', 64);

        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(() => PaintAsync(request))).StatusCode);
    }

    private static Tensor Pixels() =>
        (tensor(Given.Bytes, [1, Given.Height, Given.Width, 3]).to(ScalarType.Float32).permute(0, 3, 1, 2) / 127.5) - 1;

    private Task<string> MaskAsync(Func<int, int, bool> painted) => host.StoreAsync(Png.Write(
        [.. Enumerable.Range(0, 24 * 16).Select(i => painted(i / 24, i % 24) ? (byte)128 : (byte)127)], 24, 16, 1));

    private GenerateImageRequest Request(string model, string scheduler, Func<UNetConfig, UNetConfig>? unet = null)
    {
        var folder = Path.Combine(host.Models, model);
        if (!Directory.Exists(folder))
        {
            TinyPublished.WriteTextToImage(folder, scheduler, unet);
        }

        return new GenerateImageRequest { Model = model, Prompt = "a red vase", NegativePrompt = "dull", Seed = 11, StepCount = 6, GuidanceScale = 4 };
    }

    /// <summary>A request that starts from the given picture, as a PNG with an alpha that nobody reads.</summary>
    private async Task<GenerateImageRequest> GivenAsync(string model, string scheduler, float? strength, int channels = 4)
    {
        var request = Request(model, scheduler, config => config with { InChannels = channels });
        byte[] rgba = [.. Given.Bytes.Chunk(3).SelectMany((pixel, i) => pixel.Append((byte)i))];
        request.ImageArtifactId = await host.StoreAsync(Png.Write(rgba, Given.Width, Given.Height, 4));
        if (strength is { } share)
        {
            request.Strength = share;
        }

        return request;
    }

    private async Task<List<GenerateImageResponse>> PaintAsync(GenerateImageRequest request)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var call = host.Client.GenerateImage(request, cancellationToken: timeout.Token);
        var responses = new List<GenerateImageResponse>();
        while (await call.ResponseStream.MoveNext(timeout.Token))
        {
            responses.Add(call.ResponseStream.Current);
        }

        return responses;
    }

    private async Task AssertIsAsync(GeneratedImage result, GenerateImageRequest request, Func<PublishedParts, PaintingRequest, Tensor> paint)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var parts = new PublishedParts(ModelFolder.Open(Path.Combine(host.Models, request.Model)), request.Seed);
        parts.AssertPainted(paint(parts, parts.Told(request)), await host.ReadArtifactAsync(result.ImageArtifactId));
    }
}
