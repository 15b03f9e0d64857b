using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    public sealed class SiLU : Module<Tensor, Tensor>
    {
        private readonly bool _inplace;

        internal SiLU(bool inplace)
            : base(nameof(SiLU)) => _inplace = inplace;

        public override Tensor forward(Tensor tensor) => functional.silu(tensor, _inplace);
    }

    public sealed class ReLU : Module<Tensor, Tensor>
    {
        private readonly bool _inplace;

        internal ReLU(bool inplace)
            : base(nameof(ReLU)) => _inplace = inplace;

        public override Tensor forward(Tensor tensor) => functional.relu(tensor, _inplace);
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
        private readonly bool _inplace;

        internal GELU(Approximate approximate, bool inplace)
            : base(nameof(GELU)) => (_approximate, _inplace) = (approximate, inplace);

        public enum Approximate
        {
            none = 0,
            tanh = 1,
        }

        public override Tensor forward(Tensor tensor) => functional.gelu(tensor, _approximate, _inplace);
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
        private readonly bool _inplace;

        internal Dropout(double p, bool inplace)
            : base(nameof(Dropout)) => (_p, _inplace) = (p, inplace);

        public override Tensor forward(Tensor tensor) => functional.dropout(tensor, _p, training, _inplace);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static SiLU SiLU() => new(false);

            public static SiLU SiLU(bool inplace) => new(inplace);

            public static ReLU ReLU(bool inplace = false) => new(inplace);

            public static Sigmoid Sigmoid() => new();

            public static Tanh Tanh() => new();

            public static GELU GELU() => new(Modules.GELU.Approximate.none, false);

            public static GELU GELU(GELU.Approximate approximate, bool inplace = false) => new(approximate, inplace);

            public static Identity Identity() => new();

            public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);
        }
    }
}
