using System.Globalization;
using Grpc.Core;
using Realiz3D.Mesh.Contracts.Denoising.V1;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Formats;
using Realiz3D.Mesh.Storage;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Denoising.Tests;

// On the CPU: the reference is computed there, the service's answer on the given device.
/// <summary>Control images by request, over the wire.</summary>
public sealed class ControlTests(DenoiserHost host) : IClassFixture<DenoiserHost>
{
    private static PixelImage Followed { get; } = new(24, 16, 3, [.. Enumerable.Range(0, 24 * 16 * 3).Select(i => (byte)(i * 7 / 2))]);

    [Fact]
    public async Task Picture_FollowsTheControlImage_WithItsOwnWeight_WhileItSpeaks()
    {
        var (early, late) = (await RequestAsync(), await RequestAsync());
        (early.Control.ConditioningScale, early.Control.Start, early.Control.End) = (0.7f, 0.2f, 0.8f);
        (late.Control.ConditioningScale, late.Control.Start) = (1.5f, 0.5f);

        var painted = await Task.WhenAll(PaintAsync(early), PaintAsync(late)); // they may share steps

        await AssertIsAsync(painted[0], early, [0, 0, 0.7, 0.7, 0, 0]);   // of six steps those wholly between 0.2 and 0.8
        await AssertIsAsync(painted[1], late, [0, 0, 0, 1.5, 1.5, 1.5]);
        Assert.NotEqual(painted[0].ImageArtifactId, painted[1].ImageArtifactId);
    }

    [Fact]
    public async Task InpaintingNetwork_AndControlNetOfItsOwnFolder_GoTogether()
    {
        var request = await RequestAsync("control-nine", channels: 9);
        request.ImageArtifactId = request.Control.ImageArtifactId;
        request.MaskArtifactId = await host.StoreAsync(Png.Write(Enumerable.Repeat((byte)255, 24 * 16).ToArray(), 24, 16, 1));
        var named = await PaintAsync(request);
        var folder = Path.Combine(host.Models, "control-own");
        WriteModel("control-own", channels: 9);
        TinyPublished.WriteControlNet(Path.Combine(folder, "controlnet"));
        var index = Path.Combine(folder, "model_index.json");
        var text = await File.ReadAllTextAsync(index);
        await File.WriteAllTextAsync(
            index, text.Replace("\"unet\":", "\"controlnet\": [\"diffusers\", \"ControlNetModel\"],\n  \"unet\":", StringComparison.Ordinal));
        (request.Model, request.Control.Model) = ("control-own", "");

        Assert.Equal(named.ImageArtifactId, (await PaintAsync(request)).ImageArtifactId);
        request.Control = null;
        Assert.NotEqual(named.ImageArtifactId, (await PaintAsync(request)).ImageArtifactId);
    }

