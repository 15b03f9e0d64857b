using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Activations by the names that configurations give them.</summary>
internal static class Activations
{
    /// <summary>The names, for messages.</summary>
    public const string Names = "silu, swish, mish, gelu and relu";

    /// <summary>Whether there is such an activation.</summary>
    public static bool Knows(string name) => Find(name) is not null;

    /// <summary>An activation. It overwrites its input where no gradient is recorded: only give it what is needed no more.</summary>
    /// <param name="name">Name, in any case.</param>
    /// <returns>The activation; what it answers takes its input's place.</returns>
    public static Func<Tensor, Tensor> Named(string name)
    {
        var apply = Find(name) ?? throw new ArgumentException($"The activation {name} is none of {Names}.");
        return input => apply(input, !input.requires_grad);
    }

    private static Func<Tensor, bool, Tensor>? Find(string name) => name.ToUpperInvariant() switch
    {
        "SILU" or "SWISH" => functional.silu,
        "MISH" => functional.mish,
        "RELU" => functional.relu,
        "GELU" => (x, inPlace) => functional.gelu(x, TorchSharp.Modules.GELU.Approximate.none, inPlace),
        _ => null,
    };
}
