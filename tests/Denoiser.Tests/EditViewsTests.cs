using System.Globalization;
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

/// <summary>Changing given views over the wire.</summary>
public sealed class EditViewsTests(DenoiserHost host) : IClassFixture<DenoiserHost>
{
    private const int Size = 16;
    private const int Width = 2 * Size;
    private const int Height = 3 * Size;

    [Fact]
    public async Task WithoutAMask_TheViewsAreNoisedToTheStrength_AndPaintedFromThere()
    {
        var request = await RequestAsync();
        var responses = await EditAsync(request);

        Assert.Equal([(1, 3), (2, 3), (3, 3)], responses.SkipLast(1).Select(response => (response.Progress.Step, response.Progress.StepCount)));
        var result = responses[^1].Result;
        var (given, views) = (await host.ReadViewsAsync(request.ViewsArtifactId), await host.ReadViewsAsync(result.ViewsArtifactId));
        Assert.Equal(given.Cameras, views.Cameras);
        Assert.Equal(("a blue chair", 5L), (views.Prompt, views.Seed));

        using var scope = NewDisposeScope();
        AssertTensor.Close(EditAlone(request, given), tensor(views.Rgba, [6, 4, Size, Size]), relative: 1e-3, absolute: 1e-3, "views");
    }

    [Fact]
    public async Task WithAMask_WhatItLeavesStaysBitForBit_AndTheRestChanges()
    {
        var request = await RequestAsync();
        var given = await host.ReadViewsAsync(request.ViewsArtifactId);
        bool Painted(int view, int y, int x) => view == 3 && y is >= 4 and < 12 && x is >= 3 and < 9;   // row 1, column 1
        request.MaskArtifactId = await MaskAsync((y, x) => Painted((y / Size * 2) + (x / Size), y % Size, x % Size));

        var views = await host.ReadViewsAsync((await EditAsync(request))[^1].Result.ViewsArtifactId);

        var changed = 0;
        for (var i = 0; i < views.Rgba.Length; i++)
        {
            var (view, pixel) = (i / (4 * Size * Size), i % (Size * Size));
            if (Painted(view, pixel / Size, pixel % Size))
            {
                changed += views.Rgba[i] == given.Rgba[i] ? 0 : 1;
            }
            else
            {
                Assert.Equal(given.Rgba[i], views.Rgba[i]);
            }
        }

        Assert.InRange(changed, 4 * 48 / 2, 4 * 48);   // some channels are at their limits before and after

        using var scope = NewDisposeScope();
        var cells = zeros(1, 1, 24, 16);               // two pixels each: rows 4 to 11 and columns 3 to 8 of view 3 touch 4 x 4 of them
        cells[0, 0, TensorIndex.Slice(8 + 2, 8 + 6), TensorIndex.Slice(8 + 1, 8 + 5)] = tensor(1f);
        var alone = EditAlone(request, given, cells)[3];
        var painted = tensor(views.Rgba, [6, 4, Size, Size])[3];
        foreach (var channel in Enumerable.Range(0, 4))
        {
            AssertTensor.Close(
                alone[channel].narrow(0, 4, 8).narrow(1, 3, 6), painted[channel].narrow(0, 4, 8).narrow(1, 3, 6), 1e-3, 1e-3, "painted");
        }
    }

    [Fact]
    public async Task WithAMaskOfNothing_TheViewsAreTheGivenOnes()
    {
        var request = await RequestAsync();
        request.MaskArtifactId = await MaskAsync((_, _) => false);

        var views = await host.ReadViewsAsync((await EditAsync(request))[^1].Result.ViewsArtifactId);

        Assert.Equal((await host.ReadViewsAsync(request.ViewsArtifactId)).Rgba, views.Rgba);
    }