    [Fact]
    public async Task Views_FollowTheirDepth_AsThePipelineDoes()
    {
        const int size = 16;
        var shown = new PixelImage(20, 20, 4, [.. Enumerable.Range(0, 1600).Select(i => (byte)(i * 7))]);
        var depth = new PixelImage(2 * size, 3 * size, 4, [.. Enumerable.Range(0, 2 * size * 3 * size * 4).Select(i => (byte)(i * 5 / 3))]);
        var folder = Path.Combine(host.Models, "control-zero");
        TinyPublished.WriteZero123Plus(folder);
        WriteControl();
        var request = new GenerateViewsRequest
        {
            Model = "control-zero", Seed = 9, StepCount = 4, GuidanceScale = 4, Domain = Domain.Synthetic, ViewSize = size,
            ImageArtifactId = await host.StoreAsync(Png.Write(shown.Bytes, shown.Width, shown.Height, 4)),
            Control = new ControlImage
            {
                Model = "control-net", ConditioningScale = 0.75f,
                ImageArtifactId = await host.StoreAsync(Png.Write(depth.Bytes, depth.Width, depth.Height, 4)),
            },
        };

        var views = await host.ReadViewsAsync((await host.PaintAsync(request))[^1].Result.ViewsArtifactId);

        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var parts = ModelFolder.Open(folder);
        using var models = Zero123PlusModels.Load(parts);
        using var control = ModelFolder.LoadControlNetAlone(Path.Combine(host.Models, "control-net"));
        Tensor Ids() => tensor(parts.ReadTokenizer().EncodePadded("").Ids, [1, 16]);
        Tensor Draw(DrawPurpose purpose, int step, params long[] shape)
        {
            var numbers = new float[shape.Aggregate(1L, (count, extent) => count * extent)];
            new Philox(request.Seed, purpose).FillNormal(numbers, step);
            return tensor(numbers, shape);
        }

        var image = new Zero123PlusPipeline(models, control).Run(
            new Zero123PlusJob(shown, Ids(), Ids(), 4, 4, depth, ControlScale: 0.75),
            new Zero123PlusNoise(
                Draw(DrawPurpose.Start, 0, 1, 4, 24, 16),
                Draw(DrawPurpose.Posterior, 0, 1, 4, 8, 8),
                Draw(DrawPurpose.Posterior, 1, 1, 4, 8, 8),
                k => Draw(DrawPurpose.Reference, k, 2, 4, 8, 8),
                k => Draw(DrawPurpose.Step, k, 1, 4, 24, 16)));
        var expected = GrayBackground.ToViews(SixViewGrid.Untile(image)).data<float>().ToArray();
        Assert.Equal(expected.Length, views.Rgba.Length);
        Assert.All(expected.Zip(views.Rgba), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));

