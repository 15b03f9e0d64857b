using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Attention between all pixels of the coarsest level: one head, with its own norm and a residual.</summary>
/// <remarks>Fields carry the names of the newer checkpoints; <see cref="Weights"/> maps the older ones.</remarks>
internal sealed class AutoencoderAttention : Module<Tensor, Tensor>
{
    private readonly GroupNorm group_norm;
    private readonly Linear to_q;
    private readonly Linear to_k;
    private readonly Linear to_v;
    private readonly ModuleList<Linear> to_out;

    public AutoencoderAttention(int channels, int groups) : base(nameof(AutoencoderAttention))
    {
        group_norm = Layers.GroupNorm(groups, channels, AutoencoderKL.NormEpsilon);
        to_q = Linear(channels, channels);
        to_k = Linear(channels, channels);
        to_v = Linear(channels, channels);
        to_out = ModuleList(Linear(channels, channels));
        RegisterComponents();
    }

    /// <param name="input">[N, C, H, W].</param>
    /// <returns>[N, C, H, W].</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();

        var tokens = group_norm.call(input).flatten(2).transpose(1, 2);                              // [N, HW, C]
        var mixed = Layers.Attend(to_q.call(tokens), to_k.call(tokens), to_v.call(tokens), 1, null); // [N, HW, C]
        var update = to_out[0].call(mixed).transpose(1, 2).reshape(input.shape);                     // [N, C, H, W]

        return (input + update).MoveToOuterDisposeScope();
    }
}
