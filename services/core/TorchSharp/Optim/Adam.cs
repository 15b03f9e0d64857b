using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>Adam: Kingma and Ba, arXiv:1412.6980, algorithm 1; weight decay joins the gradient.</summary>
    public sealed class Adam : OptimizerHelper
    {
        public Adam(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
            : this([new ParamGroup(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay })], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
        {
        }

        public Adam(IEnumerable<ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
        {
            if (amsgrad || maximize)
            {
                throw new NotSupportedException("Adam supports neither amsgrad nor maximize.");
            }

            foreach (var group in parameters)
            {
                var options = group.Options;
                options.LearningRate ??= lr;
                options.InitialLearningRate = options.LearningRate.Value;
                options.beta1 ??= beta1;
                options.beta2 ??= beta2;
                options.eps ??= eps;
                options.weight_decay ??= weight_decay;
                add_param_group(group);
                foreach (var parameter in group.Parameters)
                {
                    _state[parameter.Handle] = new State(parameter);
                }
            }
        }

        public override Tensor? step(Func<Tensor>? closure = null)
        {
            var loss = closure?.Invoke();
            using var unrecorded = no_grad();
            foreach (var group in _parameter_groups.Cast<ParamGroup>())
            {
                foreach (var parameter in group.Parameters)
                {
                    using var scope = NewDisposeScope();
                    if (parameter.grad is { } grad)
                    {
                        Update(parameter, grad, (State)_state[parameter.Handle], group.Options);
                    }
                }
            }

            return loss;
        }

        private static void Update(Tensor parameter, Tensor grad, State state, Options options)
        {
            var (rate, beta1, beta2) = (options.LearningRate!.Value, options.beta1!.Value, options.beta2!.Value);
            state.step++;
            if (options.weight_decay is > 0 and var decay)
            {
                grad = grad.add(parameter, alpha: decay);
            }

            state.exp_avg.lerp_(grad, 1 - beta1);
            state.exp_avg_sq.mul_(beta2);
            state.exp_avg_sq.addcmul_(grad, grad, 1 - beta2);
            var correction = Math.Sqrt(1 - Math.Pow(beta2, state.step));
            var denominator = state.exp_avg_sq.sqrt().div_(correction).add_(options.eps!.Value);
            parameter.addcdiv_(state.exp_avg, denominator, -rate / (1 - Math.Pow(beta1, state.step)));
        }

        public class Options : OptimizerOptions
        {
            public double? beta1;
            public double? beta2;
            public double? eps;
            public double? weight_decay;
        }

        public class ParamGroup : ParamGroup<Options>
        {
            public ParamGroup(IEnumerable<Parameter> parameters, Options options)
                : base(parameters, options)
            {
            }

            public ParamGroup(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false)
                : base(parameters, new Options { LearningRate = lr, beta1 = beta1, beta2 = beta2, eps = eps, weight_decay = weight_decay })
            {
            }
        }

        public class State : OptimizerState
        {
            public long step;
            public Tensor exp_avg;
            public Tensor exp_avg_sq;

            internal State(Parameter parameter)
                : base(parameter) =>
                (exp_avg, exp_avg_sq) = (zeros_like(parameter).DetachFromDisposeScope(), zeros_like(parameter).DetachFromDisposeScope());

            public override void SaveStateDict(BinaryWriter writer)
            {
                writer.Write(step);
                Save(writer, exp_avg);
                Save(writer, exp_avg_sq);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                step = reader.ReadInt64();
                Load(reader, exp_avg);
                Load(reader, exp_avg_sq);
            }

            public override void Dispose()
            {
                exp_avg.Dispose();
                exp_avg_sq.Dispose();
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
            public static Adam Adam(IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);

            public static Adam Adam(IEnumerable<Adam.ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08, double weight_decay = 0, bool amsgrad = false, bool maximize = false) =>
                new(parameters, lr, beta1, beta2, eps, weight_decay, amsgrad, maximize);
        }
    }
}
