using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Each channel of each image to mean 0 and variance 1: Ulyanov et al., arXiv:1607.08022. One image may come without its batch.</summary>
    public abstract class InstanceNorm : NormBase
    {
        private protected InstanceNorm(string name, long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
            : base(name, num_features, eps, momentum, affine, track_running_stats, device, dtype)
        {
        }

        public override Tensor forward(Tensor input)
        {
            RequireAxes(input, GetNumberOfBatchDimensions() - 1, GetNumberOfBatchDimensions());
            if (input.ndim == GetNumberOfBatchDimensions())
            {
                return Normalised(input);
            }

            using var batch = input.unsqueeze(0);
            using var normalised = Normalised(batch);
            return normalised.squeeze(0);
        }

        /// <summary>The number of axes of a batch.</summary>
        protected abstract long GetNumberOfBatchDimensions();

        private Tensor Normalised(Tensor batch) =>
            functional.instance_norm(batch, running_mean, running_var, weight, bias, training || !track_running_stats, momentum ?? 0, eps);
    }

    public sealed class InstanceNorm1d : InstanceNorm
    {
        internal InstanceNorm1d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
            : base(nameof(InstanceNorm1d), num_features, eps, momentum, affine, track_running_stats, device, dtype)
        {
        }

        protected override long GetNumberOfBatchDimensions() => 3;
    }

    public sealed class InstanceNorm2d : InstanceNorm
    {
        internal InstanceNorm2d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
            : base(nameof(InstanceNorm2d), num_features, eps, momentum, affine, track_running_stats, device, dtype)
        {
        }

        protected override long GetNumberOfBatchDimensions() => 4;
    }

    public sealed class InstanceNorm3d : InstanceNorm
    {
        internal InstanceNorm3d(long num_features, double eps, double momentum, bool affine, bool track_running_stats, Device? device, ScalarType? dtype)
            : base(nameof(InstanceNorm3d), num_features, eps, momentum, affine, track_running_stats, device, dtype)
        {
        }

        protected override long GetNumberOfBatchDimensions() => 5;
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static InstanceNorm1d InstanceNorm1d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = false, bool track_running_stats = false, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static InstanceNorm2d InstanceNorm2d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = false, bool track_running_stats = false, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);

            public static InstanceNorm3d InstanceNorm3d(long num_features, double eps = 1e-05, double momentum = 0.1, bool affine = false, bool track_running_stats = false, Device? device = null, ScalarType? dtype = null) =>
                new(num_features, eps, momentum, affine, track_running_stats, device, dtype);
        }
    }
}
