using static TorchSharp.torch;

namespace Realiz3D.Mesh.Serving;

/// <summary>What a network sees in one forward pass, a row per item.</summary>
/// <param name="Latents">Noised latents, scaled as the network takes them, [N, C, H, W].</param>
/// <param name="Timesteps">Timesteps, whole or fractional, float32 [N].</param>
/// <param name="Context">Text tokens, [N, L, E].</param>
/// <param name="Mask">1 for tokens that count, [N, L].</param>
public sealed record StepInputs(Tensor Latents, Tensor Timesteps, Tensor Context, Tensor Mask)
{
    /// <summary>What else the network is shown, such as a reference or a control image; first axis N.</summary>
    public IReadOnlyList<Tensor> More { get; init; } = [];

    /// <summary>Some of the rows.</summary>
    /// <param name="start">First row.</param>
    /// <param name="length">Rows.</param>
    /// <returns>Views of the tensors. The caller's scope disposes them.</returns>
    internal StepInputs Rows(long start, long length) => new(
        Latents.narrow(0, start, length),
        Timesteps.narrow(0, start, length),
        Context.narrow(0, start, length),
        Mask.narrow(0, start, length))
    {
        More = [.. More.Select(tensor => tensor.narrow(0, start, length))],
    };
}

/// <summary>A network's forward pass.</summary>
/// <param name="inputs">What it sees.</param>
/// <returns>[N, C', H, W]. The caller disposes it.</returns>
public delegate Tensor DenoisePass(StepInputs inputs);
