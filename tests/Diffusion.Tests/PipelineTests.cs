using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class PipelineTests : IDisposable
{
    private const int Steps = 4;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly Generator _generator = new(5);
    private readonly AutoencoderKL _vae = new(new AutoencoderConfig(
        BlockOutChannels: [8, 16], InChannels: 3, OutChannels: 3, LatentChannels: 4, NormNumGroups: 4));

    private readonly UNet2DConditionModel _unet = TinyModels.UNet(TinyModels.UNetConfig);
    private readonly NoiseSchedule _schedule = new(new SchedulerConfig(
        BetaSchedule: BetaSchedule.ScaledLinear, BetaStart: 0.00085, BetaEnd: 0.012, ClipSample: false, StepsOffset: 1));

    private readonly PaintingRequest _request;
    private readonly StartImage _start;

    public PipelineTests()
    {
        _vae.Initialise(_generator);
        _vae.to(TestDevice.Here).eval();
        _request = new PaintingRequest(
            Draw(1, 5, 12), Draw(1, 5, 12), Draw(1, 4, 4, 4), new SamplingOptions(Steps), new GuidanceOptions(3, 0.5));
        _start = new StartImage(Draw(1, 3, 8, 8).clamp(-1, 1), Draw(1, 4, 4, 4), Strength: 0.5);
    }

    public void Dispose()
    {
        _vae.Dispose();
        _unet.Dispose();
        _generator.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void TextToImage_IsTheLoopWrittenOut()
    {
        using var untracked = no_grad();
        var x = _request.Noise;
        foreach (var (t, before) in new[] { (751, 501), (501, 251), (251, 1), (1, -249) })
        {
            var at = tensor(new[] { (float)t });
            var (u, c) = (_unet.call(x, at, _request.Negative!, null), _unet.call(x, at, _request.Prompt, null));
            var g = u + (c - u) * 3;
            g = g * (c.std() / g.std()) * 0.5 + g * 0.5;
            var (a, b) = (_schedule.AlphasCumprod[t], before > 0 ? _schedule.AlphasCumprod[before] : 1);
            x = (x - g * Math.Sqrt(1 - a)) / Math.Sqrt(a) * Math.Sqrt(b) + g * Math.Sqrt(1 - b);
        }

        AssertTensor.Close(x, Painter().Paint(_request), 1e-4, 1e-4, "latents");
        AssertTensor.Close(_vae.Decode(x / 0.18215), Painter().Decode(x), 1e-5, 1e-5, "decoded");
    }

    [Fact]
    public void Guidance_OfOneOrLess_AsksWithoutTheNegativePrompt()
    {
        var shapes = new List<long>();
        Painter().Paint(_request with { Negative = null, Guidance = new(1) }, step => shapes.Add(step.Input.shape[0]));
        Assert.Equal([1, 1, 1, 1], shapes);

        var refused = Assert.Throws<ArgumentException>(() => Painter().Paint(_request with { Negative = null }));
        Assert.Contains("negative prompt", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rescale_GivesTheGuidedPredictionTheSpreadOfTheOther()
    {
        var (guided, conditional) = (Draw(2, 3, 4), Draw(2, 3, 4) * 3);
        var rescaled = Guidance.Rescale(guided, conditional, 1);
        for (var n = 0; n < 2; n++)
        {
            AssertTensor.Close(conditional[n].std(), rescaled[n].std(), 1e-5, 0, $"latent {n}");
        }

        AssertTensor.Equal(guided, Guidance.Rescale(guided, conditional, 0));
    }

    [Fact]
    public void Guidance_MayDifferBetweenItems_OrBeToldAsWaves()
    {
        var (u, c) = (Draw(2, 1, 2, 2), Draw(2, 1, 2, 2));
        var guided = Guidance.Apply(u, c, [7.5f, 0]);
        AssertTensor.Equal(Guidance.Apply(u[0], c[0], 7.5), guided[0]);
        AssertTensor.Equal(u[1], guided[1]);

        // Frequencies 1 and 1e-4 of 1000 (s - 1), sines first.
        double[] expected = [0, 0, 1, 1, Math.Sin(1000), Math.Sin(0.1), Math.Cos(1000), Math.Cos(0.1)];
        var waves = AssertTensor.Values(Guidance.Waves([1, 2], 4, TestDevice.Here));
        Assert.All(expected.Zip(waves), pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void Estimate_IsTheCleanLatentOfTheLastStep()
    {
        using var untracked = no_grad();
        var scheduler = Schedulers.Create(_schedule, new(Steps));
        using var sampling = new GuidedSampling(scheduler, _request.Noise, new(1), isGuided: false);
        Assert.Null(sampling.Estimate);

        var (x, e) = (_request.Noise, Draw(1, 4, 4, 4));
        sampling.Accept(e);

        var a = _schedule.AlphasCumprod[751];
        AssertTensor.Close((x - e * Math.Sqrt(1 - a)) / Math.Sqrt(a), sampling.Estimate!, 1e-5, 1e-5, "estimate");
    }

    [Fact]
    public void RestoredJob_EndsWithTheSameBits()
    {
        using var untracked = no_grad();
        var scheduler = Schedulers.Create(new NoiseSchedule(_schedule.Config with { ClassName = "UniPCMultistepScheduler" }), new(Steps));
        using var whole = new GuidedSampling(scheduler, _request.Noise, _request.Guidance, isGuided: true);
        GuidedSampling? restored = null;
        while (!whole.IsFinished)
        {
            if (whole.History.Index == 2)
            {
                restored = new(scheduler, whole.Latents, _request.Guidance, isGuided: true, SchedulerHistory.Restore(whole.History.Save(), TestDevice.Here));
            }

            Advance(whole);
        }

        using (restored)
        {
            while (!restored!.IsFinished)
            {
                Advance(restored);
            }

            AssertTensor.Equal(whole.Latents, restored.Latents);
        }
    }

    [Fact]
    public void ImageToImage_StartsWithTheNoisedImageWhereTheStrengthSays()
    {
        var seen = new List<(int Index, double First)>();
        new ImageToImagePipeline(_unet, _vae, _schedule).Paint(
            _request, _start, step => seen.Add((step.Index, step.Input[0, 1, 2, 3].ToDouble())));

        var noised = _schedule.AddNoise(Encoded(), _request.Noise, [251]);      // the third of 751, 501, 251, 1
        Assert.Equal([2, 3], seen.Select(step => step.Index));
        Assert.Equal(noised[0, 1, 2, 3].ToDouble(), seen[0].First, 1e-6);

        var pipeline = new ImageToImagePipeline(_unet, _vae, _schedule);
        Assert.Throws<ArgumentException>(() => pipeline.Paint(_request, _start with { Strength = 0.1 }));
        Assert.Throws<ArgumentException>(() => pipeline.Paint(_request, _start with { Strength = 1.5 }));
    }

    [Fact]
    public void Inpainting_ChangesWhatTheMaskSaysAndNoMore()
    {
        var pipeline = new InpaintPipeline(_unet, _vae, _schedule);
        AssertTensor.Equal(Encoded(), pipeline.Paint(_request, _start, zeros(1, 1, 8, 8)), "nothing");
        AssertTensor.Close(
            Painter().Paint(_request), pipeline.Paint(_request, _start with { Strength = 1 }, ones(1, 1, 8, 8)), 1e-6, 1e-6, "all");

        // The left half of the picture is the left half of the latent.
        var half = cat([ones(1, 1, 8, 4), zeros(1, 1, 8, 4)], 3);
        var painted = pipeline.Paint(_request, _start, half);
        AssertTensor.Equal(Encoded().narrow(3, 2, 2), painted.narrow(3, 2, 2), "right");
        Assert.True((Encoded() - painted).narrow(3, 0, 2).abs().min().ToDouble() > 0);
    }

    [Fact]
    public void Inpainting_WithNineChannels_ShowsMaskAndMaskedImage()
    {
        using var unet = TinyModels.UNet(TinyModels.UNetConfig with { InChannels = 9 });
        var pipeline = new InpaintPipeline(unet, _vae, _schedule);
        var (mask, noise) = (zeros(1, 1, 8, 8), Draw(1, 4, 4, 4));
        mask[0, 0, 2, 4] = tensor(0.5f);
        double[]? shown = null;
        pipeline.Paint(_request, _start, mask, noise, step => shown ??= AssertTensor.Values(step.Input.narrow(1, 4, 5)));

        using var untracked = no_grad();
        var painted = zeros(1, 1, 8, 8);
        painted[0, 0, 2, 4] = tensor(1f);
        var (mean, logVariance) = _vae.Encode(_start.Image * (1 - painted));
        var masked = (mean + (logVariance * 0.5).exp() * noise) * 0.18215;
        var small = zeros(1, 1, 4, 4);
        small[0, 0, 1, 2] = tensor(1f);
        var extra = cat([small, masked], 1);
        AssertTensor.Close(cat([extra, extra], 0), tensor(shown!, [2, 5, 4, 4]), 1e-5, 1e-6, "extra channels");

        Assert.Throws<ArgumentNullException>(() => pipeline.Paint(_request, _start, mask));
        using var five = TinyModels.UNet(TinyModels.UNetConfig with { InChannels = 5 });
        var refused = Assert.Throws<ArgumentException>(() => new InpaintPipeline(five, _vae, _schedule).Paint(_request, _start, mask, noise));
        Assert.Contains("5 input channels", refused.Message, StringComparison.Ordinal);
    }

    private TextToImagePipeline Painter() => new(_unet, _vae, _schedule);

    private Tensor Encoded()
    {
        using var untracked = no_grad();
        var (mean, logVariance) = _vae.Encode(_start.Image);
        return (mean + (logVariance * 0.5).exp() * _start.PosteriorNoise) * 0.18215;
    }

    private void Advance(GuidedSampling sampling)
    {
        var input = sampling.NetworkInput();
        var context = cat([_request.Negative!, _request.Prompt], 0);
        sampling.Accept(_unet.call(input, full(2, (float)sampling.Timestep), context, null));
    }

    private Tensor Draw(params long[] shape) => randn(shape, generator: _generator);
}
