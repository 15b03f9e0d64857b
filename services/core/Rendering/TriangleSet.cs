using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Triangles ready to be tested against pixel centres, as <see cref="ClipTriangle"/> has one.</summary>
/// <param name="Edges">Coefficients of x, y and 1 of the three edge functions, not negative inside, [F, 3, 3].</param>
/// <param name="OwnsEdges">Whether a centre on the edge belongs to this triangle, [F, 3].</param>
/// <param name="Depths">z / w as a sum over edge functions, [F, 3].</param>
/// <param name="Bounds">First column, first row and number of columns to look at, int64, [F, 3].</param>
/// <param name="Counts">Pixels to look at, int64, [F]; 0 for what cannot be seen.</param>
internal sealed record TriangleSet(Tensor Edges, Tensor OwnsEdges, Tensor Depths, Tensor Bounds, Tensor Counts)
{
    /// <summary>Prepares triangles. The tensors belong to the caller's scope.</summary>
    /// <param name="corners">Clip-space corners in doubles, [F, 3, 4].</param>
    /// <param name="height">Rows of the image.</param>
    /// <param name="width">Columns of the image.</param>
    public static TriangleSet Of(Tensor corners, int height, int width)
    {
        var (x, y, z, w) = (corners.select(2, 0), corners.select(2, 1), corners.select(2, 2), corners.select(2, 3));     // [F, 3]
        var (nextX, nextY, nextW) = (x.roll(-1, 1), y.roll(-1, 1), w.roll(-1, 1));
        var (lastX, lastY, lastW) = (x.roll(1, 1), y.roll(1, 1), w.roll(1, 1));
        var forms = stack(
            [nextY * lastW - lastY * nextW, lastX * nextW - nextX * lastW, nextX * lastY - lastX * nextY], 2);              // [F, 3, 3]
        var first = forms.select(1, 0);
        var determinant = first.select(1, 0) * x.select(1, 0) + first.select(1, 1) * y.select(1, 0) + first.select(1, 2) * w.select(1, 0);
        var sign = determinant.sign();
        var edges = forms * sign.reshape(-1, 1, 1);
        var (atX, atY) = (edges.select(2, 0), edges.select(2, 1));
        var owns = (atX > 0).logical_or((atX == 0).logical_and(atY < 0));
        var depths = z * (sign / determinant).unsqueeze(1);

        var inFront = (w > 0).all(1);
        var (left, right) = Extent(x / w, width, inFront);
        var (top, bottom) = Extent(-(y / w), height, inFront);
        var columns = (right - left + 1).clamp_min(0);
        var drawn = determinant.isfinite().logical_and(determinant != 0).logical_and((w > 0).any(1));
        var counts = columns * (bottom - top + 1).clamp_min(0) * drawn.to(ScalarType.Int64);
        return new TriangleSet(edges, owns, depths, stack([left, top, columns], 1), counts);
    }

    // Pixels whose centres may lie within, as VisibleTriangles has them; all of them where a corner is behind the eye.
    private static (Tensor First, Tensor Last) Extent(Tensor places, int size, Tensor inFront)
    {
        var low = ((places.amin([1]) + 1) * 0.5 * size - 0.5 - VisibleTriangles.Slack).ceil();
        var high = ((places.amax([1]) + 1) * 0.5 * size - 0.5 + VisibleTriangles.Slack).floor();
        return (
            where(inFront, low.nan_to_num(0).clamp(0, size), zeros_like(low)).to(ScalarType.Int64),
            where(inFront, high.nan_to_num(0).clamp(-1, size - 1), full_like(high, size - 1)).to(ScalarType.Int64));
    }
}
