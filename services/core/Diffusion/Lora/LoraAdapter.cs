using Realiz3D.Mesh.Formats;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>The low-rank updates of a LoRA file, for the networks of a model folder.</summary>
/// <remarks>
/// Two ways to use them, with the same result: <see cref="Merge"/> adds them to the weights, <see cref="Attach"/> leaves the
/// weights alone and computes them beside. Source: Hu et al. 2021, arXiv:2106.09685; the factor of an update is
/// scale times alpha / rank, and scale alone where there is no alpha.
/// </remarks>
public sealed class LoraAdapter : IDisposable
{
    private readonly string _file;
    private readonly Dictionary<(string Component, string Layer), Update> _updates = [];

    private LoraAdapter(string file) => _file = file;

    /// <summary>The components that it has updates for, such as "unet".</summary>
    public IReadOnlyCollection<string> Components => [.. _updates.Keys.Select(key => key.Component).Distinct()];

    /// <summary>Reads a file.</summary>
    /// <param name="path">A safetensors file, keys spelled as diffusers, peft or kohya spell them.</param>
    /// <param name="alpha">Alpha of the updates for which the file has none; null for alpha = rank.</param>
    /// <returns>The updates; the caller disposes them.</returns>
    /// <exception cref="MalformedFileException">The file is broken or no LoRA.</exception>
    public static LoraAdapter Load(string path, double? alpha = null)
    {
        using var file = SafeTensorsFile.Open(path);
        return Read(file, alpha);
    }

    /// <summary>Adds the updates to a network's weights.</summary>
    /// <param name="network">The network.</param>
    /// <param name="component">Its name in the file, such as "unet".</param>
    /// <param name="scale">Factor of all updates; its negative takes them back.</param>
    /// <exception cref="MalformedFileException">An update fits no layer of the network.</exception>
    public void Merge(Module network, string component, double scale)
    {
        Apply(component, WeightsOf(network), (weight, update) => LowRank.Merge(weight, update.Down!, update.Up!, update.Factor(scale)));
    }

    /// <summary>Finds the weights of a network that <see cref="Merge"/> changes.</summary>
    /// <param name="network">The network.</param>
    /// <param name="component">Its name in the file, such as "unet".</param>
    /// <returns>The network's own weights by their layers' names.</returns>
    /// <exception cref="MalformedFileException">An update fits no layer of the network.</exception>
    public IReadOnlyDictionary<string, Tensor> Targets(Module network, string component)
    {
        var weights = WeightsOf(network);
        Apply(component, weights, (weight, update) => LowRank.RequireFit(update.Down!, update.Up!, weight));
        return _updates.Keys.Where(key => key.Component == component).ToDictionary(key => key.Layer, key => weights[key.Layer]);
    }

    /// <summary>Puts the updates beside a network's weights, in the network's type and on its device.</summary>
    /// <param name="network">The network: a U-Net or a ControlNet.</param>
    /// <param name="component">Its name in the file, such as "unet".</param>
    /// <param name="scale">Factor of all updates.</param>
    /// <exception cref="MalformedFileException">An update fits no layer of the network that can carry one.</exception>
    public void Attach(Module network, string component, double scale)
    {
        var layers = network.named_modules()
            .Where(pair => pair.module is LoraLayer).ToDictionary(pair => Flat(pair.name), pair => (LoraLayer)pair.module);
        Apply(component, layers, (layer, update) => layer.Attach(update.Down!, update.Up!, update.Factor(scale)));
    }

    /// <summary>Takes away whatever was attached to a network.</summary>
    /// <param name="network">The network.</param>
    public static void Detach(Module network)
    {
        foreach (var layer in network.modules().OfType<LoraLayer>())
        {
            layer.DetachAll();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var update in _updates.Values)
        {
            update.Down?.Dispose();
            update.Up?.Dispose();
        }
    }

    /// <summary>Reads an open file.</summary>
    internal static LoraAdapter Read(SafeTensorsFile file, double? alpha)
    {
        var adapter = new LoraAdapter(file.Name);
        try
        {
            adapter.Fill(file, alpha);
            return adapter;
        }
        catch
        {
            adapter.Dispose();
            throw;
        }
    }

    private void Fill(SafeTensorsFile file, double? alpha)
    {
        using var scope = NewDisposeScope();
        using var mapped = new MappedTensors(file);
        foreach (var name in file.Tensors.Keys)
        {
            var key = LoraKey.Parse(name)
                ?? throw new MalformedFileException(file.Name, $"tensor \"{name}\" is no part of a LoRA that we know.");
            var update = _updates.GetValueOrDefault((key.Component, key.Layer)) ?? new Update { Name = name, Alpha = alpha };
            var values = mapped.Get(name).to(ScalarType.Float32, copy: true);
            _updates[(key.Component, key.Layer)] = key.Role switch
            {
                LoraRole.Down => update with { Down = values.DetachFromDisposeScope() },
                LoraRole.Up => update with { Up = values.DetachFromDisposeScope() },
                _ => update with { Alpha = values.item<float>() },
            };
        }

        if (_updates.Values.FirstOrDefault(update => update.Down is null || update.Up is null) is { } half)
        {
            throw new MalformedFileException(file.Name, $"the update of tensor \"{half.Name}\" lacks its other half.");
        }
    }

    private static string Flat(string name) => name.Replace('.', '_');

    private static Dictionary<string, Tensor> WeightsOf(Module network) => network.named_parameters()
        .Where(pair => pair.name.EndsWith(".weight", StringComparison.Ordinal))
        .ToDictionary(pair => Flat(pair.name[..^".weight".Length]), pair => (Tensor)pair.parameter);

    private void Apply<T>(string component, Dictionary<string, T> targets, Action<T, Update> apply)
    {
        foreach (var (key, update) in _updates.Where(pair => pair.Key.Component == component))
        {
            if (!targets.TryGetValue(key.Layer, out var target))
            {
                throw new MalformedFileException(_file, $"tensor \"{update.Name}\" updates a layer that the model does not have.");
            }

            try
            {
                apply(target, update);
            }
            catch (ArgumentException misfit)
            {
                throw new MalformedFileException(_file, $"tensor \"{update.Name}\": {misfit.Message}", misfit);
            }
        }
    }

    private sealed record Update
    {
        public required string Name { get; init; }

        public Tensor? Down { get; init; }

        public Tensor? Up { get; init; }

        public double? Alpha { get; init; }

        public double Factor(double scale) => Alpha is { } alpha ? scale * alpha / Down!.shape[0] : scale;
    }
}
