using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>What batch and instance norms share: a scale and a shift for each channel, and running statistics.</summary>
    public abstract class NormBase : Module<Tensor, Tensor>
    {
        private protected NormBase(string name, long num_features, double eps, double? momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
            : base(name)
        {
            (this.num_features, this.eps, this.momentum, this.affine, this.track_running_stats) = (num_features, eps, momentum, affine, track_running_stats);
            if (affine)
            {
                weight = Initial.Parameter(ones([num_features], dtype, device));
                bias = Initial.Parameter(zeros([num_features], dtype, device));
                register_parameter("weight", weight);
                register_parameter("bias", bias);
            }

            if (track_running_stats)
            {
                (running_mean, running_var) = (zeros([num_features], dtype, device), ones([num_features], dtype, device));
                num_batches_tracked = zeros([], ScalarType.Int64, device);
                register_buffer("running_mean", running_mean);
                register_buffer("running_var", running_var);
                register_buffer("num_batches_tracked", num_batches_tracked);
            }
        }

        public long num_features { get; }

        public double eps { get; set; }

        /// <summary>The share of a batch in the running statistics; none for the plain mean of all batches.</summary>
        public double? momentum { get; set; }

        public bool affine { get; }

        public bool track_running_stats { get; }

        public Parameter? weight { get; }

        public Parameter? bias { get; }

        public Tensor? running_mean { get; }

        public Tensor? running_var { get; }

        public Tensor? num_batches_tracked { get; }

        public void reset_running_stats()
        {
            running_mean?.zero_().Dispose();
            running_var?.fill_(1).Dispose();
            num_batches_tracked?.zero_().Dispose();
        }

        public void reset_parameters()
        {
            reset_running_stats();
            if (affine)
            {
                init.ones_(weight!).Dispose();
                init.zeros_(bias!).Dispose();
            }
        }

        private protected void RequireAxes(Tensor input, params ReadOnlySpan<long> allowed)
        {
            if (!allowed.Contains(input.ndim))
            {
                throw new ArgumentException($"{GetName()} wants {string.Join(" or ", allowed.ToArray())} dimensions, not {input.ndim}.");
            }
        }
    }

    /// <summary>Each channel to mean 0 and variance 1 over the batch and its places: Ioffe and Szegedy, arXiv:1502.03167, algorithm 1.</summary>
    public abstract class BatchNorm : NormBase
    {
        private protected BatchNorm(string name, long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
            : base(name, num_features, eps, momentum, affine, track_running_stats, device, dtype)
        {
        }

        public override Tensor forward(Tensor input)
        {
            ValidateInputDimensions(input);
            var share = momentum ?? 0;
            if (training && num_batches_tracked is { } seen)
            {
                seen.add_(1).Dispose();
                share = momentum ?? (1.0 / seen.item<long>());
            }

            return Aten.Call("batch_norm", input, weight, bias, running_mean, running_var, training || !track_running_stats, share, eps, false);
        }

        protected abstract void ValidateInputDimensions(Tensor input);
    }

    public sealed class BatchNorm1d : BatchNorm
    {
        internal BatchNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
            : base(nameof(BatchNorm1d), num_features, eps, momentum, affine, track_running_stats, device, dtype)
        {
        }

        protected override void ValidateInputDimensions(Tensor input) => RequireAxes(input, 2, 3);
    }

    public sealed class BatchNorm2d : BatchNorm
    {
        internal BatchNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
            : base(nameof(BatchNorm2d), num_features, eps, momentum, affine, track_running_stats, device, dtype)
        {
        }

        protected override void ValidateInputDimensions(Tensor input) => RequireAxes(input, 4);
    }

    public sealed class BatchNorm3d : BatchNorm
    {
        internal BatchNorm3d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
            : base(nameof(BatchNorm3d), num_features, eps, momentum, affine, track_running_stats, device, dtype)
        {
        }

        protected override void ValidateInputDimensions(Tensor input) => RequireAxes(input, 5);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static BatchNorm1d BatchNorm1d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static BatchNorm2d BatchNorm2d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static BatchNorm3d BatchNorm3d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = true, bool track_running_stats = true, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
        }
    }
}
