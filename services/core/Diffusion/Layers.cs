using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Layers and operations that several of the networks share.</summary>
internal static class Layers
{
    /// <summary>Group normalisation with weight 1 and bias 0.</summary>
    /// <remarks>TorchSharp allocates both without filling them, so they are set here.</remarks>
    public static GroupNorm GroupNorm(int groups, int channels, double epsilon)
    {
        if (channels % groups != 0)
        {
            throw new ArgumentException($"{channels} channels cannot be split into {groups} groups of a normalisation.");
        }

        using var scope = NewDisposeScope();
        var norm = nn.GroupNorm(groups, channels, epsilon);
        init.ones_(norm.weight!);
        init.zeros_(norm.bias!);
        return norm;
    }

    /// <summary>Puts a module under a name of its owner, which disposes it with itself.</summary>
    /// <returns>The module.</returns>
    public static T Owned<T>(Module owner, string name, T module) where T : Module?
    {
        if (module is not null)
        {
            owner.register_module(name, module);
        }

        return module;
    }

    /// <summary>Attention of several heads: softmax(q k^T / sqrt(d) + bias) v, heads side by side in the last axis.</summary>
    /// <remarks>Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.2.</remarks>
    /// <param name="query">[N, L, D].</param>
    /// <param name="key">[N, M, D].</param>
    /// <param name="value">[N, M, D].</param>
    /// <param name="heads">Number of heads; divides D.</param>
    /// <param name="bias">Added to the scores; broadcasts to [N, heads, L, M]. Null for none.</param>
    /// <returns>[N, L, D].</returns>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value, int heads, Tensor? bias)
    {
        using var scope = NewDisposeScope();

        var (n, length, width) = (query.shape[0], query.shape[1], query.shape[2]);
        var d = width / heads;

        // The scale goes to the queries: they are fewer numbers than the scores.
        var q = (query * (1.0 / Math.Sqrt(d))).view(n, length, heads, d).transpose(1, 2);    // [N, heads, L, d]
        var k = key.view(n, key.shape[1], heads, d).permute(0, 2, 3, 1);                     // [N, heads, d, M]
        var v = value.view(n, value.shape[1], heads, d).transpose(1, 2);                     // [N, heads, M, d]

        var scores = matmul(q, k);                                                           // [N, heads, L, M]
        scores = bias is null ? scores : scores + bias;
        var mixed = matmul(functional.softmax(scores, -1), v);                               // [N, heads, L, d]

        return mixed.transpose(1, 2).reshape(n, length, width).MoveToOuterDisposeScope();
    }

    /// <summary>Layer norm without weights, then scale and shift: LN(x) (1 + scale) + shift.</summary>
    /// <param name="x">[N, T, D].</param>
    /// <param name="shift">[N, 1, D].</param>
    /// <param name="scale">[N, 1, D].</param>
    /// <param name="epsilon">Epsilon of the norm.</param>
    /// <returns>[N, T, D].</returns>
    public static Tensor ModulatedNorm(Tensor x, Tensor shift, Tensor scale, double epsilon)
    {
        using var scope = NewDisposeScope();
        var normed = functional.layer_norm(x, [x.shape[^1]], eps: epsilon);
        return shift.addcmul(normed, scale + 1, 1).MoveToOuterDisposeScope();
    }

    /// <summary>Refuses a tensor whose shape is not the expected one. -1 stands for any extent.</summary>
    public static void RequireShape(Tensor tensor, string name, params ReadOnlySpan<long> expected)
    {
        var shape = tensor.shape;
        var fits = shape.Length == expected.Length;
        for (var axis = 0; fits && axis < expected.Length; axis++)
        {
            fits = expected[axis] == -1 || expected[axis] == shape[axis];
        }

        if (!fits)
        {
            var wanted = string.Join(", ", expected.ToArray().Select(extent => extent == -1 ? "any" : $"{extent}"));
            throw new ArgumentException($"{name} has shape [{string.Join(", ", shape)}], expected [{wanted}].");
        }
    }
}
