using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Halves features with a strided convolution.</summary>
internal sealed class UNetDownsampler : Module<Tensor, Tensor>
{
    private readonly int _padding;
    private readonly LoraConv2d conv;

    /// <param name="channels">Channels.</param>
    /// <param name="padding">Zeros around the input; 0 pads right and bottom only.</param>
    public UNetDownsampler(int channels, int padding) : base(nameof(UNetDownsampler))
    {
        _padding = padding;
        conv = new LoraConv2d(channels, channels, kernel: 3, stride: 2, padding: padding);
        RegisterComponents();
    }

    /// <param name="input">[N, C, H, W].</param>
    /// <returns>[N, C, H/2, W/2], rounded up.</returns>
    public override Tensor forward(Tensor input) =>
        _padding == 0 ? functional.pad(input, (0, 1, 0, 1)).Then(conv.call) : conv.call(input);
}

/// <summary>Doubles features: nearest pixel, then a convolution.</summary>
internal sealed class UNetUpsampler : Module<Tensor, Tensor?, Tensor>
{
    private readonly LoraConv2d conv;

    public UNetUpsampler(int channels) : base(nameof(UNetUpsampler))
    {
        conv = new LoraConv2d(channels, channels, kernel: 3, padding: 1);
        RegisterComponents();
    }

    /// <param name="input">[N, C, H, W].</param>
    /// <param name="like">Features whose height and width the result shall have; null for twice the input's.</param>
    /// <returns>[N, C, 2H, 2W], or of the other features' height and width.</returns>
    public override Tensor forward(Tensor input, Tensor? like) =>
        (like is null
            ? functional.interpolate(input, scale_factor: [2.0, 2.0])
            : functional.interpolate(input, size: [like.shape[2], like.shape[3]])).Then(conv.call);
}
