using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    public sealed class SiLU : Module<Tensor, Tensor>
    {
        internal SiLU()
            : base(nameof(SiLU))
        {
        }

        public override Tensor forward(Tensor tensor) => functional.silu(tensor);
    }

    public sealed class ReLU : Module<Tensor, Tensor>
    {
        internal ReLU()
            : base(nameof(ReLU))
        {
        }

        public override Tensor forward(Tensor tensor) => functional.relu(tensor);
    }

    public sealed class Sigmoid : Module<Tensor, Tensor>
    {
        internal Sigmoid()
            : base(nameof(Sigmoid))
        {
        }

        public override Tensor forward(Tensor tensor) => functional.sigmoid(tensor);
    }

    public sealed class Tanh : Module<Tensor, Tensor>
    {
        internal Tanh()
            : base(nameof(Tanh))
        {
        }

        public override Tensor forward(Tensor tensor) => functional.tanh(tensor);
    }

    public sealed class GELU : Module<Tensor, Tensor>
    {
        private readonly Approximate _approximate;

        internal GELU(Approximate approximate)
            : base(nameof(GELU)) => _approximate = approximate;

        public enum Approximate
        {
            none = 0,
            tanh = 1,
        }

        public override Tensor forward(Tensor tensor) => functional.gelu(tensor, _approximate);
    }

    public sealed class Identity : Module<Tensor, Tensor>
    {
        internal Identity()
            : base(nameof(Identity))
        {
        }

        public override Tensor forward(Tensor tensor) => tensor.alias();
    }

    public sealed class Dropout : Module<Tensor, Tensor>
    {
        private readonly double _p;

        internal Dropout(double p)
            : base(nameof(Dropout)) => _p = p;

        public override Tensor forward(Tensor input) => functional.dropout(input, _p, training);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static SiLU SiLU() => new();

            public static ReLU ReLU() => new();

            public static Sigmoid Sigmoid() => new();

            public static Tanh Tanh() => new();

            public static GELU GELU() => new(Modules.GELU.Approximate.none);

            public static GELU GELU(GELU.Approximate approximate) => new(approximate);

            public static Identity Identity() => new();

            public static Dropout Dropout(double p = 0.5) => new(p);
        }
    }
}
