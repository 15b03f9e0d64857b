using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields;

/// <summary>Places new samples on rays where earlier ones weighed most, by inverting their distribution.</summary>
/// <remarks>
/// K edges bound K - 1 intervals, of which each has a weight. No gradient flows. Sources: Mildenhall et al. 2020 (NeRF),
/// arXiv:2003.08934, section 5.2; Barron et al. 2021 (mip-NeRF), arXiv:2103.13415, equation 20 (padding); Barron et al. 2022
/// (mip-NeRF 360), arXiv:2111.12077, section 3 (intervals round samples).
/// </remarks>
public static class ImportanceSampling
{
    /// <summary>Share of the weight up to each edge: exactly 0 at the first, at most 1 after.</summary>
    /// <param name="weights">Not negative, [..., K - 1].</param>
    /// <param name="padding">Added to each weight, so that no interval is never sampled.</param>
    /// <param name="leastSum">Rays that weigh less are raised to this, evenly: a ray without weight is sampled evenly.</param>
    /// <returns>[..., K]. The caller disposes it.</returns>
    public static Tensor Cumulative(Tensor weights, double padding, double leastSum)
    {
        using var scope = NewDisposeScope();
        var padded = weights.detach() + padding;
        var lacking = (leastSum - padded.sum(-1, keepdim: true)).clamp_min(0);
        padded = padded + lacking / padded.shape[^1];
        var running = (padded / padded.sum(-1, keepdim: true)).cumsum(-1).clamp_max(1);
        return cat([zeros_like(running.narrow(-1, 0, 1)), running], -1).MoveToOuterDisposeScope();
    }

    /// <summary>As the other, for weights that sum to 1: exactly 1 at the last edge, whatever the rounding.</summary>
    /// <param name="shares">Shares of the intervals, such as a softmax, [..., K - 1].</param>
    /// <returns>[..., K]. The caller disposes it.</returns>
    public static Tensor CumulativeOfShares(Tensor shares)
    {
        using var scope = NewDisposeScope();
        var inner = shares.detach().narrow(-1, 0, shares.shape[^1] - 1).cumsum(-1).clamp_max(1);
        var end = shares.narrow(-1, 0, 1);
        return cat([zeros_like(end), inner, ones_like(end)], -1).MoveToOuterDisposeScope();
    }

    /// <summary>Shares in (0, 1), one in each of n equal parts: in its middle, or where the given numbers say.</summary>
    /// <param name="count">Parts, n.</param>
    /// <param name="like">Tells type and device.</param>
    /// <param name="uniforms">Places within the parts, 0 to 1, [..., n], or [..., 1] for one that all parts of a ray share; none for the middles.</param>
    /// <returns>[n] or [..., n]. The caller disposes it.</returns>
    public static Tensor Strata(int count, Tensor like, Tensor? uniforms = null)
    {
        using var scope = NewDisposeScope();
        var lows = linspace(0, 1 - (1.0 / count), count, like.dtype, like.device);
        var strata = uniforms is null ? lows + (0.5 / count) : lows + uniforms / count;
        return strata.MoveToOuterDisposeScope();
    }

    /// <summary>Where the distribution reaches given shares, linear within an interval.</summary>
    /// <param name="cumulative">Share up to each edge, [..., K].</param>
    /// <param name="edges">Edges, rising, [..., K].</param>
    /// <param name="shares">Shares, [n] or [..., n].</param>
    /// <returns>Places, [..., n]. The caller disposes it.</returns>
    public static Tensor Invert(Tensor cumulative, Tensor edges, Tensor shares)
    {
        using var scope = NewDisposeScope();
        var wanted = shares.expand([.. cumulative.shape[..^1], shares.shape[^1]]).contiguous();
        var next = searchsorted(cumulative.contiguous(), wanted, right: true);              // [..., n]
        var last = cumulative.shape[^1] - 1;
        var (below, above) = ((next - 1).clamp(0, last), next.clamp(0, last));
        var (low, high) = (cumulative.gather(-1, below), cumulative.gather(-1, above));
        var (begin, end) = (edges.gather(-1, below), edges.gather(-1, above));
        var within = ((wanted - low) / (high - low)).nan_to_num(0).clamp(0, 1);
        return (begin + within * (end - begin)).detach().MoveToOuterDisposeScope();
    }

    /// <summary>Edges of intervals round samples: half way between neighbours, mirrored at both ends and kept in a range.</summary>
    /// <param name="samples">Rising, two or more, [..., n].</param>
    /// <param name="near">Least edge.</param>
    /// <param name="far">Greatest edge.</param>
    /// <returns>[..., n + 1]. The caller disposes it.</returns>
    public static Tensor Intervals(Tensor samples, double near, double far)
    {
        using var scope = NewDisposeScope();
        var count = samples.shape[^1];
        var middles = (samples.narrow(-1, 1, count - 1) + samples.narrow(-1, 0, count - 1)) / 2;
        var first = (2 * samples.narrow(-1, 0, 1) - middles.narrow(-1, 0, 1)).clamp_min(near);
        var last = (2 * samples.narrow(-1, count - 1, 1) - middles.narrow(-1, count - 2, 1)).clamp_max(far);
        return cat([first, middles, last], -1).MoveToOuterDisposeScope();
    }

    /// <summary>Old and new edges together, rising.</summary>
    /// <param name="edges">[..., K].</param>
    /// <param name="added">[..., n].</param>
    /// <returns>[..., K + n]. The caller disposes it.</returns>
    public static Tensor Merge(Tensor edges, Tensor added)
    {
        using var scope = NewDisposeScope();
        return sort(cat([edges, added], -1), -1).values.detach().MoveToOuterDisposeScope();
    }

    /// <summary>Distances along a ray from shares of the way between two of them.</summary>
    /// <param name="shares">0 at the near end, 1 at the far one, [...].</param>
    /// <param name="near">Distance of the near end.</param>
    /// <param name="far">Distance of the far end.</param>
    /// <returns>[...]. The caller disposes it.</returns>
    public static Tensor ToDistances(Tensor shares, double near, double far)
    {
        using var scope = NewDisposeScope();
        return (shares * far + (1 - shares) * near).MoveToOuterDisposeScope();
    }
}