    [Theory]
    [InlineData("strength 0", "strength must be")]
    [InlineData("strength 1.5", "strength must be")]
    [InlineData("strength NaN", "strength must be")]
    [InlineData("strength 0.1", "strength 0.1 of 6 steps")]
    [InlineData("blank prompt", "prompt")]
    [InlineData("no views", "views_artifact_id names no views")]
    [InlineData("five views", "views_artifact_id must name 6 views of 16")]
    [InlineData("small mask", "mask_artifact_id must name a gray PNG of 32 x 48")]
    [InlineData("no mask", "mask_artifact_id names no picture")]
    [InlineData("other kind", "model sd cannot change views")]
    public async Task BadRequest_NamesTheField(string fault, string said)
    {
        var request = await RequestAsync();
        switch (fault)
        {
            case "blank prompt": request.Prompt = " "; break;
            case "no views": request.ViewsArtifactId = await host.StoreAsync([1, 2, 3]); break;
            case "five views":
                var given = await host.ReadViewsAsync(request.ViewsArtifactId);
                var five = given with { Rgba = given.Rgba[..(5 * 4 * Size * Size)], Cameras = [.. given.Cameras.Take(5)] };
                request.ViewsArtifactId = await host.StoreAsync(five.ToBytes());
                break;
            case "small mask": request.MaskArtifactId = await host.StoreAsync(Png.Write(new byte[16], 4, 4, 1)); break;
            case "no mask": request.MaskArtifactId = await host.StoreAsync([1, 2, 3]); break;
            case "other kind":
                TinyPublished.WriteTextToImage(Path.Combine(host.Models, "sd"), """{"_class_name": "DDIMScheduler"}""");
                request.Model = "sd";
                break;
            default: request.Strength = float.Parse(fault.Split(' ')[1], CultureInfo.InvariantCulture); break;
        }

        var refused = await Assert.ThrowsAsync<RpcException>(() => EditAsync(request));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.StartsWith(said, refused.Status.Detail, StringComparison.Ordinal);
    }

    private async Task<EditViewsRequest> RequestAsync() => new()
    {
        ViewsArtifactId = (await host.PaintAsync(DenoiserHost.Request()))[^1].Result.ViewsArtifactId,
        Prompt = "a blue chair",
        Seed = 5,
        StepCount = 6,
        GuidanceScale = 2,
        Strength = 0.5f,
        Domain = Domain.Synthetic,
    };

    private async Task<List<EditViewsResponse>> EditAsync(EditViewsRequest request)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var call = host.Client.EditViews(request, cancellationToken: timeout.Token);
        var responses = new List<EditViewsResponse>();
        while (await call.ResponseStream.MoveNext(timeout.Token))
        {
            responses.Add(call.ResponseStream.Current);
        }

        return responses;
    }

    private Task<string> MaskAsync(Func<int, int, bool> painted)
    {
        var bytes = Enumerable.Range(0, Width * Height).Select(i => painted(i / Width, i % Width) ? (byte)128 : (byte)127).ToArray();
        return host.StoreAsync(Png.Write(bytes, Width, Height, 1));
    }

    /// <summary>The method's loop, written out over the folder's parts.</summary>
    private Tensor EditAlone(EditViewsRequest request, ViewSet given, Tensor? cells = null)
    {
        using var untracked = no_grad();
        var folder = ModelFolder.Open(Path.Combine(host.Models, "realiz3d-mini"));
        using var vae = folder.LoadAutoencoder().to(TestDevice.Here);
        using var painter = Assert.IsType<ViewPainter>(LoadedModel.Load("alone", folder.FullPath, TestDevice.Here));
        Tensor Draw(DrawPurpose purpose, params long[] shape)
        {
            var numbers = new float[shape.Aggregate(1L, (count, extent) => count * extent)];
            new Philox(request.Seed, purpose).FillNormal(numbers, 0);
            return tensor(numbers, shape);
        }

        var (mean, logVariance) = vae.Encode(PaintedViews.ToNetwork(tensor(given.Rgba, [6, 4, Size, Size])));
        var clean = SixViewGrid.Tile((mean + ((logVariance * 0.5).exp() * Draw(DrawPurpose.Posterior, mean.shape))) * 0.5);
        var sampler = Schedulers.Create(painter.Schedule, new SamplingOptions(6));
        using var history = new SchedulerHistory(3);
        var noise = Draw(DrawPurpose.Start, clean.shape);
        var x = sampler.AddNoise(clean, noise, [sampler.Timesteps[3]]);
        var (states, mask) = painter.Encode("", request.Prompt);
        for (var k = 3; k < 6; k++)
        {
            var parts = painter.Network.Pass(
                new Serving.StepInputs(x.repeat(2, 1, 1, 1), full([2], (float)sampler.Timesteps[k]), states, mask)).chunk(2, 0);
            x = sampler.TakeStep(Guidance.Apply(parts[0], parts[1], request.GuidanceScale), x, history).Previous;
            if (cells is not null)
            {
                var known = k == 5 ? clean : sampler.AddNoise(clean, noise, [sampler.Timesteps[k + 1]]);
                x = (known * (1 - cells)) + (x * cells);
            }
        }

        return PaintedViews.ToViews(painter.Decode(x));
    }
}
