namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public static partial class functional
        {
            /// <summary>Another size over the axes behind the second: one, two or three of them.</summary>
            public static Tensor interpolate(Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null, bool recompute_scale_factor = false, bool antialias = false)
            {
                var axes = (int)x.ndim - 2;
                var fits = mode switch
                {
                    InterpolationMode.Linear => axes == 1,
                    InterpolationMode.Bilinear or InterpolationMode.Bicubic => axes == 2,
                    InterpolationMode.Trilinear => axes == 3,
                    _ => axes is >= 1 and <= 3,
                };
                if (!fits || (antialias && mode is not (InterpolationMode.Bilinear or InterpolationMode.Bicubic)))
                {
                    throw new ArgumentException($"interpolate cannot be {mode} over {axes} axes{(antialias ? " with antialias" : "")}.", nameof(mode));
                }

                if (size is null && scale_factor is not null && (recompute_scale_factor || mode == InterpolationMode.Area))
                {
                    size = [.. x.shape.Skip(2).Zip(Spread(scale_factor, axes), (extent, scale) => (long)Math.Floor(extent * scale))];
                }

                // With a size the factors must be absent: libtorch takes one or the other.
                size = size is null ? null : Spread(size, axes);
                var scales = size is null && scale_factor is not null ? Spread(scale_factor, axes) : null;
                var aligned = align_corners ?? false;
                return mode switch
                {
                    InterpolationMode.Nearest => Aten.Call($"upsample_nearest{axes}d.vec", x, size, scales),
                    InterpolationMode.NearestExact => Aten.Call($"_upsample_nearest_exact{axes}d.vec", x, size, scales),
                    InterpolationMode.Area => Aten.Call($"adaptive_avg_pool{axes}d", x, size),
                    _ => Aten.Call($"{(antialias ? "_" : "")}upsample_{Name(mode)}{(antialias ? "_aa" : "")}.vec", x, size, aligned, scales),
                };
            }

            public static Tensor grid_sample(Tensor input, Tensor grid, GridSampleMode mode = GridSampleMode.Bilinear, GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros, bool? align_corners = null)
            {
                // libtorch counts bilinear 0, nearest 1; zeros 0, border 1, reflection 2.
                var interpolation = mode == GridSampleMode.Bilinear ? 0L : 1L;
                var padding = padding_mode switch { GridSamplePaddingMode.Zeros => 0L, GridSamplePaddingMode.Border => 1L, _ => 2L };
                return Aten.Call("grid_sampler", input, grid, interpolation, padding, align_corners ?? false);
            }

            public static Tensor affine_grid(Tensor theta, long[]? size = null, bool align_corners = false) =>
                Aten.Call("affine_grid_generator", theta, size, align_corners);

            private static T[] Spread<T>(T[] values, int axes) => values.Length == 1 ? [.. Enumerable.Repeat(values[0], axes)] : values;

            private static string Name(InterpolationMode mode) => mode switch
            {
                InterpolationMode.Linear => "linear1d",
                InterpolationMode.Bilinear => "bilinear2d",
                InterpolationMode.Trilinear => "trilinear3d",
                _ => "bicubic2d",
            };
        }
    }
}
