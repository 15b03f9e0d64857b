using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion;

/// <summary>Classifier-free guidance.</summary>
public static class Guidance
{
    /// <summary>Pushes a prediction away from what the network says without a prompt: u + s (c - u).</summary>
    /// <remarks>Source: Ho and Salimans 2022, arXiv:2207.12598, equation 6, with s = 1 + w. 1 means no guidance.</remarks>
    /// <param name="unconditional">Prediction for the empty prompt, [N, ...].</param>
    /// <param name="conditional">Prediction for the prompt, [N, ...].</param>
    /// <param name="scale">s.</param>
    /// <returns>[N, ...]. The caller disposes it.</returns>
    public static Tensor Apply(Tensor unconditional, Tensor conditional, double scale)
    {
        using var scope = NewDisposeScope();
        return (unconditional + (conditional - unconditional) * scale).MoveToOuterDisposeScope();
    }
}
