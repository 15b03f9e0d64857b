using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields;

/// <summary>The part of a pixel's cone between two distances, as the Gaussian with its mean and covariance.</summary>
/// <remarks>
/// <code>
/// m = (t0 + t1) / 2     h = (t1 - t0) / 2     q = 3 m^2 + h^2
/// t_mean = m + 2 m h^2 / q
/// t_var  = h^2 / 3 - (4/15) h^4 (12 m^2 - h^2) / q^2
/// r_var  = r^2 (m^2 / 4 + (5/12) h^2 - (4/15) h^4 / q)
/// mean = o + t_mean d       covariance = t_var d d^T + r_var (I - d d^T / |d|^2)
/// </code>
/// Source: Barron et al. 2021 (mip-NeRF), arXiv:2103.13415, equations 7 and 8, in the stable form.
/// </remarks>
/// <param name="AlongMean">t_mean, in units of the direction's length, [..., S].</param>
/// <param name="AlongVariance">t_var, [..., S].</param>
/// <param name="AcrossVariance">r_var, [..., S].</param>
public sealed record ConicalFrustum(Tensor AlongMean, Tensor AlongVariance, Tensor AcrossVariance)
{
    /// <summary>Measures the pieces of cones.</summary>
    /// <param name="edges">Distances between which the pieces lie, rising, [..., S + 1].</param>
    /// <param name="radii">r, radius of each cone at distance 1, [..., 1].</param>
    /// <returns>The pieces; the caller disposes their tensors.</returns>
    public static ConicalFrustum Between(Tensor edges, Tensor radii)
    {
        using var scope = NewDisposeScope();
        var count = edges.shape[^1] - 1;
        var (begins, ends) = (edges.narrow(-1, 0, count), edges.narrow(-1, 1, count));
        var (m2, h2) = (((begins + ends) / 2).square(), ((ends - begins) / 2).square());
        var q = 3 * m2 + h2;
        var mean = (begins + ends) / 2 * (1 + 2 * h2 / q);
        var along = h2 / 3 - h2.square() * (12 * m2 - h2) / q.square() * (4.0 / 15);
        var across = (m2 / 4 + h2 * (5.0 / 12) - h2.square() / q * (4.0 / 15)) * radii.square();
        return new(mean.MoveToOuterDisposeScope(), along.MoveToOuterDisposeScope(), across.MoveToOuterDisposeScope());
    }

    /// <summary>Places the pieces in space.</summary>
    /// <param name="origins">Where the rays begin, [..., 3].</param>
    /// <param name="directions">Where they go, of any length, [..., 3].</param>
    /// <returns>Means, [..., S, 3], and covariances, [..., S, 3, 3]. The caller disposes them.</returns>
    public (Tensor Means, Tensor Covariances) Place(Tensor origins, Tensor directions)
    {
        using var scope = NewDisposeScope();
        var d = directions.unsqueeze(-2);                                                   // [..., 1, 3]
        var means = origins.unsqueeze(-2) + d * AlongMean.unsqueeze(-1);                    // [..., S, 3]
        var outer = d.unsqueeze(-1) * d.unsqueeze(-2);                                      // [..., 1, 3, 3]
        var length = d.square().sum(-1, keepdim: true).clamp_min(1e-10).unsqueeze(-1);      // [..., 1, 1, 1]
        var across = eye(3, dtype: d.dtype, device: d.device) - outer / length;
        var covariances = AlongVariance.unsqueeze(-1).unsqueeze(-1) * outer
            + AcrossVariance.unsqueeze(-1).unsqueeze(-1) * across;
        return (means.MoveToOuterDisposeScope(), covariances.MoveToOuterDisposeScope());
    }
}
