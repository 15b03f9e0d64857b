using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>The state of every parameter, in the order of <see cref="optim.Optimizer.parameters"/>, and its way to a file.</summary>
    public abstract class OptimizerHelper : optim.Optimizer
    {
        protected readonly Dictionary<nint, OptimizerState> _state = [];

        public virtual StateDictionary state_dict() => new([.. _parameter_groups.Select(group => group.Options)], [.. States()]);

        public void save_state_dict(BinaryWriter writer)
        {
            foreach (var group in _parameter_groups)
            {
                writer.Write(group.LearningRate);
            }

            foreach (var state in States())
            {
                state.SaveStateDict(writer);
            }
        }

        public void save_state_dict(string location)
        {
            using var writer = new BinaryWriter(File.Create(location));
            save_state_dict(writer);
        }

        public void load_state_dict(BinaryReader reader)
        {
            foreach (var group in _parameter_groups)
            {
                group.LearningRate = reader.ReadDouble();
            }

            foreach (var state in States())
            {
                state.LoadStateDict(reader);
            }
        }

        public void load_state_dict(string location)
        {
            using var reader = new BinaryReader(File.OpenRead(location));
            load_state_dict(reader);
        }

        /// <summary>Runs a step's body for each group, unrecorded.</summary>
        protected Tensor? _step<T>(Action<T> body, Func<Tensor>? loss_closure = null)
            where T : ParamGroup
        {
            var loss = loss_closure?.Invoke();
            using var unrecorded = no_grad();
            foreach (var group in _parameter_groups.Cast<T>())
            {
                body(group);
            }

            return loss;
        }

        /// <summary>Updates each parameter that has a gradient, unrecorded.</summary>
        private protected Tensor? Update<TOptions, TState>(Action<Tensor, Tensor, TState, TOptions> update, Func<Tensor>? closure)
            where TOptions : OptimizerOptions
            where TState : OptimizerState => _step<ParamGroup>(
                group =>
                {
                    foreach (var parameter in group.Parameters)
                    {
                        using var scope = NewDisposeScope();
                        if (parameter.grad is { } grad)
                        {
                            update(parameter, grad, (TState)_state[parameter.Handle], (TOptions)group.Options);
                        }
                    }
                },
                closure);

        /// <summary>Takes a group in whose options nothing is open any more, with fresh states.</summary>
        private protected void Add(ParamGroup group, double rate, Func<Parameter, OptimizerState> state)
        {
            group.Options.LearningRate ??= rate;
            group.Options.InitialLearningRate = group.Options.LearningRate.Value;
            _parameter_groups.Add(group);
            foreach (var parameter in group.Parameters)
            {
                var made = state(parameter);
                made.Initialize(group.Options);
                _state[parameter.Handle] = made;
            }
        }

        protected override void Dispose(bool disposing)
        {
            foreach (var state in _state.Values)
            {
                (state as IDisposable)?.Dispose();
            }

            _state.Clear();
        }

        private IEnumerable<OptimizerState> States() => parameters().Select(parameter => _state[parameter.Handle]);
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class optim
        {
            public abstract partial class Optimizer
            {
                /// <summary>Options by group and states by parameter.</summary>
                public class StateDictionary
                {
                    internal StateDictionary(List<Modules.OptimizerOptions> options, List<Modules.OptimizerState> state) => (Options, State) = (options, state);

                    public List<Modules.OptimizerOptions> Options { get; }

                    public List<Modules.OptimizerState> State { get; }
                }
            }
        }
    }
}
