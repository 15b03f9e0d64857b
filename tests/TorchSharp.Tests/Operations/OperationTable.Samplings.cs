using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Realiz3D.Mesh.TorchSharp.Tests.Operations;

internal static partial class OperationTable
{
    private static readonly Dense s_points = Dense.Real(-1.3, 1.3, 1, 2, 3, 2);

    private static IEnumerable<Operation> Samplings() =>
    [
        Row.Of(s_image, x => Dense.Of([1, 2, 10, 8], i => x[0, i[1], i[2] / 2, i[3] / 2]), x => F.interpolate(x, scale_factor: [2, 2]), x => F.interpolate(x, [10, 8]), x => F.interpolate(x, [10, 8], mode: InterpolationMode.NearestExact)),
        Row.Of(s_signal, x => Dense.Of([1, 2, 10], i => x[0, i[1], i[2] / 2]), x => F.interpolate(x, [10])),
        Row.Of(s_volume, x => Dense.Of([1, 1, 6, 6, 8], i => x[0, 0, i[2] / 2, i[3] / 2, i[4] / 2]), x => F.interpolate(x, scale_factor: [2])),
        Row.Of(s_signal, x => Resized(x, Tent, false, 7), x => F.interpolate(x, [7], mode: InterpolationMode.Linear)),
        Row.Of(s_image, x => Resized(x, Tent, false, 8, 3), x => F.interpolate(x, [8, 3], mode: InterpolationMode.Bilinear)),
        Row.Of(s_image, x => Resized(x, Tent, true, 8, 3), x => F.interpolate(x, [8, 3], mode: InterpolationMode.Bilinear, align_corners: true)),
        Row.Of(s_image, x => Resized(x, Cubic, false, 8, 3), x => F.interpolate(x, [8, 3], mode: InterpolationMode.Bicubic)),
        Row.Of(s_volume, x => Resized(x, Tent, false, 5, 4, 3), x => F.interpolate(x, [5, 4, 3], mode: InterpolationMode.Trilinear)),
        Row.Of(s_image, x => Smoothed(x, 2, 2), x => F.interpolate(x, [2, 2], mode: InterpolationMode.Bilinear, antialias: true)),
        Row.Of(s_image, s_points, (x, grid) => Sampled(x, grid, (_, outside) => outside), (x, grid) => F.grid_sample(x, grid)),
        Row.Of(s_image, s_points, (x, grid) => Sampled(x, grid, (clamped, _) => clamped), (x, grid) => F.grid_sample(x, grid, padding_mode: GridSamplePaddingMode.Border)),
        Row.Of(s_image, x => Dense.Of([1, 2, 2, 3], i => Nearest(x, i)), x => F.grid_sample(x, s_points.ToTensor(), GridSampleMode.Nearest)),
        Row.Of(Dense.Real(-1, 1, 1, 2, 3), t => Dense.Of([1, 2, 4, 2], i =>
            (t[0, i[3], 0] * ((((2 * i[2]) + 1) / 4.0) - 1)) + (t[0, i[3], 1] * (i[1] - 0.5)) + t[0, i[3], 2]), t => F.affine_grid(t, [1, 1, 2, 4])),
    ];

    private static double Tent(double distance) => Math.Max(0, 1 - Math.Abs(distance));

    // Keys' cubic with a = -3/4.
    private static double Cubic(double distance)
    {
        const double A = -0.75;
        var d = Math.Abs(distance);
        return d <= 1 ? (((((A + 2) * d) - (A + 3)) * d * d) + 1) : d < 2 ? A * ((((d - 5) * d) + 8) * d - 4) : 0;
    }

    // The weight of each source place for a target place, edges repeated; one axis after the other.
    private static Dense Resized(Dense x, Func<double, double> kernel, bool aligned, params int[] size)
    {
        for (var axis = 0; axis < size.Length; axis++)
        {
            var (place, before, extent) = (axis + 2, x.Shape[axis + 2], size[axis]);
            int[] shape = [.. x.Shape];
            shape[place] = extent;
            var source = x;
            x = Dense.Of(shape, i =>
            {
                var at = aligned ? i[place] * (before - 1.0) / (extent - 1) : ((i[place] + 0.5) * before / extent) - 0.5;

                // Linear kernels clamp the place itself at the lower edge; at the upper one the repeated edge does the same.
                at = kernel == Tent ? Math.Max(at, 0) : at;
                return Enumerable.Range((int)Math.Floor(at) - 1, 4).Sum(k =>
                {
                    int[] from = [.. i];
                    from[place] = Math.Clamp(k, 0, before - 1);
                    return kernel(at - k) * source[from];
                });
            });
        }

        return x;
    }

    // The tent as wide as a target cell, its weights made to sum to one.
    private static Dense Smoothed(Dense x, params int[] size)
    {
        for (var axis = 0; axis < size.Length; axis++)
        {
            var (place, scale) = (axis + 2, (double)x.Shape[axis + 2] / size[axis]);
            int[] shape = [.. x.Shape];
            shape[place] = size[axis];
            var source = x;
            x = Dense.Of(shape, i =>
            {
                double[] weights = [.. Enumerable.Range(0, source.Shape[place]).Select(k => Tent((k + 0.5 - ((i[place] + 0.5) * scale)) / scale))];
                return weights.Select((weight, k) =>
                {
                    int[] from = [.. i];
                    from[place] = k;
                    return weight * source[from];
                }).Sum() / weights.Sum();
            });
        }

        return x;
    }

    // grid[..., 0] runs over columns, [..., 1] over rows, -1 and 1 at the outer edges of the image.
    private static (double Row, double Column) Place(Dense x, Dense grid, int[] i) =>
        ((((grid[0, i[2], i[3], 1] + 1) * x.Shape[2]) - 1) / 2, (((grid[0, i[2], i[3], 0] + 1) * x.Shape[3]) - 1) / 2);

    private static Dense Sampled(Dense x, Dense grid, Func<double, double, double> border) => Dense.Of([1, 2, 2, 3], i =>
    {
        var (row, column) = Place(x, grid, i);
        (row, column) = (border(Math.Clamp(row, 0, x.Shape[2] - 1), row), border(Math.Clamp(column, 0, x.Shape[3] - 1), column));
        return Block([2, 2]).Sum(k =>
        {
            var (r, c) = ((int)Math.Floor(row) + k[0], (int)Math.Floor(column) + k[1]);
            return Tent(row - r) * Tent(column - c) * Taken(x, i[1], [r, c]);
        });
    });

    private static double Nearest(Dense x, int[] i)
    {
        var (row, column) = Place(x, s_points, i);
        return Taken(x, i[1], [(int)Math.Round(row), (int)Math.Round(column)]);
    }
}
