using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields;

/// <summary>How far along a ray its samples lie, as one number, in several senses.</summary>
/// <remarks>
/// Middles are those of the samples' intervals, (start + end) / 2, [..., S], of packed rays as <see cref="PackedRays.SpreadRepeated"/>
/// gives them; weights are [..., S]; results [..., 1].
/// </remarks>
public static class RayDepth
{
    /// <summary>Sum of weighted middles; a ray that meets nothing has 0.</summary>
    /// <param name="weights">w.</param>
    /// <param name="middles">Middles.</param>
    /// <returns>The depth; the caller disposes it.</returns>
    public static Tensor Accumulated(Tensor weights, Tensor middles)
    {
        using var scope = NewDisposeScope();
        return (weights * middles).sum(-1, keepdim: true).MoveToOuterDisposeScope();
    }

    /// <summary>Mean of what the ray meets: accumulated depth over opacity, as NerfAcc counts it.</summary>
    /// <param name="weights">w.</param>
    /// <param name="middles">Middles.</param>
    /// <returns>The depth; the caller disposes it.</returns>
    public static Tensor Expected(Tensor weights, Tensor middles)
    {
        using var scope = NewDisposeScope();
        var smallest = weights.dtype == ScalarType.Float64 ? double.BitIncrement(1) - 1 : MathF.BitIncrement(1) - 1;
        var opacity = VolumeRendering.Opacity(weights).clamp_min(smallest);
        return (Accumulated(weights, middles) / opacity).MoveToOuterDisposeScope();
    }

    /// <summary>The mean as nerfstudio counts it, kept between the nearest and the farthest middle of all rays.</summary>
    /// <param name="weights">w.</param>
    /// <param name="middles">Middles.</param>
    /// <returns>The depth; the caller disposes it.</returns>
    public static Tensor ExpectedWithin(Tensor weights, Tensor middles)
    {
        using var scope = NewDisposeScope();
        var mean = Accumulated(weights, middles) / (VolumeRendering.Opacity(weights) + 1e-10);
        return mean.clamp(middles.min(), middles.max()).MoveToOuterDisposeScope();
    }

    /// <summary>Middle of the first sample by which half of the light is stopped; the last one if that never happens.</summary>
    /// <param name="weights">w.</param>
    /// <param name="middles">Middles.</param>
    /// <returns>The depth; the caller disposes it.</returns>
    public static Tensor Median(Tensor weights, Tensor middles)
    {
        using var scope = NewDisposeScope();
        var reached = weights.cumsum(-1).lt(0.5).sum(-1, keepdim: true);                    // samples before the half
        return middles.gather(-1, reached.clamp_max(middles.shape[^1] - 1)).MoveToOuterDisposeScope();
    }
}
