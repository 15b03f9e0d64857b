using System.Collections;
using System.Diagnostics.CodeAnalysis;
using TorchSharp.Modules;
using static TorchSharp.torch.nn;

namespace TorchSharp.Modules
{
    /// <summary>Modules by name, in the order in which they came.</summary>
    public sealed class ModuleDict<T> : Module, IEnumerable<(string, T)> where T : Module
    {
        private readonly List<(string Name, T Module)> _list = [];

        internal ModuleDict(IEnumerable<(string, T)> modules)
            : base(nameof(ModuleDict<T>))
        {
            foreach (var (name, module) in modules)
            {
                Add(name, module);
            }
        }

        public int Count => _list.Count;

        public ICollection<string> Keys => [.. keys()];

        public ICollection<T> Values => [.. values()];

        public T this[string key] => TryGetValue(key, out var module) ? module : throw new KeyNotFoundException($"There is no module '{key}'.");

        public (string, T) this[int index] => _list[index];

        public IEnumerable<string> keys() => _list.Select(pair => pair.Name);

        public IEnumerable<T> values() => _list.Select(pair => pair.Module);

        public IEnumerator<(string, T)> items() => GetEnumerator();

        public void Add(string key, T value)
        {
            register_module(key, value);
            _list.Add((key, value));
        }

        public void Add((string, T) item) => Add(item.Item1, item.Item2);

        public bool ContainsKey(string key) => TryGetValue(key, out _);

        public bool TryGetValue(string key, [NotNullWhen(true)] out T? value)
        {
            value = _list.FirstOrDefault(pair => pair.Name == key).Module;
            return value is not null;
        }

        public IEnumerator<(string, T)> GetEnumerator() => _list.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}

namespace TorchSharp
{
    public static partial class torch
    {
        public static partial class nn
        {
            public static ModuleDict<T> ModuleDict<T>(params (string, T)[] modules) where T : Module => new(modules);

            public static ModuleDict<Module> ModuleDict(params (string, Module)[] modules) => new(modules);
        }
    }
}
