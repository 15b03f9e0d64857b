using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    public sealed class Linear : Module<Tensor, Tensor>
    {
        internal Linear(long inputSize, long outputSize, bool hasBias, Device? device, ScalarType? dtype)
            : base(nameof(Linear))
        {
            (in_features, out_features) = (inputSize, outputSize);
            weight = Initial.Parameter(empty([outputSize, inputSize], dtype, device));
            Initial.Uniform(weight, inputSize);
            register_parameter("weight", weight);
            if (hasBias)
            {
                bias = Initial.Parameter(empty([outputSize], dtype, device));
                Initial.Uniform(bias, inputSize);
                register_parameter("bias", bias);
            }
        }

        public long in_features { get; }

        public long out_features { get; }

        public Parameter weight { get; }

        public Parameter? bias { get; }

        public override Tensor forward(Tensor tensor) => functional.linear(tensor, weight, bias);
    }

    public sealed class GroupNorm : Module<Tensor, Tensor>
    {
        internal GroupNorm(long num_groups, long num_channels, double eps, bool affine, Device? device, ScalarType? dtype)
            : base(nameof(GroupNorm))
        {
            (this.num_groups, this.eps, this.affine) = (num_groups, eps, affine);
            if (affine)
            {
                weight = Initial.Parameter(ones([num_channels], dtype, device));
                bias = Initial.Parameter(zeros([num_channels], dtype, device));
                register_parameter("weight", weight);
                register_parameter("bias", bias);
            }
        }

        public long num_groups { get; }

        public double eps { get; }

        public bool affine { get; }

        public Parameter? weight { get; }

        public Parameter? bias { get; }

        public override Tensor forward(Tensor tensor) => functional.group_norm(tensor, num_groups, weight, bias, eps);
    }

    public sealed class LayerNorm : Module<Tensor, Tensor>
    {
        internal LayerNorm(long[] normalized_shape, double eps, bool elementwise_affine, bool bias, Device? device, ScalarType? dtype)
            : base(nameof(LayerNorm))
        {
            (this.normalized_shape, this.eps, this.elementwise_affine) = (normalized_shape, eps, elementwise_affine);
            if (elementwise_affine)
            {
                weight = Initial.Parameter(ones(normalized_shape, dtype, device));
                register_parameter("weight", weight);
                if (bias)
                {
                    this.bias = Initial.Parameter(zeros(normalized_shape, dtype, device));
                    register_parameter("bias", this.bias);
                }
            }
        }

        public long[] normalized_shape { get; }

        public double eps { get; }

        public bool elementwise_affine { get; }

        public Parameter? weight { get; }

        public Parameter? bias { get; }

        public override Tensor forward(Tensor tensor) => functional.layer_norm(tensor, normalized_shape, weight, bias, eps);
    }

    public sealed class Embedding : Module<Tensor, Tensor>
    {
        private readonly long _padding;
        private readonly double? _maxNorm;
        private readonly double _normType;
        private readonly bool _scale;
        private readonly bool _sparse;

        internal Embedding(long num_embeddings, long embedding_dims, long? padding_idx, double? max_norm, double norm_type, bool scale_grad_by_freq, bool sparse, Device? device, ScalarType? dtype)
            : base(nameof(Embedding))
        {
            (_maxNorm, _normType, _scale, _sparse) = (max_norm, norm_type, scale_grad_by_freq, sparse);
            _padding = padding_idx is < 0 and { } fromEnd ? num_embeddings + fromEnd : padding_idx ?? -1;
            weight = Initial.Parameter(empty([num_embeddings, embedding_dims], dtype, device));
            init.normal_(weight).Dispose();
            if (_padding >= 0)
            {
                using var unrecorded = no_grad();
                using var padding = weight.select(0, _padding);
                padding.zero_().Dispose();
            }

            register_parameter("weight", weight);
        }

        public Parameter weight { get; }

        public override Tensor forward(Tensor input)
        {
            if (_maxNorm is { } limit)
            {
                using var unrecorded = no_grad();
                Aten.Call("embedding_renorm_", weight, input, limit, _normType).Dispose();
            }

            return Aten.Call("embedding", weight, input, _padding, _scale, _sparse);
        }
    }

    internal static class Initial
    {
        /// <summary>A parameter of a tensor that nobody else needs.</summary>
        internal static Parameter Parameter(Tensor made)
        {
            using (made)
            {
                return new Parameter(made);
            }
        }

        /// <summary>Uniform in +-1/sqrt(fan in), what PyTorch gives linear and convolution layers.</summary>
        internal static void Uniform(Tensor tensor, long fanIn)
        {
            var bound = fanIn > 0 ? 1 / Math.Sqrt(fanIn) : 0;
            init.uniform_(tensor, -bound, bound).Dispose();
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Linear Linear(long inputSize, long outputSize, bool hasBias = true, Device? device = null, ScalarType? dtype = null) =>
                new(inputSize, outputSize, hasBias, device, dtype);

            public static GroupNorm GroupNorm(long num_groups, long num_channels, double eps = 1e-05, bool affine = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_groups, num_channels, eps, affine, device, dtype);

            public static LayerNorm LayerNorm(long normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new([normalized_shape], eps, elementwise_affine, bias, device, dtype);

            public static LayerNorm LayerNorm(long[] normalized_shape, double eps = 1e-05, bool elementwise_affine = true, bool bias = true, Device? device = null, ScalarType? dtype = null) =>
                new(normalized_shape, eps, elementwise_affine, bias, device, dtype);

            public static Embedding Embedding(long num_embeddings, long embedding_dims, long? padding_idx = null, double? max_norm = null, double norm_type = 2, bool scale_grad_by_freq = false, bool sparse = false, Device? device = null, ScalarType? dtype = null) =>
                new(num_embeddings, embedding_dims, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse, device, dtype);
        }
    }
}
