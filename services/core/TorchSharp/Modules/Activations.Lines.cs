using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    public sealed class Softmax : Module<Tensor, Tensor>
    {
        internal Softmax(long dim)
            : base(nameof(Softmax)) => this.dim = dim;

        public long dim { get; set; }

        public override Tensor forward(Tensor tensor) => functional.softmax(tensor, dim);
    }

    public sealed class LogSoftmax : Module<Tensor, Tensor>
    {
        internal LogSoftmax(long dim)
            : base(nameof(LogSoftmax)) => this.dim = dim;

        public long dim { get; set; }

        public override Tensor forward(Tensor tensor) => functional.log_softmax(tensor, dim);
    }

    public sealed class LogSigmoid : Module<Tensor, Tensor>
    {
        internal LogSigmoid()
            : base(nameof(LogSigmoid))
        {
        }

        public override Tensor forward(Tensor tensor) => functional.logsigmoid(tensor);
    }

    public sealed class GLU : Module<Tensor, Tensor>
    {
        internal GLU(long dim)
            : base(nameof(GLU)) => this.dim = dim;

        public long dim { get; set; }

        public override Tensor forward(Tensor tensor) => functional.glu(tensor, dim);
    }

    /// <summary>max(0, x) + a min(0, x), with one learned a, or one for each channel.</summary>
    public sealed class PReLU : Module<Tensor, Tensor>
    {
        internal PReLU(long num_parameters, double init, Device? device, ScalarType? dtype)
            : base(nameof(PReLU))
        {
            (this.num_parameters, this.init) = (num_parameters, init);
            weight = Initial.Parameter(full([num_parameters], init, dtype ?? ScalarType.Float32, device));
            register_parameter("weight", weight);
        }

        public long num_parameters { get; }

        public double init { get; }

        public Parameter weight { get; }

        public override Tensor forward(Tensor tensor) => functional.prelu(tensor, weight);
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
        internal Dropout(double p, bool inplace)
            : base(nameof(Dropout)) => (this.p, this.inplace) = (p, inplace);

        public double p { get; set; }

        public bool inplace { get; set; }

        public override Tensor forward(Tensor tensor) => functional.dropout(tensor, p, training, inplace);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static Softmax Softmax(long dim) => new(dim);

            public static LogSoftmax LogSoftmax(long dim) => new(dim);

            public static LogSigmoid LogSigmoid() => new();

            public static GLU GLU(long dim = -1) => new(dim);

            public static PReLU PReLU(long num_parameters, double init = 0.25, Device? device = null, ScalarType? dtype = null) => new(num_parameters, init, device, dtype);

            public static Identity Identity() => new();

            public static Dropout Dropout(double p = 0.5, bool inplace = false) => new(p, inplace);
        }
    }
}
