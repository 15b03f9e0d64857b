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

        public override Tensor? step(Func<Tensor>? closure = null) => _step<ParamGroup>(
            group =>
            {
                foreach (var parameter in group.Parameters)
                {
                    using var scope = NewDisposeScope();
                    if (parameter.grad is { } grad)
                    {
                        Update(parameter, grad, (State)_state[parameter.Handle], group.Options);
                    }
                }
            },
            closure);

        private static void Update(Tensor parameter, Tensor grad, State state, Options options)
        {
            var (rate, beta1, beta2) = (options.LearningRate!.Value, options.beta1!.Value, options.beta2!.Value);
            state.step++;
            if (options.weight_decay is > 0 and var decay)
            {
                grad = grad.add(parameter, alpha: decay);
            }

            AdamMoments.Step(parameter, grad, state.exp_avg, state.exp_avg_sq, state.step, rate, beta1, beta2, options.eps!.Value);
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

        public class State : OptimizerState, IDisposable
        {
            public long step;
            public Tensor exp_avg;
            public Tensor exp_avg_sq;

            internal State(Parameter parameter)
                : base(parameter) =>
                (exp_avg, exp_avg_sq) = (AdamMoments.Zeros(parameter), AdamMoments.Zeros(parameter));

            public override void SaveStateDict(BinaryWriter writer)
            {
                writer.Write(step);
                AdamMoments.Save(writer, exp_avg);
                AdamMoments.Save(writer, exp_avg_sq);
            }

            public override void LoadStateDict(BinaryReader reader)
            {
                step = reader.ReadInt64();
                AdamMoments.Load(reader, exp_avg);
                AdamMoments.Load(reader, exp_avg_sq);
            }

            public void Dispose()
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
