using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields;

/// <summary>Folds all of space into a ball of radius 2, or a cube of side 4, and leaves the inner half as it is.</summary>
/// <remarks>
/// <code>
/// f(x) = x if |x| &lt; 1, else (2 - 1/|x|) x/|x|       f^-1(z) = z if |z| &lt;= 1, else z / (2 |z| - |z|^2)
/// </code>
/// Source: Barron et al. 2022 (mip-NeRF 360), arXiv:2111.12077, equation 10. The cube takes the greatest coordinate for |x|
/// (Tancik et al. 2023, nerfstudio, arXiv:2302.04264).
/// </remarks>
public static class SceneContraction
{
    /// <summary>Folds points.</summary>
    /// <param name="positions">[..., 3].</param>
    /// <param name="cube">Whether the greatest coordinate counts as the length.</param>
    /// <returns>[..., 3]. The caller disposes it.</returns>
    public static Tensor Contract(Tensor positions, bool cube = false)
    {
        using var scope = NewDisposeScope();
        var (length, far) = Length(positions, cube);
        return where(far, (2 - 1 / length) * (positions / length), positions).MoveToOuterDisposeScope();
    }

    /// <summary>Folds Gaussians: their means, and their covariances by the map's derivative at the mean, J C J^T.</summary>
    /// <remarks>Beyond radius 1, J = (2/r - 1/r^2) I + (2/r^4 - 2/r^3) x x^T. Source: the same, section 4.</remarks>
    /// <param name="means">[..., 3].</param>
    /// <param name="covariances">[..., 3, 3].</param>
    /// <returns>Both, folded into the ball. The caller disposes them.</returns>
    public static (Tensor Means, Tensor Covariances) Contract(Tensor means, Tensor covariances)
    {
        using var scope = NewDisposeScope();
        var (length, far) = Length(means, cube: false);
        var r = length.unsqueeze(-1);                                                       // [..., 1, 1]
        var identity = eye(3, dtype: means.dtype, device: means.device);
        var outer = means.unsqueeze(-1) * means.unsqueeze(-2);                              // [..., 3, 3]
        var derivative = identity * (2 / r - 1 / r.square()) + outer * (2 / r.pow(4) - 2 / r.pow(3));
        derivative = where(far.unsqueeze(-1), derivative, identity);
        var folded = derivative.matmul(covariances).matmul(derivative.transpose(-1, -2));
        return (Contract(means).MoveToOuterDisposeScope(), folded.MoveToOuterDisposeScope());
    }

    /// <summary>Unfolds points of the ball, or of the cube.</summary>
    /// <param name="contracted">Of length below 2, [..., 3].</param>
    /// <param name="cube">Whether the greatest coordinate counts as the length.</param>
    /// <returns>[..., 3]. The caller disposes it.</returns>
    public static Tensor Expand(Tensor contracted, bool cube = false)
    {
        using var scope = NewDisposeScope();
        var (length, far) = Length(contracted, cube);
        return where(far, contracted / (2 * length - length.square()), contracted).MoveToOuterDisposeScope();
    }

    /// <summary>Lengths, raised to 1 where nothing is folded: the branch that is not taken then has finite gradients.</summary>
    private static (Tensor Length, Tensor Far) Length(Tensor positions, bool cube)
    {
        var squares = cube ? positions.abs().amax([-1], keepdim: true).square() : positions.square().sum(-1, keepdim: true);
        return (squares.clamp_min(1).sqrt(), squares.ge(1));                                // [..., 1]
    }
}
