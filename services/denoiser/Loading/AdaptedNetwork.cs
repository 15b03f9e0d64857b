using Realiz3D.Mesh.Diffusion;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Denoising;

/// <summary>A network that wears one set of adapters at a time, merged into its weights.</summary>
/// <remarks>
/// Passes with the same set run at once; one with another set waits until they have ended and changes the weights. The network's own
/// weights are kept aside meanwhile and put back bit for bit: taking an update back by arithmetic would leave its rounding behind.
/// </remarks>
/// <param name="network">The network; it stays the caller's.</param>
/// <param name="component">Its name in LoRA files.</param>
internal sealed class AdaptedNetwork(Module network, string component) : IDisposable
{
    private readonly object _lock = new();
    private readonly List<(Tensor Weight, Tensor Own)> _changed = [];
    private AdapterSet _worn = AdapterSet.None;
    private int _turns;

    /// <summary>Refuses an adapter that changes what the network does not have.</summary>
    /// <param name="adapter">The adapter.</param>
    /// <exception cref="Formats.MalformedFileException">It does not fit; the message names the tensor.</exception>
    public void Check(LoraAdapter adapter) => adapter.Targets(network, component);

    /// <summary>Lets the network wear a set of adapters until the result is disposed.</summary>
    /// <param name="adapters">The set.</param>
    /// <returns>The turn.</returns>
    public IDisposable Wear(AdapterSet adapters)
    {
        lock (_lock)
        {
            while (_turns > 0 && _worn != adapters)
            {
                Monitor.Wait(_lock);
            }

            if (_worn != adapters)
            {
                Change(adapters);
            }

            _turns++;
        }

        return new Turn(this);
    }

    /// <inheritdoc/>
    public void Dispose() => _changed.ForEach(changed => changed.Own.Dispose());

    private void Change(AdapterSet adapters)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        PutBack();
        try
        {
            var targets = adapters.Members.SelectMany(member => member.Adapter.Targets(network, component)).DistinctBy(target => target.Key);
            _changed.AddRange(targets.Select(target => (target.Value, target.Value.detach().clone().DetachFromDisposeScope())));
            foreach (var (adapter, weight) in adapters.Members)
            {
                adapter.Merge(network, component, weight);
            }

            _worn = adapters;
        }
        catch
        {
            PutBack();
            throw;
        }
    }

    private void PutBack()
    {
        foreach (var (weight, own) in _changed)
        {
            weight.copy_(own).Dispose();
            own.Dispose();
        }

        _changed.Clear();
        _worn = AdapterSet.None;
    }

    private sealed class Turn(AdaptedNetwork worn) : IDisposable
    {
        private AdaptedNetwork? _network = worn;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _network, null) is { } network)
            {
                lock (network._lock)
                {
                    network._turns--;
                    Monitor.PulseAll(network._lock);
                }
            }
        }
    }
}
