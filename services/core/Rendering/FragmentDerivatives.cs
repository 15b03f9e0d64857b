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
    /// <param name="clip">Clip-space vertices per view, [V, P, 4]; of one view only where all views share them.</param>
    /// <param name="height">Rows of a view, H.</param>
    /// <param name="width">Columns of a view, W.</param>
    public static FragmentDerivatives Of(Fragments fragments, Tensor clip, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(fragments);
        ArgumentNullException.ThrowIfNull(clip);
        using var scope = NewDisposeScope();
        var (x, y, w) = Corners(fragments, clip, height, width);
        var (nextX, nextY, nextW) = (x.roll(-1, 1), y.roll(-1, 1), w.roll(-1, 1));
        var (lastX, lastY, lastW) = (x.roll(1, 1), y.roll(1, 1), w.roll(1, 1));
        var total = (nextX * lastY - nextY * lastX).sum(1, keepdim: true);                  // S, [N, 1]
        var right = Slope(nextY * lastW - nextW * lastY) * (2.0 / width);                   // da_i/dfx = y_j w_k - w_j y_k
        var down = Slope(nextW * lastX - nextX * lastW) * (-2.0 / height);                  // da_i/dfy = w_j x_k - x_j w_k
        var result = stack([right.narrow(1, 0, 2), down.narrow(1, 0, 2)], 2).reshape(-1, 4);
        return new FragmentDerivatives(result.MoveToOuterDisposeScope());

        Tensor Slope(Tensor areas) => (areas - fragments.Barycentrics * areas.sum(1, keepdim: true)) / total;
    }

    /// <summary>How fast an attribute changes over the image.</summary>
    /// <param name="fragments">The covered pixels.</param>
    /// <param name="attributes">One row per mesh vertex, [P, C].</param>
    /// <returns>Per pixel to the right and per pixel down, [N, C, 2].</returns>
    public Tensor Of(Fragments fragments, Tensor attributes)
    {
        ArgumentNullException.ThrowIfNull(fragments);
        ArgumentNullException.ThrowIfNull(attributes);
        using var scope = NewDisposeScope();
        var corners = attributes.index_select(0, fragments.Vertices.flatten()).reshape(fragments.Count, 3, -1);
        var spans = corners.narrow(1, 0, 2) - corners.narrow(1, 2, 1);                       // A0 - A2, A1 - A2: [N, 2, C]
        return matmul(spans.transpose(1, 2), Barycentrics.reshape(-1, 2, 2)).MoveToOuterDisposeScope();
    }

    // x and y of p_i and w of the three corners, each [N, 3].
    private static (Tensor X, Tensor Y, Tensor W) Corners(Fragments fragments, Tensor clip, int height, int width)
    {
        var pixels = fragments.Pixels;
        var first = clip.shape[0] == 1 ? zeros_like(pixels) : pixels.div(height * width, RoundingMode.floor) * clip.shape[1];
        var corners = clip.reshape(-1, 4).index_select(0, (fragments.Vertices + first.unsqueeze(1)).flatten()).reshape(-1, 3, 4);
        var centreX = ((pixels % width) * 2 + 1).to_type(clip.dtype) / width - 1;
        var centreY = 1 - ((pixels.div(width, RoundingMode.floor) % height) * 2 + 1).to_type(clip.dtype) / height;
        var w = corners.select(2, 3);
        return (corners.select(2, 0) - centreX.unsqueeze(1) * w, corners.select(2, 1) - centreY.unsqueeze(1) * w, w);
    }
}
