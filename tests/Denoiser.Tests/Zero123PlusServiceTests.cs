using Grpc.Core;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Storage;
using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Six views from one picture over the wire, against the pipeline that the reference cases hold.</summary>
public sealed class Zero123PlusServiceTests(DenoiserHost host) : IClassFixture<DenoiserHost>
{
    private const int Size = 16;

    [Fact]
    public async Task GenerateViews_IsThePipelinesResult_WithTheNoiseOfTheSeed()
    {
        var request = await RequestAsync("zero");
        var result = (await host.PaintAsync(request))[^1].Result;
        var views = await host.ReadViewsAsync(result.ViewsArtifactId);

        using var scope = NewDisposeScope();
        var image = RunPipeline("zero", request);
        var expected = GrayBackground.ToViews(SixViewGrid.Untile(image).cpu()).data<float>().ToArray();
        Assert.Equal((6, Size), (views.Count, views.Size));
        Assert.Equal(expected.Length, views.Rgba.Length);
        Assert.True(expected.Distinct().Count() > 100, "The views are blank.");
        Assert.All(expected.Zip(views.Rgba), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.Equal([20, -10, 20, -10, 20, -10], views.Cameras.Select(camera => (int)camera.ElevationDegrees));
        Assert.Equal(("zero", 6, 4f), (result.Model, result.StepCount, result.GuidanceScale));
        Assert.Empty(result.KnownWords);
    }

    [Fact]
    public async Task GenerateViews_OfVersion11_HasItsRig_AtTheDistanceAskedFor()
    {
        var request = await RequestAsync("zero-v1.1");
        request.CameraDistance = 2;
        var views = await host.ReadViewsAsync((await host.PaintAsync(request))[^1].Result.ViewsArtifactId);

        Assert.Equal([30, -20, 30, -20, 30, -20], views.Cameras.Select(camera => (int)camera.ElevationDegrees));
        Assert.All(views.Cameras, camera => Assert.Equal((2, 49.1343), (camera.Radius, Math.Round(camera.FieldOfViewDegrees, 4))));
    }

    [Fact]
    public async Task GenerateViews_InCompanyOfOthers_GivesTheSamePictures()
    {
        var request = await RequestAsync("zero");
        var alone = (await host.PaintAsync(request))[^1].Result.ViewsArtifactId;
        var other = request.Clone();
        other.Seed++;

        var company = await Task.WhenAll(
            host.PaintAsync(request), host.PaintAsync(other), host.PaintAsync(DenoiserHost.Request()), host.PaintAsync(request));

        Assert.InRange(await host.OtherLevelsAsync(alone, company[0][^1].Result.ViewsArtifactId), 0, 0.001);
        Assert.InRange(await host.OtherLevelsAsync(alone, company[3][^1].Result.ViewsArtifactId), 0, 0.001);
        Assert.InRange(await host.OtherLevelsAsync(alone, company[1][^1].Result.ViewsArtifactId), 0.1, 1);
    }

    [Theory]
    [InlineData("image_artifact_id must name")]
    [InlineData("image_artifact_id names no picture")]
    [InlineData("view_size")]
    [InlineData("guidance_scale")]
    [InlineData("camera_distance")]
    public async Task GenerateViews_BadRequest_NamesTheField(string said)
    {
        var request = await RequestAsync("zero");
        switch (said)
        {
            case "image_artifact_id must name": request.ImageArtifactId = ""; break;
            case "image_artifact_id names no picture": request.ImageArtifactId = await host.StoreAsync([1, 2, 3]); break;
            case "view_size": request.ViewSize = 17; break;
            case "guidance_scale": request.GuidanceScale = 0.5f; break;
            default: request.CameraDistance = 2; break;
        }

        var refused = await Assert.ThrowsAsync<RpcException>(() => host.PaintAsync(request));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith(said, refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Preview_IsAPixelPerLatentCell_ByTheMapThatIsKeptBesideTheModel()
    {
        var request = await RequestAsync("zero-preview");
        var preview = Preview(await host.PaintAsync(request));
        Assert.Equal((16, 24, 3), (preview.Width, preview.Height, preview.Channels));  // views of 16 pixels, cells of 2
        Assert.True(preview.Samples.Distinct().Count() > 10, "The preview is blank.");

        // The kept map is taken at the next load: one of constants paints plain colours. One of other weights is replaced.
        var file = Path.Combine(host.Models, "zero-preview", PreviewColours.FileName);
        var fitted = await File.ReadAllTextAsync(file);
        var hash = (await host.Client.LoadModelAsync(new LoadModelRequest { Model = "zero-preview" })).Model.ModelHash;
        await WriteAsync(hash);
        Assert.Equal([255, 128, 0], Preview(await host.PaintAsync(request)).Samples.Take(3).Select(sample => (int)sample));

        await WriteAsync(new string('0', 64));
        Assert.Equal(preview.Samples, Preview(await host.PaintAsync(request)).Samples);
        Assert.Equal(fitted, await File.ReadAllTextAsync(file));

        async Task WriteAsync(string modelHash)
        {
            await host.Client.UnloadModelAsync(new UnloadModelRequest { Model = "zero-preview" });
            await File.WriteAllTextAsync(
                file, $$"""{"model_hash": "{{modelHash}}", "map": [[0, 0, 0, 0, 1], [0, 0, 0, 0, 0], [0, 0, 0, 0, -1]]}""");
        }

        static PngImage Preview(IEnumerable<GenerateViewsResponse> responses) => Png.Read(
            Assert.Single(responses, response => response.Progress?.PreviewPng.Length > 0).Progress.PreviewPng.Span, "preview");
    }

    [Fact]
    public async Task PredictNoise_IsNotServed()
    {
        var request = await RequestAsync("zero");
        var refused = await Assert.ThrowsAsync<RpcException>(() => host.Client.PredictNoiseAsync(new PredictNoiseRequest
        {
            Model = request.Model,
            Latents = Contracts.InlineTensors.Pack(new float[4 * 24 * 16], 1, 4, 24, 16),
        }).ResponseAsync);
        Assert.Equal((StatusCode.InvalidArgument, true), (refused.StatusCode, refused.Status.Detail.Contains("shown a picture", StringComparison.Ordinal)));
    }

    private static PixelImage Shown { get; } = new(20, 20, 4, [.. Enumerable.Range(0, 1600).Select(i => (byte)(i * 7))]);

    private async Task<GenerateViewsRequest> RequestAsync(string model)
    {
        var folder = Path.Combine(host.Models, model);
        if (!Directory.Exists(folder))
        {
            TinyPublished.WriteZero123Plus(folder);
        }

        return new GenerateViewsRequest
        {
            Model = model,
            Seed = 9,
            StepCount = 6,
            GuidanceScale = 4,
            Domain = Domain.Synthetic,
            ViewSize = Size,
            ImageArtifactId = await host.StoreAsync(Png.Write(Shown.Bytes, Shown.Width, Shown.Height, 4)),
        };
    }

    private Tensor RunPipeline(string model, GenerateViewsRequest request)
    {
        var folder = ModelFolder.Open(Path.Combine(host.Models, model));
        using var models = Zero123PlusModels.Load(folder);
        foreach (nn.Module part in (nn.Module[])[models.UNet, models.Vae, models.TextEncoder, models.VisionEncoder])
        {
            part.to(TestDevice.Here);
        }

        var tokenizer = folder.ReadTokenizer();
        Tensor Ids(string prompt) => tensor(tokenizer.EncodePadded(prompt).Ids, [1, 16]);
        Tensor Draw(DrawPurpose purpose, int step, params long[] shape)
        {
            var numbers = new float[shape.Aggregate(1L, (count, extent) => count * extent)];
            new Philox(request.Seed, purpose).FillNormal(numbers, step);
            return tensor(numbers, shape);
        }

        var noise = new Zero123PlusNoise(
            Draw(DrawPurpose.Start, 0, 1, 4, 24, 16),
            Draw(DrawPurpose.Posterior, 0, 1, 4, 8, 8),
            Draw(DrawPurpose.Posterior, 1, 1, 4, 8, 8),
            k => Draw(DrawPurpose.Reference, k, 2, 4, 8, 8),
            k => Draw(DrawPurpose.Step, k, 1, 4, 24, 16));
        return new Zero123PlusPipeline(models).Run(
            new Zero123PlusJob(Shown, Ids(request.Prompt), Ids(""), request.StepCount, request.GuidanceScale), noise);
    }
}
