using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Layers and operations that several of the networks share.</summary>
internal static class Layers
{
    // One megabyte of scores; the least keeps the matrix products worth their while.
    private const long ScoresPerTurn = 1 << 18;
    private const long LeastRows = 16;

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
    /// <remarks>
    /// Source: Vaswani et al. 2017, arXiv:1706.03762, section 3.2. Without gradients the queries come in turns, so that the
    /// scores of a turn stay in the processor's cache. Half precision scores in single precision.
    /// </remarks>
    /// <param name="query">[N, L, D].</param>
    /// <param name="key">[N, M, D].</param>
    /// <param name="value">[N, M, D].</param>
    /// <param name="heads">Number of heads; divides D.</param>
    /// <param name="bias">Added to the scores; broadcasts to [N, heads, L, M]. Null for none.</param>
    /// <returns>[N, L, D].</returns>
    public static Tensor Attend(Tensor query, Tensor key, Tensor value, int heads, Tensor? bias)
    {
        using var scope = NewDisposeScope();

        var (n, length, width, m) = (query.shape[0], query.shape[1], query.shape[2], key.shape[1]);
        var d = width / heads;
        var scoreType = query.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? ScalarType.Float32 : query.dtype;

        // The scale goes to the queries: they are fewer numbers than the scores.
        var q = Split(query.to(scoreType) * (1.0 / Math.Sqrt(d)));                          // [N heads, L, d]
        var k = Split(key.to(scoreType)).transpose(1, 2);                                   // [N heads, d, M]
        var v = Split(value);                                                               // [N heads, M, d]

        var tracked = query.requires_grad || key.requires_grad || value.requires_grad || bias?.requires_grad == true;
        var rows = tracked ? length : Math.Max(LeastRows, ScoresPerTurn / (n * heads * m));
        if (rows >= length)
        {
            return Rows(0, length).reshape(n, length, width).MoveToOuterDisposeScope();
        }

        var mixed = empty([n, length, heads, d], value.dtype, value.device);
        for (var start = 0L; start < length; start += rows)
        {
            var count = Math.Min(rows, length - start);
            using var part = Rows(start, count);
            using var place = mixed.narrow(1, start, count);
            place.copy_(part).Dispose();
        }

        return mixed.view(n, length, width).MoveToOuterDisposeScope();

        Tensor Split(Tensor tokens) =>
            tokens.view(n, tokens.shape[1], heads, d).transpose(1, 2).reshape(n * heads, tokens.shape[1], d);

        // What some of the queries get, [N, count, heads, d].
        Tensor Rows(long start, long count)
        {
            using var turn = NewDisposeScope();
            var scores = q.narrow(1, start, count).bmm(k);                                  // [N heads, count, M]
            if (bias is not null)
            {
                var added = bias.shape is [.., > 1, _] ? bias.narrow(bias.dim() - 2, start, count) : bias;
                scores = (scores.view(n, heads, count, m) + added).view(n * heads, count, m);
            }

            var weights = functional.softmax(scores, -1).to(value.dtype);
            return weights.bmm(v).view(n, heads, count, d).transpose(1, 2).MoveToOuterDisposeScope();
        }
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
