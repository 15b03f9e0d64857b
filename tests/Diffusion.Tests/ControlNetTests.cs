using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public class ControlNetTests
{
    [Fact]
    public void FromUNet_CopiesTheEncoder_AndSaysNothing()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var unet = TinyModels.UNet(TinyModels.UNetConfig);
        using var control = ControlNetModel.FromUNet(unet, [4, 6]).to(TestDevice.Here);

        var (theirs, ours) = (unet.state_dict(), control.state_dict());
        var copied = ours.Keys.Where(name => !name.StartsWith("controlnet_", StringComparison.Ordinal)).ToArray();
        Assert.Contains("down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_out.0.weight", copied);
        Assert.Contains("mid_block.resnets.1.conv2.bias", copied);
        Assert.All(copied, name => Assert.True(theirs[name].eq(ours[name]).all().item<bool>(), name));

        using var residuals = control.call(ones(1, 4, 8, 8), tensor(7L), ones(1, 3, 12), new ControlHint(ones(1, 3, 16, 16)));
        Assert.Equal(4, residuals.Down.Count);
        Assert.All(residuals.Down.Append(residuals.Middle), residual => Assert.Equal(0, residual.abs().max().item<float>()));
    }

    [Fact]
    public void FromUNet_OfAFormThatHasNone_NamesTheKey()
    {
        using var unet = TinyModels.UNet(TinyModels.UNetConfig with { ConvInKernel = 5 });
        var refused = Assert.Throws<ArgumentException>(() => ControlNetModel.FromUNet(unet));
        Assert.Contains("conv_in_kernel", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Forward_GuessModeScalesFromATenthToOne()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var control = Speaking(new ControlNetConfig());
        using var plain = Run(control, new ControlHint(Image));
        using var guess = Run(control, new ControlHint(Image, ConditioningScale: 0.5, GuessMode: true));

        for (var i = 0; i < 5; i++)
        {
            var (all, some) = i < 4 ? (plain.Down[i], guess.Down[i]) : (plain.Middle, guess.Middle);
            AssertTensor.Close(all * (0.5 * Math.Pow(10, i / 4.0 - 1)), some, 1e-5, 1e-6, $"residual {i}");
        }
    }

    [Fact]
    public void Forward_PoolsAndTurnsChannels_WhenTheConfigurationSaysSo()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        using var rgb = Speaking(new ControlNetConfig());
        using var bgr = Speaking(new ControlNetConfig { ControlnetConditioningChannelOrder = "bgr" });
        using var pooled = Speaking(new ControlNetConfig { GlobalPoolConditions = true });

        using var expected = Run(rgb, new ControlHint(Image));
        using var turned = Run(bgr, new ControlHint(Image.flip(1)));
        using var means = Run(pooled, new ControlHint(Image, ConditioningScale: 2, GuessMode: true));
        AssertTensor.Close(expected.Down[3], turned.Down[3], 1e-5, 1e-6, "bgr");
        Assert.Equal([1, 8, 1, 1], means.Down[0].shape);
        AssertTensor.Close(expected.Middle.mean([2, 3], keepdim: true) * 2, means.Middle, 1e-4, 1e-5, "pooled");
    }

    [Theory]
    [InlineData("text_proj", null, "encoder_hid_dim_type")]
    [InlineData(null, "simple_projection", "class_embed_type")]
    public void Problem_NamesTheKey(string? projection, string? classes, string key)
    {
        var config = new ControlNetConfig { EncoderHidDimType = projection, ClassEmbedType = classes };
        Assert.Contains(key, config.Problem(), StringComparison.Ordinal);
        Assert.Contains("rgb", new ControlNetConfig { ControlnetConditioningChannelOrder = "grb" }.Problem(), StringComparison.Ordinal);
    }

    private static Tensor Image
    {
        get
        {
            using var generator = new Generator(4);
            return randn([1, 3, 16, 16], generator: generator);
        }
    }

    /// <summary>A small ControlNet whose zero convolutions are drawn too.</summary>
    private static ControlNetModel Speaking(ControlNetConfig config)
    {
        var model = new ControlNetModel(config with
        {
            BlockOutChannels = [8, 16],
            DownBlockTypes = ["CrossAttnDownBlock2D", "DownBlock2D"],
            NormNumGroups = 4,
            CrossAttentionDim = 12,
            AttentionHeadDim = 2,
            LayersPerBlock = 1,
            ConditioningEmbeddingOutChannels = [4, 6],
        });
        using var generator = new Generator(9);
        Initialisation.FanIn(model, generator);
        model.to(TestDevice.Here).eval();
        return model;
    }

    private static ControlResiduals Run(ControlNetModel control, ControlHint hint) =>
        control.call(ones(1, 4, 8, 8), tensor(7L), ones(1, 3, 12), hint);
}
