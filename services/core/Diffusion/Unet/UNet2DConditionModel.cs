using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>The denoising U-Net of latent diffusion, told noise level and text: <c>UNet2DConditionModel</c>.</summary>
/// <remarks>
/// 0. The sample is centred, if the configuration says so.
/// 1. Noise level and further conditions become one vector; the text becomes what attentions look at.
/// 2. First convolution, the levels of the way down, whose features are kept as skips, and the middle.
/// 3. A ControlNet's residuals are added to skips and middle.
/// 4. The levels of the way up, each beside the skips of its level.
/// 5. Norm, activation, last convolution.
/// Source: Rombach et al. 2022, arXiv:2112.10752, section 3. State-dict names and numbers are those of diffusers 0.23.1.
/// </remarks>
public sealed class UNet2DConditionModel : Module<Tensor, Tensor, Tensor, UNetConditions?, Tensor>
{
    private readonly Func<Tensor, Tensor> _activation;
    private readonly UNetEncoder _encoder;
    private readonly ModuleList<UNetUpBlock> up_blocks;
    private readonly GroupNorm conv_norm_out;
    private readonly Conv2d conv_out;

    /// <param name="config">Form.</param>
    public UNet2DConditionModel(UNetConfig config) : base(nameof(UNet2DConditionModel))
    {
        ConfigProblem.ThrowIfAny(config);
        Config = config;

        var (widths, kernel) = (config.BlockOutChannels, config.ConvOutKernel);
        _activation = Activations.Named(config.ActFn);
        _encoder = new UNetEncoder(config, classActivation: config.ActFn, owner: this);
        up_blocks = ModuleList(Enumerable.Range(0, widths.Count)
            .Select(step => new UNetUpBlock(config, level: widths.Count - 1 - step)).ToArray());
        conv_norm_out = Layers.GroupNorm(config.NormNumGroups, widths[0], config.NormEps);
        conv_out = Conv2d(widths[0], config.OutChannels, kernel_size: kernel, padding: (kernel - 1) / 2);
        RegisterComponents();
    }

    /// <summary>Form.</summary>
    public UNetConfig Config { get; }

    /// <param name="sample">Noised latents, [N, C, H, W], of any height and width that the levels can halve.</param>
    /// <param name="timestep">Noise levels, whole or fractional, [N], or one for all.</param>
    /// <param name="encoderHiddenStates">Text tokens, [N, L, E].</param>
    /// <param name="conditions">What else it is told; null for nothing.</param>
    /// <returns>Prediction, [N, C', H, W]. The caller disposes it.</returns>
    public override Tensor forward(
        Tensor sample, Tensor timestep, Tensor encoderHiddenStates, UNetConditions? conditions = null)
    {
        conditions ??= new UNetConditions();
        using var scope = NewDisposeScope();

        // 0.
        var x = Config.CenterInputSample ? (sample * 2) - 1 : sample;
        // 1.
        var (embedding, context) = _encoder.Prepare(x, timestep, encoderHiddenStates, conditions);
        // 2.
        var (h, skips) = _encoder.Run(x, embedding, context, hint: null);
        // 3.
        if (conditions.Residuals is { } residuals)
        {
            h = h + residuals.Middle;
            AddTo(skips, residuals.Down);
        }

        // 4.
        var factor = 1 << (up_blocks.Count - 1);
        var fitSkips = x.shape[2] % factor != 0 || x.shape[3] % factor != 0;
        foreach (var block in up_blocks)
        {
            h = block.Run(h, embedding, context, skips, fitSkips);
        }

        // 5.
        return h.Then(conv_norm_out.call).Then(_activation).Then(conv_out.call).MoveToOuterDisposeScope();
    }

    /// <summary>Draws all parameters anew: convolutions and linear layers uniform in +-1/sqrt(fan in), norms 1 and 0.</summary>
    /// <param name="generator">Source of the draws.</param>
    public void Initialise(Generator generator) => Initialisation.FanIn(this, generator);

    private static void AddTo(List<Tensor> skips, IReadOnlyList<Tensor> residuals)
    {
        if (residuals.Count != skips.Count)
        {
            throw new ArgumentException(
                $"The ControlNet gives {residuals.Count} residuals, the U-Net has {skips.Count} skips.");
        }

        for (var i = 0; i < skips.Count; i++)
        {
            skips[i] = skips[i] + residuals[i];
        }
    }
}