        request.Control = null;
        var free = await host.ReadViewsAsync((await host.PaintAsync(request))[^1].Result.ViewsArtifactId);
        Assert.True(free.Rgba.Zip(views.Rgba, (a, b) => Math.Abs(a - b)).Max() > 0.01, "The views do not follow their depth.");
    }

    [Theory]
    [InlineData("model nobody", StatusCode.NotFound, "There is no ControlNet \"nobody\"")]
    [InlineData("model ../control-net", StatusCode.NotFound, "There is no ControlNet \"../control-net\"")]
    [InlineData("model ..", StatusCode.NotFound, "There is no ControlNet \"..\"")]
    [InlineData("own", StatusCode.NotFound, "Model control-sd has no ControlNet of its own")]
    [InlineData("of another network", StatusCode.FailedPrecondition, "cross_attention_dim is not that of the network of model control-sd")]
    [InlineData("size", StatusCode.InvalidArgument, "control.image_artifact_id must name a picture of 24 x 16 pixels, is 4 x 4.")]
    [InlineData("no picture", StatusCode.InvalidArgument, "control.image_artifact_id must name a picture.")]
    [InlineData("conditioning_scale 11", StatusCode.InvalidArgument, "control.conditioning_scale must be 0 to 10.")]
    [InlineData("start 1", StatusCode.InvalidArgument, "control.start must be 0 to below 1.")]
    [InlineData("end 0.2", StatusCode.InvalidArgument, "control.end must be above start")]
    public async Task BadControl_SaysWhatIsWrong(string fault, StatusCode code, string said)
    {
        var request = await RequestAsync();
        var control = request.Control;
        var value = fault.Split(' ')[^1];
        switch (fault.Split(' ')[0])
        {
            case "model": control.Model = value; break;
            case "own": control.Model = ""; break;
            case "of":
                TinyPublished.WriteControlNet(Path.Combine(host.Models, "control-other"), width: 12);
                control.Model = "control-other";
                break;
            case "size": control.ImageArtifactId = await host.StoreAsync(Png.Write(new byte[16], 4, 4, 1)); break;
            case "no": control.ImageArtifactId = ""; break;
            case "conditioning_scale": control.ConditioningScale = float.Parse(value, CultureInfo.InvariantCulture); break;
            case "start": control.Start = 1; break;
            default: (control.Start, control.End) = (0.2f, 0.2f); break;
        }

        var refused = await Assert.ThrowsAsync<RpcException>(() => PaintAsync(request));

        Assert.Equal(code, refused.StatusCode);
        Assert.Contains(said, refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModelThatNoControlNetSpeaksTo_SaysSo()
    {
        var request = DenoiserHost.Request();
        request.Control = new ControlImage { Model = "control-net" };

        var refused = await Assert.ThrowsAsync<RpcException>(() => host.PaintAsync(request));

        Assert.Equal(
            (StatusCode.InvalidArgument, "control must be unset: no ControlNet speaks to model realiz3d-mini."),
            (refused.StatusCode, refused.Status.Detail));
    }

    private void WriteModel(string model, int channels)
    {
        if (!Directory.Exists(Path.Combine(host.Models, model)))
        {
            TinyPublished.WriteTextToImage(
                Path.Combine(host.Models, model),
                """{"_class_name": "EulerAncestralDiscreteScheduler", "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}""",
                config => config with { InChannels = channels });
        }
    }

    private void WriteControl()
    {
        if (!Directory.Exists(Path.Combine(host.Models, "control-net")))
        {
            TinyPublished.WriteControlNet(Path.Combine(host.Models, "control-net"));
        }
    }

    private async Task<GenerateImageRequest> RequestAsync(string model = "control-sd", int channels = 4)
    {
        WriteModel(model, channels);
        WriteControl();
        return new GenerateImageRequest
        {
            Model = model, Prompt = "a red vase", NegativePrompt = "dull", Seed = 11, StepCount = 6, GuidanceScale = 4, Width = 24, Height = 16,
            Control = new ControlImage
            {
                Model = "control-net", ImageArtifactId = await host.StoreAsync(Png.Write(Followed.Bytes, Followed.Width, Followed.Height, 3)),
            },
        };
    }

    private async Task<GeneratedImage> PaintAsync(GenerateImageRequest request)
    {
        using var call = host.Client.GenerateImage(request, deadline: DateTime.UtcNow.AddMinutes(1));
        var last = new GenerateImageResponse();
        while (await call.ResponseStream.MoveNext(default))
        {
            last = call.ResponseStream.Current;
        }

        return last.Result;
    }

    /// <summary>The method's loop, written out: the ControlNet's residuals, weighted as said, go to the U-Net in both halves of guidance.</summary>
    private async Task AssertIsAsync(GeneratedImage result, GenerateImageRequest request, double[] weights)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var parts = new PublishedParts(ModelFolder.Open(Path.Combine(host.Models, request.Model)), request.Seed);
        using var control = ModelFolder.LoadControlNetAlone(Path.Combine(host.Models, "control-net"));
        var told = parts.Told(request);
        var context = cat([told.Negative!, told.Prompt], 0);
        var hint = (tensor(Followed.Bytes, [1, 16, 24, 3]).to(ScalarType.Float32) / 255).permute(0, 3, 1, 2).repeat(2, 1, 1, 1);
        var scheduler = Schedulers.Create(parts.Schedule, told.Sampling);
        using var history = new SchedulerHistory();
        var x = told.Noise * scheduler.InitNoiseSigma;
        for (var k = 0; k < weights.Length; k++)
        {
            var (input, t) = (scheduler.ScaleModelInput(x, k).repeat(2, 1, 1, 1), full([2], (float)scheduler.Timesteps[k]));
            using var residuals = control.call(input, t, context, new ControlHint(hint, weights[k]));
            var halves = parts.UNet.call(input, t, context, new UNetConditions { Residuals = residuals }).chunk(2, 0);
            var noise = scheduler.NeedsNoise(k) ? told.StepNoise!(k) : null;
            x = scheduler.TakeStep(Guidance.Apply(halves[0], halves[1], request.GuidanceScale), x, history, noise).Previous;
        }

        parts.AssertPainted(x, await host.ReadArtifactAsync(result.ImageArtifactId));
    }
}
