using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public enum Reduction : long
        {
            None = 0,
            Mean = 1,
            Sum = 2,
        }

        public static partial class functional
        {
            public static Tensor silu(Tensor x, bool inplace = false) => Aten.Call(inplace ? "silu_" : "silu", x);

            public static Tensor relu(Tensor x, bool inplace = false) => Aten.Call(inplace ? "relu_" : "relu", x);

            public static Tensor leaky_relu(Tensor input, double negative_slope = 0.01, bool inplace = false) =>
                Aten.Call(inplace ? "leaky_relu_" : "leaky_relu", input, negative_slope);

            public static Tensor gelu(Tensor x) => Aten.Call("gelu", x, "none");

            public static Tensor gelu(Tensor x, GELU.Approximate approximate, bool inplace = false) =>
                Aten.Call(inplace ? "gelu_" : "gelu", x, approximate.ToString());

            public static Tensor sigmoid(Tensor x) => x.sigmoid();

            public static Tensor tanh(Tensor x, bool inplace = false) => inplace ? x.tanh_() : x.tanh();

            public static Tensor softplus(Tensor x, double beta = 1, double threshold = 20) => Aten.Call("softplus", x, beta, threshold);

            public static Tensor softmax(Tensor input, long dim, ScalarType? dtype = null) => input.softmax(dim, dtype);

            public static Tensor log_softmax(Tensor x, long dim) => x.log_softmax(dim);

            public static Tensor linear(Tensor input, Tensor weights, Tensor? bias = null) => Aten.Call("linear", input, weights, bias);

            public static Tensor conv2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? dilation = null, long groups = 1) =>
                Aten.Call("conv2d", input, weight, bias, strides ?? [1, 1], padding ?? [0, 0], dilation ?? [1, 1], groups);

            public static Tensor conv_transpose2d(Tensor input, Tensor weight, Tensor? bias = null, long[]? strides = null, long[]? padding = null, long[]? output_padding = null, long[]? dilation = null, long groups = 1) =>
                Aten.Call("conv_transpose2d.input", input, weight, bias, strides ?? [1, 1], padding ?? [0, 0], output_padding ?? [0, 0], groups, dilation ?? [1, 1]);

            public static Tensor group_norm(Tensor input, long num_groups, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Aten.Call("group_norm", input, num_groups, weight, bias, eps);

            public static Tensor layer_norm(Tensor input, long[] normalized_shape, Tensor? weight = null, Tensor? bias = null, double eps = 1e-05) =>
                Aten.Call("layer_norm", input, normalized_shape, weight, bias, eps);

            public static Tensor dropout(Tensor input, double p = 0.5, bool training = true, bool inplace = false) =>
                Aten.Call(inplace ? "dropout_" : "dropout", input, p, training);

            public static Tensor avg_pool2d(Tensor input, long kernel_size, long? stride = null, long padding = 0, bool ceil_mode = false, bool count_include_pad = true, long? divisor_override = null) =>
                Aten.Call("avg_pool2d", input, Pair(kernel_size), Pair(stride ?? kernel_size), Pair(padding), ceil_mode, count_include_pad, divisor_override);

            public static Tensor max_pool2d(Tensor input, long kernel_size, long? stride = null, long? padding = null, long? dilation = null, bool ceil_mode = false) =>
                Aten.Call("max_pool2d", input, Pair(kernel_size), Pair(stride ?? kernel_size), Pair(padding ?? 0), Pair(dilation ?? 1), ceil_mode);

            public static Tensor adaptive_avg_pool2d(Tensor input, long output_size) => Aten.Call("adaptive_avg_pool2d", input, Pair(output_size));

            public static Tensor pixel_shuffle(Tensor input, long upscale_factor) => Aten.Call("pixel_shuffle", input, upscale_factor);

            public static Tensor pixel_unshuffle(Tensor input, long downscale_factor) => Aten.Call("pixel_unshuffle", input, downscale_factor);

            public static Tensor pad(Tensor input, long[] pad, PaddingModes mode = PaddingModes.Constant, double value = 0) => mode switch
            {
                PaddingModes.Constant or PaddingModes.Zeros => Aten.Call("constant_pad_nd", input, pad, value),
                PaddingModes.Reflect => Aten.Call(pad.Length == 2 ? "reflection_pad1d" : "reflection_pad2d", input, pad),
                PaddingModes.Replicate => Aten.Call(pad.Length == 2 ? "replication_pad1d" : "replication_pad2d", input, pad),
                _ => throw new NotSupportedException($"pad supports no {mode}."),
            };

            public static Tensor pad(Tensor input, (long, long, long, long) pad, PaddingModes mode = PaddingModes.Constant, double value = 0) =>
                functional.pad(input, [pad.Item1, pad.Item2, pad.Item3, pad.Item4], mode, value);

            public static Tensor one_hot(Tensor x, long num_classes = -1) => Aten.Call("one_hot", x, num_classes);

            public static Tensor normalize(Tensor input, double p = 2, long dim = 1, double eps = 1e-12)
            {
                using var norm = linalg.vector_norm(input, p, [dim], keepdim: true);
                using var floor = norm.clamp_min(eps);
                return input.div(floor);
            }

            public static Tensor interpolate(Tensor x, long[]? size = null, double[]? scale_factor = null, InterpolationMode mode = InterpolationMode.Nearest, bool? align_corners = null, bool recompute_scale_factor = false, bool antialias = false)
            {
                var aligned = align_corners ?? false;
                return (mode, antialias) switch
                {
                    (InterpolationMode.Nearest, false) => Aten.Call("upsample_nearest2d.vec", x, size, scale_factor),
                    (InterpolationMode.NearestExact, false) => Aten.Call("_upsample_nearest_exact2d.vec", x, size, scale_factor),
                    (InterpolationMode.Bilinear, false) => Aten.Call("upsample_bilinear2d.vec", x, size, aligned, scale_factor),
                    (InterpolationMode.Bicubic, false) => Aten.Call("upsample_bicubic2d.vec", x, size, aligned, scale_factor),
                    (InterpolationMode.Bilinear, true) => Aten.Call("_upsample_bilinear2d_aa.vec", x, size, aligned, scale_factor),
                    (InterpolationMode.Bicubic, true) => Aten.Call("_upsample_bicubic2d_aa.vec", x, size, aligned, scale_factor),
                    (InterpolationMode.Area, false) when size is not null => Aten.Call("adaptive_avg_pool2d", x, size),
                    _ => throw new NotSupportedException($"interpolate supports no {mode} with antialias {antialias}."),
                };
            }

            public static Tensor grid_sample(Tensor input, Tensor grid, GridSampleMode mode = GridSampleMode.Bilinear, GridSamplePaddingMode padding_mode = GridSamplePaddingMode.Zeros, bool? align_corners = null)
            {
                // libtorch counts bilinear 0, nearest 1; zeros 0, border 1, reflection 2.
                var interpolation = mode == GridSampleMode.Bilinear ? 0L : 1L;
                var padding = padding_mode switch { GridSamplePaddingMode.Zeros => 0L, GridSamplePaddingMode.Border => 1L, _ => 2L };
                return Aten.Call("grid_sampler", input, grid, interpolation, padding, align_corners ?? false);
            }

            /// <summary>softmax(q k^T / sqrt(E) + mask) v, by libtorch's own operator where it has one.</summary>
            public static Tensor scaled_dot_product_attention(Tensor query, Tensor key, Tensor value, Tensor? attn_mask = null, double p = 0, bool is_casual = false)
            {
                if (Aten.Has("scaled_dot_product_attention"))
                {
                    return Aten.Call("scaled_dot_product_attention", query, key, value, attn_mask, p, is_casual);
                }

                using var scope = NewDisposeScope();
                using var scaled = query.mul(1 / Math.Sqrt(query.shape[^1]));
                var scores = scaled.matmul(key.transpose(-2, -1));
                if (attn_mask is not null)
                {
                    scores = attn_mask.dtype == ScalarType.Bool ? scores.masked_fill(attn_mask.logical_not(), double.NegativeInfinity) : scores.add(attn_mask);
                }

                if (is_casual)
                {
                    var causal = ones([query.shape[^2], key.shape[^2]], ScalarType.Bool, query.device).tril();
                    scores = scores.masked_fill(causal.logical_not(), double.NegativeInfinity);
                }

                var weights = scores.softmax(-1);
                return (p > 0 ? dropout(weights, p) : weights).matmul(value).MoveToOuterDisposeScope();
            }

            private static long[] Pair(long extent) => [extent, extent];
        }
    }
}
