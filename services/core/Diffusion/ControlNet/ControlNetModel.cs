using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>What a ControlNet is shown, and how much it may say.</summary>
/// <param name="Image">Control image, [N, 3, H, W], or [3, H, W] for all items.</param>
/// <param name="ConditioningScale">Factor of all residuals.</param>
/// <param name="GuessMode">Whether residuals are weaker the finer they are, from a tenth on.</param>
/// <param name="Conditions">What the U-Net is told beyond noise level and text; null for nothing.</param>
public sealed record ControlHint(
    Tensor Image, double ConditioningScale = 1, bool GuessMode = false, UNetConditions? Conditions = null)
{
    /// <summary>A further factor for each item, [N]; null for none.</summary>
    public Tensor? ItemScales { get; init; }
}

/// <summary>A copy of a U-Net's encoder that turns a control image into residuals for it: <c>ControlNetModel</c>.</summary>
/// <remarks>
/// 1. Noise level and conditions become one vector, the control image features of the size of the first convolution's.
/// 2. First convolution plus those features, the way down and the middle.
/// 3. A 1x1 convolution, zero until it is trained, on each skip and on the middle.
/// 4. Scale: one factor, or in guess mode ten to the power of -1 to 0 from the finest to the middle; or averages.
/// Source: Zhang, Rao and Agrawala 2023, arXiv:2302.05543. State-dict names and numbers are those of diffusers 0.23.1.
/// </remarks>
public sealed class ControlNetModel : Module<Tensor, Tensor, Tensor, ControlHint, ControlResiduals>
{
    private readonly UNetEncoder _encoder;
    private readonly ControlEmbedding controlnet_cond_embedding;
    private readonly ModuleList<Conv2d> controlnet_down_blocks;
    private readonly Conv2d controlnet_mid_block;

    /// <param name="config">Form.</param>
    public ControlNetModel(ControlNetConfig config) : base(nameof(ControlNetModel))
    {
        ConfigProblem.ThrowIfAny(config);
        Config = config;

        var widths = config.BlockOutChannels;
        _encoder = new UNetEncoder(config.Encoder, classActivation: "silu", owner: this);
        controlnet_cond_embedding = new ControlEmbedding(config);
        controlnet_down_blocks = ModuleList(SkipWidths(config).Select(ZeroConvolution).ToArray());
        controlnet_mid_block = ZeroConvolution(widths[^1]);
        RegisterComponents();
    }

    /// <summary>Form.</summary>
    public ControlNetConfig Config { get; }

    /// <summary>A ControlNet for a U-Net, with copies of its encoder's weights; it says nothing until it is trained.</summary>
    /// <param name="unet">The U-Net.</param>
    /// <param name="conditioningEmbeddingOutChannels">Channels of the control image's embedding; null for the usual.</param>
    /// <param name="channelOrder"><c>rgb</c> or <c>bgr</c>.</param>
    /// <returns>The ControlNet; the caller disposes it.</returns>
    /// <exception cref="ArgumentException">The U-Net has a form that a ControlNet cannot have.</exception>
    public static ControlNetModel FromUNet(
        UNet2DConditionModel unet, IReadOnlyList<int>? conditioningEmbeddingOutChannels = null, string channelOrder = "rgb")
    {
        var config = ControlNetForm.Of(unet.Config) with { ControlnetConditioningChannelOrder = channelOrder };
        var model = new ControlNetModel(conditioningEmbeddingOutChannels is { } widths
            ? config with { ConditioningEmbeddingOutChannels = widths } : config);

        using var untracked = no_grad();
        var source = unet.state_dict();
        foreach (var (name, target) in model.state_dict())
        {
            if (!name.StartsWith("controlnet_", StringComparison.Ordinal))
            {
                target.copy_(source[name]).Dispose();
            }
        }

        return model;
    }

    /// <param name="sample">Noised latents, [N, C, H, W].</param>
    /// <param name="timestep">Noise levels, [N], or one for all.</param>
    /// <param name="encoderHiddenStates">Text tokens, [N, L, E].</param>
    /// <param name="hint">Control image and its weight.</param>
    /// <returns>Residuals for the U-Net's skips and middle. The caller disposes them.</returns>
    public override ControlResiduals forward(Tensor sample, Tensor timestep, Tensor encoderHiddenStates, ControlHint hint)
    {
        using var scope = NewDisposeScope();

        // 1.
        var (embedding, context) =
            _encoder.Prepare(sample, timestep, encoderHiddenStates, hint.Conditions ?? new UNetConditions());
        var image = hint.Image.dim() == 3 ? hint.Image.unsqueeze(0) : hint.Image;
        Layers.RequireShape(image, "the control image", -1, Config.ConditioningChannels, -1, -1);
        image = Config.ControlnetConditioningChannelOrder == "bgr" ? image.flip(1) : image;
        var features = controlnet_cond_embedding.call(image);
        // 2.
        var (middle, skips) = _encoder.Run(sample, embedding, context, features);
        // 3. and 4.
        var down = skips.Select((skip, i) =>
            skip.Then(controlnet_down_blocks[i].call).Then(x => Scaled(x, hint, i, skips.Count))).ToArray();
        var mid = middle.Then(controlnet_mid_block.call).Then(x => Scaled(x, hint, skips.Count, skips.Count));

        scope.MoveToOuter([.. down, mid]);
        return new ControlResiduals(down, mid);
    }

    /// <summary>Draws all parameters anew, uniform in +-1/sqrt(fan in), norms 1 and 0; then it says nothing.</summary>
    /// <param name="generator">Source of the draws.</param>
    public void Initialise(Generator generator)
    {
        Initialisation.FanIn(this, generator);
        foreach (var (name, parameter) in named_parameters())
        {
            if (name.StartsWith("controlnet_", StringComparison.Ordinal)
                && !name.StartsWith("controlnet_cond_embedding.conv_in", StringComparison.Ordinal)
                && !name.StartsWith("controlnet_cond_embedding.blocks", StringComparison.Ordinal))
            {
                init.zeros_(parameter);
            }
        }
    }

    /// <summary>Channels of the skips in the order of the way down: first convolution, layers, halvings.</summary>
    private static IEnumerable<int> SkipWidths(ControlNetConfig config)
    {
        var widths = config.BlockOutChannels;
        return widths
            .SelectMany((width, level) => Enumerable.Repeat(
                width, level < widths.Count - 1 ? config.LayersPerBlock + 1 : config.LayersPerBlock))
            .Prepend(widths[0]);
    }

    private static Conv2d ZeroConvolution(int channels) =>
        ControlEmbedding.Silence(Conv2d(channels, channels, kernel_size: 1));

    private Tensor Scaled(Tensor residual, ControlHint hint, int index, int count)
    {
        if (hint.ItemScales is { } scales)
        {
            using var scope = NewDisposeScope();
            return (Scaled(residual, hint with { ItemScales = null }, index, count) * scales.reshape(-1, 1, 1, 1)).MoveToOuterDisposeScope();
        }

        if (Config.GlobalPoolConditions)
        {
            using var scaled = residual * hint.ConditioningScale;
            return scaled.mean([2, 3], keepdim: true);
        }

        var weight = hint.GuessMode ? Math.Pow(10, (double)index / count - 1) : 1;
        return residual * (weight * hint.ConditioningScale);
    }
}
