using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Brings the control image to the size and width of the U-Net's first features; silent until it is trained.</summary>
/// <remarks>Source: Zhang, Rao and Agrawala 2023, arXiv:2302.05543, section 3.2.</remarks>
internal sealed class ControlEmbedding : Module<Tensor, Tensor>
{
    private readonly Conv2d conv_in;
    private readonly ModuleList<Conv2d> blocks;
    private readonly Conv2d conv_out;

    public ControlEmbedding(ControlNetConfig config) : base(nameof(ControlEmbedding))
    {
        var widths = config.ConditioningEmbeddingOutChannels;
        conv_in = Conv2d(config.ConditioningChannels, widths[0], kernel_size: 3, padding: 1);
        blocks = ModuleList(Enumerable.Range(0, widths.Count - 1).SelectMany(i => new[]
        {
            Conv2d(widths[i], widths[i], kernel_size: 3, padding: 1),
            Conv2d(widths[i], widths[i + 1], kernel_size: 3, padding: 1, stride: 2),
        }).ToArray());
        conv_out = Conv2d(widths[^1], config.BlockOutChannels[0], kernel_size: 3, padding: 1);
        Silence(conv_out);
        RegisterComponents();
    }

    /// <summary>Sets a convolution to zero.</summary>
    public static Conv2d Silence(Conv2d conv)
    {
        init.zeros_(conv.weight);
        init.zeros_(conv.bias!);
        return conv;
    }

    /// <param name="image">[N, C, H, W].</param>
    /// <returns>[N, C0, h, w].</returns>
    public override Tensor forward(Tensor image)
    {
        using var scope = NewDisposeScope();
        var silu = Activations.Named("silu");
        var h = conv_in.call(image).Then(silu);
        h = blocks.Aggregate(h, (x, conv) => x.Then(conv.call).Then(silu));
        return conv_out.call(h).MoveToOuterDisposeScope();
    }
}
