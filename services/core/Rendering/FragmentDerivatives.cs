using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>How fast barycentric coordinates change over the image: what texture lookups need to choose a mip level.</summary>
/// <remarks>
/// With <c>p_i = (x_i - fx w_i, y_i - fy w_i)</c> and <c>b_i = a_i / S</c> as in <see cref="Fragments"/>, <c>db_i/dfx = (da_i/dfx -
/// b_i dS/dfx) / S</c>; a pixel is 2 / W and -2 / H of fx and fy. Laine et al. 2020, arXiv:2011.03277, section 3.2.
/// </remarks>
/// <param name="Barycentrics">d(b_0, b_1) per pixel to the right and per pixel down: [N, 4], db_0/dX, db_0/dY, db_1/dX, db_1/dY.</param>
public sealed record FragmentDerivatives(Tensor Barycentrics)
{
    /// <summary>Computes the derivatives of all covered pixels, with gradients to the vertices.</summary>
    /// <param name="fragments">The covered pixels.</param>
    public static FragmentDerivatives Of(Fragments fragments)
    {
        ArgumentNullException.ThrowIfNull(fragments);
        using var scope = NewDisposeScope();
        var (right, up) = fragments.Slopes();
        var result = stack([right * (2.0 / fragments.Image.Width), up * (-2.0 / fragments.Image.Height)], 2).reshape(-1, 4);
        return new FragmentDerivatives(result.to_type(fragments.Barycentrics.dtype).MoveToOuterDisposeScope());
    }

    /// <summary>How fast an attribute changes over the image.</summary>
    /// <param name="fragments">The covered pixels.</param>
    /// <param name="attributes">One row per mesh vertex, [P, C], or [V, P, C] where each view has its own.</param>
    /// <returns>Per pixel to the right and per pixel down, [N, C, 2].</returns>
    public Tensor Of(Fragments fragments, Tensor attributes)
    {
        ArgumentNullException.ThrowIfNull(fragments);
        ArgumentNullException.ThrowIfNull(attributes);
        using var scope = NewDisposeScope();
        var corners = fragments.AtCorners(attributes);
        var spans = corners.narrow(1, 0, 2) - corners.narrow(1, 2, 1);                       // A0 - A2, A1 - A2: [N, 2, C]
        return matmul(spans.transpose(1, 2), Barycentrics.reshape(-1, 2, 2)).MoveToOuterDisposeScope();
    }
}
