using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>More around the last two axes: left, right, above, below.</summary>
    public abstract class PadBase : Module<Tensor, Tensor>
    {
        private readonly PaddingModes _mode;

        private protected PadBase(string name, PaddingModes mode, double value, (long, long, long, long) padding)
            : base(name) => (_mode, this.value, this.padding) = (mode, value, [padding.Item1, padding.Item2, padding.Item3, padding.Item4]);

        public double value { get; set; }

        public long[] padding { get; set; }

        public override Tensor forward(Tensor input) => functional.pad(input, padding, _mode, value);
    }

    public sealed class ZeroPad2d : PadBase
    {
        internal ZeroPad2d((long, long, long, long) padding)
            : base(nameof(ZeroPad2d), PaddingModes.Constant, 0, padding)
        {
        }
    }

    public sealed class ConstantPad2d : PadBase
    {
        internal ConstantPad2d((long, long, long, long) padding, double value)
            : base(nameof(ConstantPad2d), PaddingModes.Constant, value, padding)
        {
        }
    }

    public sealed class ReflectionPad2d : PadBase
    {
        internal ReflectionPad2d((long, long, long, long) padding)
            : base(nameof(ReflectionPad2d), PaddingModes.Reflect, 0, padding)
        {
        }
    }

    public sealed class ReplicationPad2d : PadBase
    {
        internal ReplicationPad2d((long, long, long, long) padding)
            : base(nameof(ReplicationPad2d), PaddingModes.Replicate, 0, padding)
        {
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static ZeroPad2d ZeroPad2d(long padding) => new((padding, padding, padding, padding));

            public static ZeroPad2d ZeroPad2d((long, long, long, long) padding) => new(padding);

            public static ConstantPad2d ConstantPad2d(long padding, double value) => new((padding, padding, padding, padding), value);

            public static ConstantPad2d ConstantPad2d((long, long, long, long) padding, double value) => new(padding, value);

            public static ReflectionPad2d ReflectionPad2d(long padding) => new((padding, padding, padding, padding));

            public static ReflectionPad2d ReflectionPad2d((long, long, long, long) padding) => new(padding);

            public static ReplicationPad2d ReplicationPad2d(long padding) => new((padding, padding, padding, padding));

            public static ReplicationPad2d ReplicationPad2d((long, long, long, long) padding) => new(padding);
        }
    }
}
