using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Realiz3D.Mesh.TorchSharp.Tests.Operations;

internal static partial class OperationTable
{
    private static readonly Dense s_signal = Dense.Real(-2, 2, 1, 2, 5);
    private static readonly Dense s_volume = Dense.Real(-2, 2, 1, 1, 3, 3, 4);

    private static IEnumerable<Operation> Convolutions() =>
    [
        Row.Of(s_signal, Dense.Real(-1, 1, 2, 2, 3), Dense.Real(-1, 1, 2), (x, w, b) => Convolved(x, w, b, 2, 1), (x, w, b) => F.conv1d(x, w, b, 2, 1)),
        Row.Of(s_image, Dense.Real(-1, 1, 2, 2, 3, 2), Dense.Real(-1, 1, 2), (x, w, b) => Convolved(x, w, b, 2, 1), (x, w, b) => F.conv2d(x, w, b, [2, 2], [1, 1])),
        Row.Of(s_volume, Dense.Real(-1, 1, 2, 1, 2, 3, 2), Dense.Real(-1, 1, 2), (x, w, b) => Convolved(x, w, b, 2, 1), (x, w, b) => F.conv3d(x, w, b, [2, 2, 2], [1, 1, 1])),
        Row.Of(Dense.Real(-2, 2, 1, 2, 3), Dense.Real(-1, 1, 2, 2, 3), Dense.Real(-1, 1, 2), (x, w, b) => Spread(x, w, b, 2, 1), (x, w, b) => F.conv_transpose1d(x, w, b, 2, 1)),
        Row.Of(Dense.Real(-2, 2, 1, 2, 3, 2), Dense.Real(-1, 1, 2, 2, 3, 2), Dense.Real(-1, 1, 2), (x, w, b) => Spread(x, w, b, 2, 1), (x, w, b) => F.conv_transpose2d(x, w, b, [2, 2], [1, 1])),
        Row.Of(Dense.Real(-2, 2, 1, 1, 2, 2, 3), Dense.Real(-1, 1, 1, 2, 2, 3, 2), Dense.Real(-1, 1, 2), (x, w, b) => Spread(x, w, b, 2, 1), (x, w, b) => F.conv_transpose3d(x, w, b, [2, 2, 2], [1, 1, 1])),
        Row.Of(s_image, x => Dense.Of([1, 8, 12], i => x[0, i[1] / 4, (i[2] / 3) + (i[1] / 2 % 2), (i[2] % 3) + (i[1] % 2)]), x => F.unfold(x, 2)),
        Row.Of(Dense.Real(-2, 2, 1, 4, 4), Folded, x => F.fold(x, 3, 2)),
    ];

    private static IEnumerable<Operation> Pools() =>
    [
        Row.Of(s_signal, x => Pooled(x, Enumerable.Average, 2), x => F.avg_pool1d(x, 2)),
        Row.Of(s_image, x => Pooled(x, Enumerable.Average, 2, 2), x => F.avg_pool2d(x, 2), x => F.avg_pool2d(x, (2, 2)), x => F.avg_pool2d(x, [2, 2])),
        Row.Of(s_volume, x => Pooled(x, Enumerable.Average, 2, 2, 2), x => F.avg_pool3d(x, [2, 2, 2])),
        Row.Of(s_signal, x => Pooled(x, Enumerable.Max, 2), x => F.max_pool1d(x, 2)),
        Row.Of(s_image, x => Pooled(x, Enumerable.Max, 2, 2), x => F.max_pool2d(x, 2), x => F.max_pool2d(x, [2, 2])),
        Row.Of(s_volume, x => Pooled(x, Enumerable.Max, 2, 2, 2), x => F.max_pool3d(x, [2, 2, 2])),
        Row.Of(s_signal, x => Adapted(x, Enumerable.Average, 2), x => F.adaptive_avg_pool1d(x, 2)),
        Row.Of(s_image, x => Adapted(x, Enumerable.Average, 3, 3), x => F.adaptive_avg_pool2d(x, 3), x => F.adaptive_avg_pool2d(x, (3, 3)), x => F.adaptive_avg_pool2d(x, [3, 3]),
            x => F.interpolate(x, [3, 3], mode: InterpolationMode.Area)),
        Row.Of(s_volume, x => Adapted(x, Enumerable.Average, 2, 2, 3), x => F.adaptive_avg_pool3d(x, [2, 2, 3])),
        Row.Of(s_image, x => Adapted(x, Enumerable.Max, 3, 3), x => F.adaptive_max_pool2d(x, [3, 3])),
    ];

