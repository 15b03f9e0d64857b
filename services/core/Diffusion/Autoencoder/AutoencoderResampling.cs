using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Halves an image. Pads right and bottom only, as the published encoders do.</summary>
internal sealed class AutoencoderDownsampler : Module<Tensor, Tensor>
{
    private readonly Conv2d conv;

    public AutoencoderDownsampler(int channels) : base(nameof(AutoencoderDownsampler))
    {
        conv = Conv2d(channels, channels, kernel_size: 3, stride: 2);
        RegisterComponents();
    }

    /// <param name="input">[N, C, H, W].</param>
    /// <returns>[N, C, H/2, W/2], rounded down.</returns>
    public override Tensor forward(Tensor input)
    {
        using var padded = functional.pad(input, (0, 1, 0, 1));     // [N, C, H+1, W+1]
        return conv.call(padded);
    }
}

/// <summary>Doubles an image: nearest pixel, then a convolution.</summary>
internal sealed class AutoencoderUpsampler : Module<Tensor, Tensor>
{
    private readonly Conv2d conv;

    public AutoencoderUpsampler(int channels) : base(nameof(AutoencoderUpsampler))
    {
        conv = Conv2d(channels, channels, kernel_size: 3, padding: 1);
        RegisterComponents();
    }

    /// <param name="input">[N, C, H, W].</param>
    /// <returns>[N, C, 2H, 2W].</returns>
    public override Tensor forward(Tensor input)
    {
        using var doubled = functional.interpolate(input, scale_factor: [2.0, 2.0]);    // [N, C, 2H, 2W]
        return conv.call(doubled);
    }
}
