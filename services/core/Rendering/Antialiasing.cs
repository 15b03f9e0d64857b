using static TorchSharp.torch;

namespace Realiz3D.Mesh.Rendering;

/// <summary>Analytic antialiasing of silhouettes, which gives them a gradient to the vertices.</summary>
/// <remarks>
/// For a pair of neighbouring pixels with a silhouette edge between them, d in [0, 1] is where the edge crosses the segment
/// from the inner centre to the outer one. Halfway the pixels are right as they are; else the one on the far side of
/// the middle takes over a part of the other:
/// <code>
/// alpha = d - 1/2;   alpha &gt; 0: outer += alpha (inner - outer);   alpha &lt; 0: inner += -alpha (outer - inner)
/// </code>
/// No gradient where d had to be clamped. Laine et al. 2020, arXiv:2011.03277, section 3.6.
/// </remarks>
public static class Antialiasing
{
    /// <summary>Blends the pixels at silhouettes.</summary>
    /// <param name="colours">Final colours, one row per pixel of all views, [V * H * W, C].</param>
    /// <param name="clip">Clip-space vertices per view, [V, P, 4], or [1, P, 4] where all views share them.</param>
    /// <param name="crossings">Where silhouettes lie between pixels.</param>
    /// <param name="height">Rows of a view, H.</param>
    /// <param name="width">Columns of a view, W.</param>
    /// <returns>[V * H * W, C], with gradients to the colours and to the x, y and w of the silhouettes' vertices.</returns>
    public static Tensor Blend(Tensor colours, Tensor clip, SilhouetteCrossings crossings, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(colours);
        ArgumentNullException.ThrowIfNull(clip);
        ArgumentNullException.ThrowIfNull(crossings);
        if (crossings.Count == 0)
        {
            return colours.alias();
        }

        using var scope = NewDisposeScope();
        var alpha = (Distances(clip, crossings, height, width).clamp(0, 1) - 0.5).unsqueeze(1);          // [K, 1]
        var inside = tensor(crossings.Inside, device: clip.device);
        var outside = tensor(crossings.Outside, device: clip.device);
        var towardsInside = colours.index_select(0, inside) - colours.index_select(0, outside); // [K, C]
        var result = colours
            .index_add(0, outside, alpha.clamp_min(0) * towardsInside, 1)
            .index_add(0, inside, alpha.clamp_max(0) * towardsInside, 1);
        return result.MoveToOuterDisposeScope();
    }

    // Where each edge crosses its pair's segment, in pixels from the inner centre, [K].
    private static Tensor Distances(Tensor clip, SilhouetteCrossings crossings, int height, int width)
    {
        var (along, across) = (new long[crossings.Count], new long[crossings.Count]);
        var (line, start, direction) = (new double[crossings.Count], new double[crossings.Count], new double[crossings.Count]);
        for (var k = 0; k < crossings.Count; k++)
        {
            var (row, column) = (crossings.Inside[k] / width % height, crossings.Inside[k] % width);
            (along[k], across[k]) = crossings.Downward[k] ? (1, 0) : (0, 1);
            (line[k], start[k]) = crossings.Downward[k] ? (column, row) : (row, column);
            direction[k] = crossings.Outside[k] > crossings.Inside[k] ? 1 : -1;
        }

        var flat = clip.reshape(-1, 4);
        var pickAlong = tensor(along, device: clip.device).unsqueeze(1);
        var pickAcross = tensor(across, device: clip.device).unsqueeze(1);
        var first = Pixels(flat.index_select(0, tensor(crossings.FirstEnds, device: clip.device)), height, width);     // [K, 2]
        var second = Pixels(flat.index_select(0, tensor(crossings.SecondEnds, device: clip.device)), height, width);
        var (a, b) = (first.gather(1, pickAlong).squeeze(1), second.gather(1, pickAlong).squeeze(1));         // [K]
        var (c, d) = (first.gather(1, pickAcross).squeeze(1), second.gather(1, pickAcross).squeeze(1));
        var crossing = a + (b - a) * (Constant(line, clip) - c) / (d - c);
        return (crossing - Constant(start, clip)) * Constant(direction, clip);
    }

    // Clip space to (column, row), 0 at the first pixel's centre.
    private static Tensor Pixels(Tensor clip, int height, int width)
    {
        var w = clip.narrow(1, 3, 1);
        var column = (clip.narrow(1, 0, 1) / w + 1) * (0.5 * width) - 0.5;
        var row = (1 - clip.narrow(1, 1, 1) / w) * (0.5 * height) - 0.5;
        return cat([column, row], 1);
    }

    private static Tensor Constant(double[] values, Tensor like) => tensor(values, device: like.device).to_type(like.dtype);
}
