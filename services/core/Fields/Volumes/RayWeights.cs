using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields;

/// <summary>What each sample of a ray contributes to what is seen along it.</summary>
/// <param name="Opacities">alpha, share of the arriving light that a sample stops, [..., S].</param>
/// <param name="Transmittance">T, share of the light that arrives at a sample, [..., S].</param>
/// <param name="Weights">w = T alpha, [..., S].</param>
public sealed record RayWeights(Tensor Opacities, Tensor Transmittance, Tensor Weights)
{
    /// <summary>Which samples matter enough to be looked at closely.</summary>
    /// <remarks>Source: Li et al. 2023 (NerfAcc), arXiv:2305.04966, section 3.</remarks>
    /// <param name="leastTransmittance">Behind this little light nothing matters.</param>
    /// <param name="leastOpacity">Thinner samples do not matter.</param>
    /// <returns>Boolean, [..., S]. The caller disposes it.</returns>
    public Tensor Visible(double leastTransmittance, double leastOpacity)
    {
        using var scope = NewDisposeScope();
        return Transmittance.ge(leastTransmittance).logical_and(Opacities.ge(leastOpacity)).MoveToOuterDisposeScope();
    }
}
