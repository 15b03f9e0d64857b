using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Stochastic gradient descent with momentum as in Sutskever et al. (2013), Nesterov's variant included.</summary>
    public class SGD : OptimizerHelper
    {
        private readonly Options _defaults;

        public SGD(IEnumerable<Parameter> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
            : this([new ParamGroup { Parameters = [.. parameters] }], lr, momentum, dampening, weight_decay, nesterov, maximize)
        {
        }

        public SGD(IEnumerable<ParamGroup> parameters, double lr, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
        {
            if (nesterov && (momentum <= 0 || dampening != 0))
            {
                throw new ArgumentException("Nesterov momentum requires a momentum and zero dampening.");
            }

            _defaults = new() { LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize };
            foreach (var group in parameters)
            {
                add_param_group(group);
            }
        }

        public override void add_param_group(Modules.ParamGroup param_group)
        {
            var options = (Options)param_group.Options;
            options.momentum ??= _defaults.momentum;
            options.dampening ??= _defaults.dampening;
            options.weight_decay ??= _defaults.weight_decay;
            options.nesterov ??= _defaults.nesterov;
            options.maximize ??= _defaults.maximize;
            Add(param_group, _defaults.LearningRate!.Value, parameter => new State(parameter));
        }

        public override Tensor? step(Func<Tensor>? closure = null) => Update<Options, State>(Descend, closure);

        private static void Descend(Tensor parameter, Tensor grad, State state, Options options)
        {
            grad = options.maximize!.Value ? grad.neg() : grad;
            if (options.weight_decay is not 0 and { } decay)
            {
                grad = grad.add(parameter, alpha: decay);
            }

            if (options.momentum is not 0 and { } momentum)
            {
                grad = Gathered(grad, state, momentum, 1 - options.dampening!.Value, options.nesterov!.Value);
            }

            parameter.add_(grad, alpha: -options.LearningRate!.Value);
        }

        // The first gradient is taken whole: dampening begins with the second.
        private static Tensor Gathered(Tensor grad, State state, double momentum, double share, bool nesterov)
        {
            if (state.momentum_buffer is { } buffer)
            {
                buffer.mul_(momentum);
                buffer.add_(grad, alpha: share);
            }
            else
            {
                state.momentum_buffer = grad.clone().DetachFromDisposeScope();
            }

            return nesterov ? grad.add(state.momentum_buffer, alpha: momentum) : state.momentum_buffer;
        }

        public class Options : OptimizerOptions
        {
            public double? momentum;
            public double? dampening;
            public double? weight_decay;
            public bool? nesterov;
            public bool? maximize;
        }

        public class ParamGroup : ParamGroup<Options>, optim.IMomentum
        {
            public ParamGroup()
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, Options options)
                : base(parameters, options)
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false)
                : base(parameters, new Options { LearningRate = lr, momentum = momentum, dampening = dampening, weight_decay = weight_decay, nesterov = nesterov, maximize = maximize })
            {
            }

            public double Momentum
            {
                get => Options.momentum!.Value;
                set => Options.momentum = value;
            }
        }

        public class State : OptimizerState, IDisposable
        {
            /// <summary>None before the first step with momentum.</summary>
            public Tensor? momentum_buffer;

            public State(Parameter parameter)
                : base(parameter)
            {
            }

            public override void Initialize(OptimizerOptions options) => momentum_buffer = null;

            public override void SaveStateDict(BinaryWriter writer)
            {
                writer.Write(momentum_buffer is not null);
                Save(writer, momentum_buffer);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                Dispose();
                momentum_buffer = reader.ReadBoolean() ? Zeros() : null;
                Load(reader, momentum_buffer);
            }

            public void Dispose()
            {
                End(momentum_buffer);
                GC.SuppressFinalize(this);
            }
        }
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public static SGD SGD(IEnumerable<Parameter> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(IEnumerable<(string name, Parameter parameter)> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters.Select(pair => pair.parameter), learningRate, momentum, dampening, weight_decay, nesterov, maximize);

            public static SGD SGD(IEnumerable<SGD.ParamGroup> parameters, double learningRate, double momentum = 0, double dampening = 0, double weight_decay = 0, bool nesterov = false, bool maximize = false) =>
                new(parameters, learningRate, momentum, dampening, weight_decay, nesterov, maximize);
        }
    }
}
