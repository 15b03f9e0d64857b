using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>A layer that can carry low-rank updates beside its weight: y = layer(x) + factor up(down(x)).</summary>
/// <remarks>Source: Hu et al. 2021, arXiv:2106.09685, section 4.1. Updates are no part of the layer's state.</remarks>
public abstract class LoraLayer : Module<Tensor, Tensor>
{
    private readonly List<(Tensor Down, Tensor Up, double Factor)> _updates = [];

    private protected LoraLayer(string name) : base(name)
    {
    }

    /// <summary>The layer's weight; it stays the layer's.</summary>
    public abstract Tensor Weight { get; }

    /// <summary>The layer's bias; it stays the layer's.</summary>
    public abstract Tensor? Bias { get; }

    /// <summary>Adds an update, in the weight's type and on its device.</summary>
    /// <param name="down">Narrows to the rank.</param>
    /// <param name="up">Widens to the layer's outputs.</param>
    /// <param name="factor">Factor of the update: scale times alpha / rank.</param>
    /// <exception cref="ArgumentException">The update does not fit the layer.</exception>
    public void Attach(Tensor down, Tensor up, double factor)
    {
        LowRank.RequireFit(down, up, Weight);
        using var scope = NewDisposeScope();
        var (narrow, widen) = (down.to(Weight.dtype, Weight.device), up.to(Weight.dtype, Weight.device));
        _updates.Add((narrow.alias().DetachFromDisposeScope(), widen.alias().DetachFromDisposeScope(), factor));
    }

    /// <summary>Removes all updates.</summary>
    public void DetachAll()
    {
        foreach (var (down, up, _) in _updates)
        {
            down.Dispose();
            up.Dispose();
        }

        _updates.Clear();
    }

    /// <param name="input">Input of the layer.</param>
    /// <returns>Output of the layer and its updates.</returns>
    public override Tensor forward(Tensor input)
    {
        if (_updates.Count == 0)
        {
            return Apply(input, Weight, Bias);
        }

        using var scope = NewDisposeScope();
        var output = Apply(input, Weight, Bias);
        foreach (var (down, up, factor) in _updates)
        {
            output = output.add(Widen(Apply(input, down, null), up), factor);
        }

        return output.MoveToOuterDisposeScope();
    }

    /// <summary>The layer's operation with a weight of its form.</summary>
    private protected abstract Tensor Apply(Tensor input, Tensor weight, Tensor? bias);

    /// <summary>From the rank to the layer's outputs.</summary>
    private protected abstract Tensor Widen(Tensor narrow, Tensor up);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            DetachAll();
        }

        base.Dispose(disposing);
    }
}

/// <summary>A linear layer that can carry low-rank updates.</summary>
public sealed class LoraLinear : LoraLayer
{
    private readonly Parameter weight;
    private readonly Parameter? bias;

    /// <param name="inputs">Width of the input.</param>
    /// <param name="outputs">Width of the output.</param>
    /// <param name="hasBias">Whether there is a bias.</param>
    public LoraLinear(int inputs, int outputs, bool hasBias = true) : base(nameof(LoraLinear))
    {
        using var start = Linear(inputs, outputs, hasBias);
        weight = Parameter(start.weight);
        bias = hasBias ? Parameter(start.bias!) : null;
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor Weight => weight;

    /// <inheritdoc/>
    public override Tensor? Bias => bias;

    private protected override Tensor Apply(Tensor input, Tensor weight, Tensor? bias) =>
        functional.linear(input, weight, bias);

    private protected override Tensor Widen(Tensor narrow, Tensor up) => functional.linear(narrow, up);
}

/// <summary>Form of a <see cref="LoraConv2d"/>.</summary>
/// <param name="InChannels">Channels of the input.</param>
/// <param name="OutChannels">Channels of the output.</param>
/// <param name="KernelSize">Rows and columns of the window.</param>
/// <param name="Stride">Step of the window, rows and columns.</param>
/// <param name="Padding">Zeros around the input, rows and columns.</param>
/// <param name="HasBias">Whether there is a bias.</param>
public sealed record LoraConvConfig(
    int InChannels, int OutChannels, GridSize KernelSize, GridSize Stride, GridSize Padding, bool HasBias = true);

/// <summary>A convolution that can carry low-rank updates: the narrowing one has its window, the widening one is 1x1.</summary>
public sealed class LoraConv2d : LoraLayer
{
    private readonly Parameter weight;
    private readonly Parameter? bias;
    private readonly long[] _stride;
    private readonly long[] _padding;

    /// <param name="config">Form.</param>
    public LoraConv2d(LoraConvConfig config) : base(nameof(LoraConv2d))
    {
        (_stride, _padding) = ([config.Stride.Height, config.Stride.Width], [config.Padding.Height, config.Padding.Width]);
        using var start = Conv2d(
            config.InChannels, config.OutChannels, (config.KernelSize.Height, config.KernelSize.Width), bias: config.HasBias);
        weight = Parameter(start.weight);
        bias = config.HasBias ? Parameter(start.bias!) : null;
        RegisterComponents();
    }

    /// <summary>A convolution with a square window.</summary>
    internal LoraConv2d(int inChannels, int outChannels, int kernel, int stride = 1, int padding = 0)
        : this(new LoraConvConfig(
            inChannels, outChannels, new GridSize(kernel, kernel), new GridSize(stride, stride), new GridSize(padding, padding)))
    {
    }

    /// <inheritdoc/>
    public override Tensor Weight => weight;

    /// <inheritdoc/>
    public override Tensor? Bias => bias;

    private protected override Tensor Apply(Tensor input, Tensor weight, Tensor? bias) =>
        functional.conv2d(input, weight, bias, _stride, _padding);

    private protected override Tensor Widen(Tensor narrow, Tensor up) => functional.conv2d(narrow, up);
}
