using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>The gradient of a convolution as a layer: what a convolution of the same settings would make smaller, it makes larger.</summary>
    public abstract class ConvolutionTranspose : Convolution
    {
        private protected ConvolutionTranspose(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] output_padding, long[] dilation, long groups, bool bias, PaddingModes padding_mode, Device? device, ScalarType? dtype)
            : base(name, in_channels, out_channels, kernel_size, stride, padding, dilation, true, groups, bias, padding_mode, device, dtype)
        {
            if (padding_mode != PaddingModes.Zeros)
            {
                throw new ArgumentException($"{name} supports only padding with zeros.");
            }

            this.output_padding = output_padding;
        }

        public override Tensor forward(Tensor input) => Transposed(input, output_padding);

        /// <summary>The output of that size, out of the <c>stride</c> sizes that the convolution would map to this input.</summary>
        public Tensor forward(Tensor input, long[]? output_size) => Transposed(input, output_size is null ? output_padding : PaddingFor(input, output_size));

        private protected abstract Tensor Transposed(Tensor input, long[] more);

        private long[] PaddingFor(Tensor input, long[] output_size)
        {
            var axes = kernel_size.Length;
            var (given, wanted) = (input.shape[^axes..], output_size[^axes..]);
            long[] more = [.. wanted.Select((extent, i) => extent - (((given[i] - 1) * stride[i]) - (2 * padding[i]) + (dilation[i] * (kernel_size[i] - 1)) + 1))];
            for (var i = 0; i < axes; i++)
            {
                if (more[i] < 0 || more[i] >= stride[i])
                {
                    throw new ArgumentException($"An output of {string.Join('x', wanted)} was asked for; along axis {i} it must be {wanted[i] - more[i]} to {wanted[i] - more[i] + stride[i] - 1}.");
                }
            }

            return more;
        }
    }

    public sealed class ConvTranspose1d : ConvolutionTranspose
    {
        internal ConvTranspose1d(long in_channels, long out_channels, long[] kernel, long[] stride, long[] padding, long[] output_padding, long[] dilation, long groups, bool bias, PaddingModes mode, Device? device, ScalarType? dtype)
            : base(nameof(ConvTranspose1d), in_channels, out_channels, kernel, stride, padding, output_padding, dilation, groups, bias, mode, device, dtype)
        {
        }

        private protected override Tensor Transposed(Tensor input, long[] more) => functional.conv_transpose1d(input, weight, bias, stride[0], padding[0], more[0], dilation[0], groups);
    }

    public sealed class ConvTranspose2d : ConvolutionTranspose
    {
        internal ConvTranspose2d(long in_channels, long out_channels, long[] kernel, long[] stride, long[] padding, long[] output_padding, long[] dilation, long groups, bool bias, PaddingModes mode, Device? device, ScalarType? dtype)
            : base(nameof(ConvTranspose2d), in_channels, out_channels, kernel, stride, padding, output_padding, dilation, groups, bias, mode, device, dtype)
        {
        }

        private protected override Tensor Transposed(Tensor input, long[] more) => functional.conv_transpose2d(input, weight, bias, stride, padding, more, dilation, groups);
    }

    public sealed class ConvTranspose3d : ConvolutionTranspose
    {
        internal ConvTranspose3d(long in_channels, long out_channels, long[] kernel, long[] stride, long[] padding, long[] output_padding, long[] dilation, long groups, bool bias, PaddingModes mode, Device? device, ScalarType? dtype)
            : base(nameof(ConvTranspose3d), in_channels, out_channels, kernel, stride, padding, output_padding, dilation, groups, bias, mode, device, dtype)
        {
        }

        private protected override Tensor Transposed(Tensor input, long[] more) => functional.conv_transpose3d(input, weight, bias, stride, padding, more, dilation, groups);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static ConvTranspose1d ConvTranspose1d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long output_padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, [kernel_size], [stride], [padding], [output_padding], [dilation], groups, bias, padding_mode, device, dtype);

            public static ConvTranspose2d ConvTranspose2d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long output_padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                ConvTranspose2d(in_channels, out_channels, (kernel_size, kernel_size), (stride, stride), (padding, padding), (output_padding, output_padding), (dilation, dilation), padding_mode, groups, bias, device, dtype);

            public static ConvTranspose2d ConvTranspose2d(long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? output_padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Extents.Of(kernel_size), Extents.Of(stride ?? (1, 1)), Extents.Of(padding ?? (0, 0)), Extents.Of(output_padding ?? (0, 0)), Extents.Of(dilation ?? (1, 1)), groups, bias, padding_mode, device, dtype);

            public static ConvTranspose3d ConvTranspose3d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long output_padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Extents.Same(3, kernel_size), Extents.Same(3, stride), Extents.Same(3, padding), Extents.Same(3, output_padding), Extents.Same(3, dilation), groups, bias, padding_mode, device, dtype);

            public static ConvTranspose3d ConvTranspose3d(long in_channels, long out_channels, (long, long, long) kernel_size, (long, long, long)? stride = null, (long, long, long)? padding = null, (long, long, long)? output_padding = null, (long, long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, Extents.Of(kernel_size), Extents.Of(stride ?? (1, 1, 1)), Extents.Of(padding ?? (0, 0, 0)), Extents.Of(output_padding ?? (0, 0, 0)), Extents.Of(dilation ?? (1, 1, 1)), groups, bias, padding_mode, device, dtype);
        }
    }
}
