using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Benchmarks.Torch;

/// <summary>
/// One block of Stable Diffusion 1's U-Net, at its second level: a residual block that hears of the timestep, and a
/// spatial transformer that hears of the prompt. Parameters are named as in peer.py, which builds the same block.
/// </summary>
/// <remarks>Source: Rombach et al. 2022, arXiv:2112.10752, section 3.3; Ho et al. 2020, arXiv:2006.11239, appendix B.</remarks>
internal sealed class UNetBlock : Module<Tensor, Tensor, Tensor, Tensor>
{
    /// <summary>Extents: channels in and out, of the timestep's embedding and of the prompt's words.</summary>
    public const int Incoming = 320, Width = 640, Time = 1280, Words = 768, Heads = 8, Groups = 32;

    private readonly GroupNorm norm1 = GroupNorm(Groups, Incoming);
    private readonly Conv2d conv1 = Conv2d(Incoming, Width, 3, padding: 1);
    private readonly Linear time_emb = Linear(Time, Width);
    private readonly GroupNorm norm2 = GroupNorm(Groups, Width);
    private readonly Conv2d conv2 = Conv2d(Width, Width, 3, padding: 1);
    private readonly Conv2d shortcut = Conv2d(Incoming, Width, 1);
    private readonly SpatialTransformer transformer = new();

    public UNetBlock()
        : base(nameof(UNetBlock)) => RegisterComponents();

    /// <summary>[N, 320, H, W] with the timestep's embedding [N, 1280] and the prompt's words [N, M, 768] to [N, 640, H, W].</summary>
    public override Tensor forward(Tensor x, Tensor time, Tensor words)
    {
        using var scope = NewDisposeScope();
        var h = conv1.call(functional.silu(norm1.call(x)));
        h += time_emb.call(functional.silu(time)).unsqueeze(-1).unsqueeze(-1);
        h = conv2.call(functional.silu(norm2.call(h)));
        return transformer.call(shortcut.call(x) + h, words).MoveToOuterDisposeScope();
    }

    /// <summary>Attention among the pixels, attention to the words, and a gated layer for each pixel, around which the image passes.</summary>
    private sealed class SpatialTransformer : Module<Tensor, Tensor, Tensor>
    {
        private readonly GroupNorm norm = GroupNorm(Groups, Width, eps: 1e-6);
        private readonly Conv2d proj_in = Conv2d(Width, Width, 1);
        private readonly LayerNorm norm1 = LayerNorm(Width);
        private readonly Attention attn1 = new(Width);
        private readonly LayerNorm norm2 = LayerNorm(Width);
        private readonly Attention attn2 = new(Words);
        private readonly LayerNorm norm3 = LayerNorm(Width);
        private readonly Linear gated = Linear(Width, 8 * Width);
        private readonly Linear back = Linear(4 * Width, Width);
        private readonly Conv2d proj_out = Conv2d(Width, Width, 1);

        public SpatialTransformer()
            : base(nameof(SpatialTransformer)) => RegisterComponents();

        public override Tensor forward(Tensor x, Tensor words)
        {
            using var scope = NewDisposeScope();
            var (n, c, h, w) = (x.shape[0], x.shape[1], x.shape[2], x.shape[3]);
            var pixels = proj_in.call(norm.call(x)).view(n, c, h * w).transpose(1, 2);
            var normed = norm1.call(pixels);
            pixels = attn1.call(normed, normed) + pixels;
            pixels = attn2.call(norm2.call(pixels), words) + pixels;
            var halves = gated.call(norm3.call(pixels)).chunk(2, -1);
            pixels = back.call(halves[0] * functional.gelu(halves[1])) + pixels;
            return (proj_out.call(pixels.transpose(1, 2).reshape(n, c, h, w)) + x).MoveToOuterDisposeScope();
        }
    }

    /// <summary>Queries from the pixels, keys and values from what they look at.</summary>
    private sealed class Attention : Module<Tensor, Tensor, Tensor>
    {
        private readonly Linear to_q = Linear(Width, Width, hasBias: false);
        private readonly Linear to_k;
        private readonly Linear to_v;
        private readonly Linear to_out = Linear(Width, Width);

        public Attention(int seen)
            : base(nameof(Attention))
        {
            to_k = Linear(seen, Width, hasBias: false);
            to_v = Linear(seen, Width, hasBias: false);
            RegisterComponents();
        }

        public override Tensor forward(Tensor pixels, Tensor seen)
        {
            using var scope = NewDisposeScope();
            var mixed = functional.scaled_dot_product_attention(
                Split(to_q.call(pixels)), Split(to_k.call(seen)), Split(to_v.call(seen)));
            return to_out.call(mixed.transpose(1, 2).reshape(pixels.shape)).MoveToOuterDisposeScope();
        }

        private static Tensor Split(Tensor x) => x.view(x.shape[0], x.shape[1], Heads, Width / Heads).transpose(1, 2);
    }
}