    // Every place of a block behind the first two axes.
    private static IEnumerable<int[]> Block(int[] extents) => extents.Aggregate(
        (IEnumerable<int[]>)[[]], (places, extent) => places.SelectMany(place => Enumerable.Range(0, extent).Select(i => (int[])[.. place, i])));

    private static double Taken(Dense x, int channel, IEnumerable<int> at)
    {
        int[] place = [.. at];
        return place.Where((value, axis) => value < 0 || value >= x.Shape[axis + 2]).Any() ? 0 : x[[0, channel, .. place]];
    }

    // w[out, in, ...]: each output reads the inputs under the kernel.
    private static Dense Convolved(Dense x, Dense w, Dense b, int stride, int padding)
    {
        int[] kernel = w.Shape[2..];
        int[] shape = [1, w.Shape[0], .. kernel.Select((extent, axis) => ((x.Shape[axis + 2] + (2 * padding) - extent) / stride) + 1)];
        return Dense.Of(shape, i => b[i[1]] + Enumerable.Range(0, w.Shape[1]).Sum(channel => Block(kernel).Sum(k =>
            w[[i[1], channel, .. k]] * Taken(x, channel, k.Select((offset, axis) => (i[axis + 2] * stride) + offset - padding)))));
    }

    // w[in, out, ...]: each input writes under the kernel; here each output asks which inputs wrote to it.
    private static Dense Spread(Dense x, Dense w, Dense b, int stride, int padding)
    {
        int[] kernel = w.Shape[2..];
        int[] shape = [1, w.Shape[1], .. kernel.Select((extent, axis) => ((x.Shape[axis + 2] - 1) * stride) - (2 * padding) + extent)];
        return Dense.Of(shape, i => b[i[1]] + Enumerable.Range(0, w.Shape[0]).Sum(channel => Block(kernel).Sum(k =>
        {
            int[] from = [.. k.Select((offset, axis) => i[axis + 2] + padding - offset)];
            return from.Any(value => value % stride != 0 || value < 0) ? 0 : w[[channel, i[1], .. k]] * Taken(x, channel, from.Select(value => value / stride));
        })));
    }

    // Overlapping 2x2 blocks of a 3x3 image add up.
    private static Dense Folded(Dense x) => Dense.Of([1, 1, 3, 3], i => Block([2, 2]).Sum(k =>
    {
        var (row, column) = (i[2] - k[0], i[3] - k[1]);
        return row is >= 0 and < 2 && column is >= 0 and < 2 ? x[0, (2 * k[0]) + k[1], (2 * row) + column] : 0;
    }));

    private static Dense Pooled(Dense x, Func<IEnumerable<double>, double> f, params int[] kernel) =>
        Dense.Of([.. x.Shape[..2], .. kernel.Select((extent, axis) => x.Shape[axis + 2] / extent)], i =>
            f(Block(kernel).Select(k => Taken(x, i[1], k.Select((offset, axis) => (i[axis + 2] * kernel[axis]) + offset)))));

    // Output i of n reads from floor(i size / n) to ceil((i + 1) size / n).
    private static Dense Adapted(Dense x, Func<IEnumerable<double>, double> f, params int[] size) => Dense.Of([.. x.Shape[..2], .. size], i =>
    {
        int[] from = [.. size.Select((n, axis) => i[axis + 2] * x.Shape[axis + 2] / n)];
        int[] to = [.. size.Select((n, axis) => (((i[axis + 2] + 1) * x.Shape[axis + 2]) + n - 1) / n)];
        return f(Block([.. to.Zip(from, (a, b) => a - b)]).Select(k => Taken(x, i[1], k.Zip(from, (a, b) => a + b))));
    });
}
