using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public class LeakTests
{
    [Fact]
    public void Forward_LeavesNoTemporariesAlive() => Alone.Run(() =>
    {
        using var outer = NewDisposeScope();
        using var transformer = TinyModels.Transformer();
        using var vae = TinyModels.Autoencoder();
        using var text = TinyModels.TextEncoder();
        using var unet = TinyModels.UNet(TinyModels.UNetConfig);
        using var control = ControlNetModel.FromUNet(unet, [4, 4]).to(TestDevice.Here);
        var (noised, words, shown) = (ones(1, 4, 8, 8), ones(1, 3, 12), ones(3, 16, 16));
        var vision = new ClipVisionModel(TinyModels.VisionConfig).to(TestDevice.Here);
        var (latent, caption, t) = (ones(1, 3, 12, 8), ones(1, 4, 10), tensor(new long[] { 500 }));
        var (image, ids, mask) = (ones(1, 4, 16, 16), tensor(new long[] { 18, 3, 19, 19 }, [1, 4]), ones(1, 4));
        var pixels = ones(1, 3, 16, 16);
        var sampler = new DdimScheduler(new NoiseSchedule(new SchedulerConfig()), new SamplingOptions(10, Eta: 1));

        // The position table is made by the first call and stays.
        transformer.call(latent, caption, t, mask).Dispose();

        AssertLeaves(1, () => transformer.call(latent, caption, t, mask));
        AssertLeaves(1, () => unet.call(noised, t, words, null));
        AssertLeaves(5, () => control.call(noised, t, words, new ControlHint(shown)));
        AssertLeaves(2, () => vae.Encode(image));
        AssertLeaves(1, () => vae.Decode(latent));
        AssertLeaves(3, () => text.call(ids, mask));
        AssertLeaves(3, () => vision.call(pixels));
        using var history = new SchedulerHistory();
        AssertLeaves(2, () => sampler.TakeStep(latent, latent, history, latent));
        AssertLeaves(1, () => Guidance.Apply(latent, latent, 2));
        vision.Dispose();
    });

    [Fact]
    public void Sampler_KeepsItsHistoryAndNoMore_UntilThatIsDisposed() => Alone.Run(() =>
    {
        using var scope = NewDisposeScope();
        var schedule = new NoiseSchedule(new SchedulerConfig(ClassName: "UniPCMultistepScheduler"));
        var sampler = Schedulers.Create(schedule, new SamplingOptions(8));
        var (sample, output) = (ones(1, 3), ones(1, 3));
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var history = new SchedulerHistory())
        {
            for (var k = 0; k < 4; k++)
            {
                var step = sampler.TakeStep(output, sample, history);
                step.Previous.Dispose();
                step.Original.Dispose();
            }

            Assert.Equal(3, DisposeScopeManager.Statistics.ThreadTotalLiveCount - before);    // two outputs, one latent
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    });

    [Fact]
    public void Construction_LeavesParametersOnly()
    {
        using var scope = NewDisposeScope();
        using var transformer = new Transformer2DModel(TinyModels.TransformerConfig);
        using var vae = new AutoencoderKL(TinyModels.AutoencoderConfig);
        using var text = new ClipTextModel(TinyModels.TextConfig);
        using var vision = new ClipVisionModel(TinyModels.VisionConfig);

        Assert.Empty(scope.DisposablesView);
    }

    [Fact]
    public void Dispose_FreesAllParametersAndTables() => Alone.Run(() =>
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (NewDisposeScope())
        {
            using var model = TinyModels.Transformer();
            model.call(ones(1, 3, 12, 8), ones(1, 4, 10), tensor(new long[] { 500 }), null);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    });

    /// <summary>Counts what a call leaves alive in the caller's scope.</summary>
    private static void AssertLeaves(int tensors, Func<object> call)
    {
        using var scope = NewDisposeScope();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        GC.KeepAlive(call());
        Assert.Equal(tensors, DisposeScopeManager.Statistics.ThreadTotalLiveCount - before);
    }
}
