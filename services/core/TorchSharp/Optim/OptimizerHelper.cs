using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Modules
{
    /// <summary>What an optimizer remembers of one parameter.</summary>
    public abstract class OptimizerState : IDisposable
    {
        public readonly Parameter _parameter;

        protected OptimizerState(Parameter parameter) => _parameter = parameter;

        public abstract void SaveStateDict(BinaryWriter writer);

        public abstract void LoadStateDict(BinaryReader reader);

        public abstract void Dispose();

        protected static void Save(BinaryWriter writer, Tensor tensor)
        {
            using var host = tensor.detach().cpu().to(ScalarType.Float32).contiguous();
            writer.Write(host.bytes);
        }

        protected static void Load(BinaryReader reader, Tensor tensor)
        {
            var values = new float[tensor.numel()];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
            using var unrecorded = no_grad();
            using var read = torch.tensor(values, tensor.shape);
            tensor.copy_(read).Dispose();
        }
    }

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

        protected override void Dispose(bool disposing)
        {
            foreach (var state in _state.Values)
            {
                state.Dispose();
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
