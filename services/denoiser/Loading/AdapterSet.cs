using System.Runtime.CompilerServices;
using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Serving;

namespace Realiz3D.Mesh.Denoising;

/// <summary>Adapters that are worn together; two sets are equal when they are the same object.</summary>
/// <param name="members">The adapters and their weights, in order; the set's from here on.</param>
/// <param name="hash">SHA-256 of files and weights; empty for no adapters.</param>
internal sealed class AdapterSet(IReadOnlyList<(LoraAdapter Adapter, float Weight)> members, string hash) : IDisposable
{
    private readonly ConditionalWeakTable<object, DenoisePass> _passes = [];

    /// <summary>No adapters.</summary>
    public static AdapterSet None { get; } = new([], "");

    /// <summary>The adapters and their weights, in order.</summary>
    public IReadOnlyList<(LoraAdapter Adapter, float Weight)> Members { get; } = members;

    /// <summary>SHA-256 of files and weights; empty for no adapters.</summary>
    public string Hash { get; } = hash;

    /// <summary>A pass of a network that wears this set: the same for all jobs, so that they share it.</summary>
    /// <param name="listened">The ControlNet that it listens to; null for none.</param>
    /// <param name="make">Makes it.</param>
    /// <returns>The pass.</returns>
    public DenoisePass PassOf(ControlNetModel? listened, Func<DenoisePass> make) => _passes.GetValue((object?)listened ?? this, _ => make());

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (adapter, _) in Members)
        {
            adapter.Dispose();
        }
    }
}
