using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>What convolutions over one, two and three axes share: shapes, padding, and PyTorch's initial values.</summary>
    public abstract class Convolution : Module<Tensor, Tensor>
    {
        private readonly PaddingModes _mode;
        private readonly long[] _around;

        private protected Convolution(string name, long in_channels, long out_channels, long[] kernel_size, long[] stride, long[] padding, long[] dilation, bool transposed, long groups, bool bias, PaddingModes padding_mode, Device? device, ScalarType? dtype)
            : base(name)
        {
            (this.in_channels, this.out_channels, this.transposed, this.groups) = (in_channels, out_channels, transposed, groups);
            (this.kernel_size, this.stride, this.padding, this.dilation, _mode) = (kernel_size, stride, padding, dilation, padding_mode);
            _around = [.. padding.Reverse().SelectMany(extent => new[] { extent, extent })];
            // As PyTorch counts: the weight's second axis times the kernel, whichever way the layer goes.
            var (first, second) = transposed ? (in_channels, out_channels / groups) : (out_channels, in_channels / groups);
            var fanIn = kernel_size.Aggregate(second, (product, extent) => product * extent);
            weight = Initial.Parameter(empty([first, second, .. kernel_size], dtype, device));
            Initial.Uniform(weight, fanIn);
            register_parameter("weight", weight);
            if (bias)
            {
                this.bias = Initial.Parameter(empty([out_channels], dtype, device));
                Initial.Uniform(this.bias, fanIn);
                register_parameter("bias", this.bias);
            }
        }

        public long in_channels { get; }

        public long out_channels { get; }

        public long[] kernel_size { get; }

        public long[] stride { get; }

        public long[] padding { get; }

        public long[] dilation { get; }

        /// <summary>What a transposed convolution adds to one side of its output.</summary>
        public long[] output_padding { get; private protected init; } = [];

        public bool transposed { get; }

        public long groups { get; }

        public PaddingModes padding_mode => _mode;

        public Parameter weight { get; }

        public Parameter? bias { get; }

        // Zeros are added inside the convolution, everything else before it.
        private protected Tensor Convolve(Tensor input, Func<Tensor, long[], Tensor> convolution)
        {
            if (_mode == PaddingModes.Zeros)
            {
                return convolution(input, padding);
            }

            using var padded = functional.pad(input, _around, _mode);
            return convolution(padded, new long[padding.Length]);
        }
    }

    public sealed class Conv1d : Convolution
    {
        internal Conv1d(long in_channels, long out_channels, long kernel, long stride, long padding, long dilation, long groups, bool bias, PaddingModes mode, Device? device, ScalarType? dtype)
            : base(nameof(Conv1d), in_channels, out_channels, [kernel], [stride], [padding], [dilation], false, groups, bias, mode, device, dtype)
        {
        }

        public override Tensor forward(Tensor input) => Convolve(input, (x, padding) => functional.conv1d(x, weight, bias, stride[0], padding[0], dilation[0], groups));
    }

    public sealed class Conv2d : Convolution
    {
        internal Conv2d(long in_channels, long out_channels, (long, long) kernel, (long, long) stride, (long, long) padding, (long, long) dilation, long groups, bool bias, PaddingModes mode, Device? device, ScalarType? dtype)
            : base(nameof(Conv2d), in_channels, out_channels, [kernel.Item1, kernel.Item2], [stride.Item1, stride.Item2], [padding.Item1, padding.Item2], [dilation.Item1, dilation.Item2], false, groups, bias, mode, device, dtype)
        {
        }

        public override Tensor forward(Tensor input) => Convolve(input, (x, padding) => functional.conv2d(x, weight, bias, stride, padding, dilation, groups));
    }

    public sealed class Conv3d : Convolution
    {
        internal Conv3d(long in_channels, long out_channels, long kernel, long stride, long padding, long dilation, long groups, bool bias, PaddingModes mode, Device? device, ScalarType? dtype)
            : base(nameof(Conv3d), in_channels, out_channels, [kernel, kernel, kernel], [stride, stride, stride], [padding, padding, padding], [dilation, dilation, dilation], false, groups, bias, mode, device, dtype)
        {
        }

        public override Tensor forward(Tensor input) => Convolve(input, (x, padding) => functional.conv3d(x, weight, bias, stride, padding, dilation, groups));
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Conv1d Conv1d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode, device, dtype);

            public static Conv2d Conv2d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                Conv2d(in_channels, out_channels, (kernel_size, kernel_size), (stride, stride), (padding, padding), (dilation, dilation), padding_mode, groups, bias, device, dtype);

            public static Conv2d Conv2d(long in_channels, long out_channels, (long, long) kernel_size, (long, long)? stride = null, (long, long)? padding = null, (long, long)? dilation = null, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride ?? (1, 1), padding ?? (0, 0), dilation ?? (1, 1), groups, bias, padding_mode, device, dtype);

            public static Conv3d Conv3d(long in_channels, long out_channels, long kernel_size, long stride = 1, long padding = 0, long dilation = 1, PaddingModes padding_mode = PaddingModes.Zeros, long groups = 1, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode, device, dtype);
        }
    }
}
