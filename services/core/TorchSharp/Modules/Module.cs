using System.Reflection;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A named tree of parameters, buffers and submodules.</summary>
        public class Module : IDisposable
        {
            private readonly Dictionary<string, Parameter> _parameterByName = [];
            private readonly Dictionary<string, (Tensor Value, bool Persistent)> _bufferByName = [];
            private readonly Dictionary<string, Module> _submoduleByName = [];
            private readonly string _name;

            protected Module(string name) => _name = name;

            public bool training { get; private set; } = true;

            public virtual string GetName() => _name;

            public virtual void train(bool train = true)
            {
                training = train;
                foreach (var child in children())
                {
                    child.train(train);
                }
            }

            public virtual void eval() => train(false);

            public virtual void register_parameter(string name, Parameter param) => Add(_parameterByName, name, param);

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true) =>
                Add(_bufferByName, name, (tensor.DetachFromDisposeScope(), persistent));

            public virtual void register_module(string name, Module submodule) => Add(_submoduleByName, name, submodule);

            public void add_module(string name, Module module) => register_module(name, module);

            public virtual IEnumerable<(string name, Module module)> named_children() => _submoduleByName.Select(pair => (pair.Key, pair.Value));

            public virtual IEnumerable<Module> children() => _submoduleByName.Values;

            public virtual IEnumerable<(string name, Module module)> named_modules() =>
                named_children().SelectMany(child => child.module.named_modules().Select(inner => ($"{child.name}.{inner.name}", inner.module)).Prepend(child));

            public virtual IEnumerable<Module> modules() => named_modules().Select(pair => pair.module);

            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true) =>
                _parameterByName.Select(pair => (pair.Key, pair.Value)).Concat(
                    recurse ? named_children().SelectMany(child => Prefixed(child.name, child.module.named_parameters())) : []);

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(pair => pair.parameter);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true) =>
                _bufferByName.Where(pair => include_nonpersistent || pair.Value.Persistent).Select(pair => (pair.Key, pair.Value.Value)).Concat(
                    recurse ? named_children().SelectMany(child => Prefixed(child.name, child.module.named_buffers(true, include_nonpersistent))) : []);

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(pair => pair.buffer);

            public virtual Parameter? get_parameter(string target) => named_parameters().FirstOrDefault(pair => pair.name == target).parameter;

            public virtual Tensor? get_buffer(string target) => named_buffers().FirstOrDefault(pair => pair.name == target).buffer;

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual bool has_buffer(string target) => get_buffer(target) is not null;

            /// <summary>Parameters and persistent buffers by their full names. The tensors stay the module's.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                var start = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach (var (name, parameter) in named_parameters())
                {
                    destination.TryAdd(start + name, parameter);
                }

                foreach (var (name, buffer) in named_buffers(include_nonpersistent: false))
                {
                    destination.TryAdd(start + name, buffer);
                }

                return destination;
            }

            /// <summary>Copies values in by name. Strict: a missing or an unexpected name throws.</summary>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keys) load_state_dict(Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                var own = state_dict();
                List<string> missing = [.. own.Keys.Where(name => !source.ContainsKey(name) && skip?.Contains(name) != true)];
                List<string> unexpected = [.. source.Keys.Where(name => !own.ContainsKey(name) && skip?.Contains(name) != true)];
                if (strict && (missing.Count > 0 || unexpected.Count > 0))
                {
                    throw new InvalidOperationException($"The loaded state_dict is not identical to the target dictionary: missing {Few(missing)}, unexpected {Few(unexpected)}.");
                }

                using var scope = NewDisposeScope();
                using var unrecorded = no_grad();
                foreach (var (name, value) in source)
                {
                    if (own.TryGetValue(name, out var target) && skip?.Contains(name) != true)
                    {
                        target.copy_(value);
                    }
                }

                return (missing, unexpected);
            }

            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (var parameter in parameters())
                {
                    if (set_to_none)
                    {
                        parameter.grad = null;
                    }
                    else
                    {
                        using var grad = parameter.grad;
                        grad?.zero_().Dispose();
                    }
                }
            }

            public virtual Module apply(Action<Module> fn)
            {
                foreach (var child in children())
                {
                    child.apply(fn);
                }

                fn(this);
                return this;
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            internal void Move(ScalarType? type, Device? device)
            {
                using var scope = NewDisposeScope();
                foreach (var (_, parameter) in named_parameters())
                {
                    Native.Check(Native.TensorSetData(parameter.Handle, Moved(parameter.detach(), type, device).Handle));
                }

                foreach (var (_, buffer) in named_buffers())
                {
                    Native.Check(Native.TensorSetData(buffer.Handle, Moved(buffer, type, device).Handle));
                }
            }

            /// <summary>Registers what the fields hold, each under its field's name.</summary>
            protected virtual void RegisterComponents()
            {
                for (var type = GetType(); type is not null && type != typeof(Module); type = type.BaseType)
                {
                    foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                    {
                        switch (field.GetValue(this))
                        {
                            case Module module:
                                _submoduleByName.TryAdd(field.Name, module);
                                break;
                            case Parameter parameter:
                                _parameterByName.TryAdd(field.Name, parameter);
                                break;
                            case Tensor tensor:
                                _bufferByName.TryAdd(field.Name, (tensor.DetachFromDisposeScope(), true));
                                break;
                        }
                    }
                }
            }

            protected void ClearModules() => _submoduleByName.Clear();

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                {
                    return;
                }

                foreach (var owned in _parameterByName.Values.Concat(_bufferByName.Values.Select(buffer => buffer.Value)))
                {
                    owned.Dispose();
                }

                foreach (var child in _submoduleByName.Values)
                {
                    child.Dispose();
                }
            }

            private static IEnumerable<(string, T)> Prefixed<T>(string prefix, IEnumerable<(string name, T value)> entries) =>
                entries.Select(entry => ($"{prefix}.{entry.name}", entry.value));

            private static void Add<T>(Dictionary<string, T> components, string name, T component)
            {
                if (!components.TryAdd(name, component))
                {
                    throw new InvalidOperationException($"'{name}' is registered already.");
                }
            }

            private static Tensor Moved(Tensor tensor, ScalarType? type, Device? device) =>
                tensor.to(type is { } wanted && tensor.dtype is ScalarType.Float16 or ScalarType.BFloat16 or ScalarType.Float32 or ScalarType.Float64 ? type ?? tensor.dtype : tensor.dtype, device ?? tensor.device);

            private static string Few(List<string> names) => names.Count == 0 ? "none" : string.Join(", ", names.Take(5)) + (names.Count > 5 ? $" and {names.Count - 5} more" : "");
        }
    }
}

public static class ModuleExtensionMethods
{
    public static T to<T>(this T module, torch.Device device, bool non_blocking = false) where T : nn.Module => Moved(module, null, device);

    public static T to<T>(this T module, ScalarType type, bool non_blocking = false) where T : nn.Module => Moved(module, type, null);

    public static T to<T>(this T module, torch.Device device, ScalarType type, bool non_blocking = false) where T : nn.Module => Moved(module, type, device);

    public static T to<T>(this T module, DeviceType deviceType, int deviceIndex = -1, bool non_blocking = false) where T : nn.Module => Moved(module, null, new Device(deviceType, deviceIndex));

    public static T cpu<T>(this T module, bool non_blocking = false) where T : nn.Module => Moved(module, null, CPU);

    public static T cuda<T>(this T module, int deviceIndex = -1, bool non_blocking = false) where T : nn.Module => Moved(module, null, new Device(DeviceType.CUDA, deviceIndex));

    private static T Moved<T>(T module, ScalarType? type, Device? device) where T : nn.Module
    {
        module.Move(type, device);
        return module;
    }
}
