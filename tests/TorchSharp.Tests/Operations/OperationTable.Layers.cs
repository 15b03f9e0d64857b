using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Realiz3D.Mesh.TorchSharp.Tests.Operations;

using static Realiz3D.Mesh.Testing.OnDevice;

internal static partial class OperationTable
{
    private const double Eps = 1e-5;

    private static readonly Dense s_labels = new([2, 4], [1, -1, 1, 1, -1, 1, -1, 1]);
    private static readonly Dense s_image = Dense.Real(-2, 2, 1, 2, 5, 4);

    private static IEnumerable<Operation> Layers() =>
    [
        Row.Of(s_table, x => x, x => F.dropout(x, 0.5, training: false)),
        Row.Of(Dense.Real(-1, 1, 1, 3, 2), Dense.Real(-1, 2, 1, 4, 2), Dense.Real(0, 3, 1, 4, 2), (q, k, v) => Attention(q, k, v, (_, _) => true), (q, k, v) => F.scaled_dot_product_attention(q, k, v)),
        Row.Of(Dense.Real(-1, 1, 1, 3, 2), Dense.Real(-1, 2, 1, 3, 2), Dense.Real(0, 3, 1, 3, 2), (q, k, v) => Attention(q, k, v, (row, key) => key <= row), (q, k, v) => F.scaled_dot_product_attention(q, k, v, is_casual: true),
            (q, k, v) => F.scaled_dot_product_attention(q, k, v, ones([3, 3], ScalarType.Bool).tril())),
        Row.Of(Dense.Real(-1, 1, 1, 4, 2, 3), x => Dense.Of([1, 1, 4, 6], i => x[0, (2 * (i[2] % 2)) + (i[3] % 2), i[2] / 2, i[3] / 2]), x => F.pixel_shuffle(x, 2)),
        Row.Of(Dense.Real(-1, 1, 1, 1, 4, 6), x => Dense.Of([1, 4, 2, 3], i => x[0, 0, (2 * i[2]) + (i[1] / 2), (2 * i[3]) + (i[1] % 2)]), x => F.pixel_unshuffle(x, 2)),
        Row.Of(s_image, x => Padded(x, (i, n) => i >= 0 && i < n ? i : -1, 7), x => F.pad(x, [1, 2, 2, 1], value: 7), x => F.pad(x, (1, 2, 2, 1), value: 7)),
        Row.Of(s_image, x => Padded(x, (i, n) => i < 0 ? -i : i >= n ? (2 * (n - 1)) - i : i, 0), x => F.pad(x, [1, 2, 2, 1], PaddingModes.Reflect)),
        Row.Of(s_image, x => Padded(x, (i, n) => Math.Clamp(i, 0, n - 1), 0), x => F.pad(x, [1, 2, 2, 1], PaddingModes.Replicate)),
        Row.Of(s_image, x => Padded(x, (i, n) => (i + n) % n, 0), x => F.pad(x, [1, 2, 2, 1], PaddingModes.Circular)),
        Row.Of(Dense.Real(-1, 1, 1, 1, 3), x => Dense.Of([1, 1, 5], i => x[0, 0, Math.Clamp(i[2] - 1, 0, 2)]), x => F.pad(x, 1, PaddingModes.Replicate), x => F.pad(x, (1, 1), PaddingModes.Replicate)),
    ];

    private static IEnumerable<Operation> Norms() =>
    [
        Row.Of(s_image, Dense.Real(0.5, 2, 2), Dense.Real(-1, 1, 2), (x, w, b) => Normalised(x, i => i[0], w, b), (x, w, b) => F.group_norm(x, 1, w, b)),
        Row.Of(s_image, Dense.Real(0.5, 2, 2), Dense.Real(-1, 1, 2), (x, w, b) => Normalised(x, i => (i[0] * 2) + i[1], w, b), (x, w, b) => F.group_norm(x, 2, w, b), (x, w, b) => F.instance_norm(x, weight: w, bias: b)),
        Row.Of(Dense.Real(-2, 2, 3, 2, 2), Dense.Real(0.5, 2, 2), Dense.Real(-1, 1, 2), (x, w, b) => Normalised(x, i => i[1], w, b),
            (x, w, b) => F.batch_norm(x, zeros(2, ScalarType.Float64), ones(2, ScalarType.Float64), w, b, training: true)),
        Row.Of(Dense.Real(-2, 2, 3, 2, 2), Dense.Real(0.5, 2, 2), Dense.Real(-1, 1, 2), (x, w, b) => Dense.Of(x.Shape, i => (w[i[1]] * (x[i] - 0.5) / Math.Sqrt(4 + Eps)) + b[i[1]]),
            (x, w, b) => F.batch_norm(x, full(2, 0.5, ScalarType.Float64), full(2, 4, ScalarType.Float64), w, b)),
        Row.Of(s_table, Dense.Real(0.5, 2, 4), Dense.Real(-1, 1, 4), (x, w, b) => Dense.Of([2, 4], i =>
            (w[i[1]] * (x[i] - Line(x, i[0]).Average()) / Math.Sqrt(Variance(Line(x, i[0]), 0) + Eps)) + b[i[1]]), (x, w, b) => F.layer_norm(x, [4], w, b)),
    ];

    private static IEnumerable<Operation> Losses() =>
    [
        .. Loss((x, y) => (x - y) * (x - y), (x, y) => F.mse_loss(x, y), (x, y) => F.mse_loss(x, y, nn.Reduction.Sum)),
        .. Loss((x, y) => Math.Abs(x - y), (x, y) => F.l1_loss(x, y), (x, y) => F.l1_loss(x, y, nn.Reduction.Sum)),
        .. Loss((x, y) => Huber(x - y, 0.7) / 0.7, (x, y) => F.smooth_l1_loss(x, y, beta: 0.7), (x, y) => F.smooth_l1_loss(x, y, nn.Reduction.Sum, 0.7)),
        .. Loss((x, y) => Huber(x - y, 0.7), (x, y) => F.huber_loss(x, y, 0.7), (x, y) => F.huber_loss(x, y, 0.7, nn.Reduction.Sum)),
        .. Loss((x, y) => Math.Exp(y) * (y - x), (x, y) => F.kl_div(x, y), (x, y) => F.kl_div(x, y, reduction: nn.Reduction.Sum)),
        .. Loss((x, y) => Reference.Softplus(x) - (x * y), (x, y) => F.binary_cross_entropy_with_logits(x, y), (x, y) => F.binary_cross_entropy_with_logits(x, y, reduction: nn.Reduction.Sum)),
        Row.Of(Dense.Real(0.1, 0.9, 2, 4), x => Dense.Scalar(x.Values.Zip(s_labels.Values, (p, t) => -Math.Log(t > 0 ? p : 1 - p)).Average()), x => F.binary_cross_entropy(x, s_labels.Map(t => (t + 1) / 2).ToTensor())),
        Row.Of(s_table, x => Dense.Scalar(x.Values.Zip(s_labels.Values, (a, b) => Reference.Softplus(-a * b)).Average()), x => F.soft_margin_loss(x, s_labels.ToTensor())),
        Row.Of(s_table, Dense.Whole([2], 2, 0), (x, y) => Dense.Scalar(Enumerable.Range(0, 2).Average(r => LogSum(Line(x, r)) - x[r, (int)y[r]])), (x, y) => F.cross_entropy(x, y)),
        Row.Of(s_table, Dense.Whole([2], 2, 0), (x, y) => Dense.Scalar(-Enumerable.Range(0, 2).Average(r => x[r, (int)y[r]])), (x, y) => F.nll_loss(x, y)),
        Row.Of(Dense.Real(-1, 1, 3), Dense.Real(-2, 1.5, 3), (a, b) => Dense.Scalar(a.Values.Zip(b.Values, (x, y) => Math.Max(0, y - x + 0.1)).Average()), (a, b) => F.margin_ranking_loss(a, b, ones(3, ScalarType.Float64), 0.1)),
        Row.Of(Dense.Real(-1, 1, 2, 3), Dense.Real(-1, 2, 2, 3), Dense.Real(0, 2, 2, 3), (a, p, n) => Dense.Scalar(Enumerable.Range(0, 2).Average(r => Math.Max(0, Apart(a, p, r) - Apart(a, n, r) + 1))), (a, p, n) => F.triplet_margin_loss(a, p, n)),
    ];

    private static IEnumerable<Operation> Loss(Func<double, double, double> each, Func<Tensor, Tensor, Tensor> mean, Func<Tensor, Tensor, Tensor> sum)
    {
        var (x, y) = (s_table, Dense.Real(-1.7, 1.9, 2, 4).Map(v => v * 0.9));
        return
        [
            Row.Of(x, y, (a, b) => Dense.Scalar(a.Zip(b, each).Values.Average()), mean),
            Row.Of(x, y, (a, b) => Dense.Scalar(a.Zip(b, each).Values.Sum()), sum),
        ];
    }

    private static double Huber(double error, double delta) =>
        Math.Abs(error) < delta ? 0.5 * error * error : delta * (Math.Abs(error) - (0.5 * delta));

    private static double Apart(Dense a, Dense b, int row) => Math.Sqrt(Enumerable.Range(0, a.Shape[1]).Sum(k => Math.Pow(a[row, k] - b[row, k] + 1e-6, 2)));

    private static Dense Attention(Dense q, Dense k, Dense v, Func<int, int, bool> seen) => Dense.Of([1, q.Shape[1], 2], i =>
    {
        double[] weights = [.. Enumerable.Range(0, k.Shape[1]).Select(key =>
            seen(i[1], key) ? Math.Exp(((q[0, i[1], 0] * k[0, key, 0]) + (q[0, i[1], 1] * k[0, key, 1])) / Math.Sqrt(2)) : 0)];
        return weights.Select((weight, key) => weight * v[0, key, i[2]]).Sum() / weights.Sum();
    });

    // One column more on the left, two on the right, two rows above and one below; `from` says where a value comes from, -1 nowhere.
    private static Dense Padded(Dense x, Func<int, int, int> from, double value) => Dense.Of([1, 2, 8, 7], i =>
    {
        var (row, column) = (from(i[2] - 2, 5), from(i[3] - 1, 4));
        return row < 0 || column < 0 ? value : x[0, i[1], row, column];
    });

    // Mean and variance over all elements of the same group, then weight and bias by channel.
    private static Dense Normalised(Dense x, Func<int[], int> group, Dense weight, Dense bias)
    {
        var groups = Dense.Of(x.Shape, i => group(i)).Values;
        double[] Members(double g) => [.. x.Values.Where((_, place) => groups[place] == g)];
        return Dense.Of(x.Shape, i =>
        {
            var members = Members(group(i));
            return (weight[i[1]] * (x[i] - members.Average()) / Math.Sqrt(Variance(members, 0) + Eps)) + bias[i[1]];
        });
    }
}
