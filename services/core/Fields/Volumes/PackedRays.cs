using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields;

/// <summary>Rays with a number of samples each, whose samples lie one after the other in one tensor.</summary>
/// <remarks>
/// Pruning leaves rays with few samples or none. <see cref="Spread"/> gives each ray a row as long as the longest, so that
/// <see cref="VolumeRendering"/> serves both forms; empty places are 0, and a density of 0 contributes nothing.
/// </remarks>
public sealed class PackedRays
{
    private readonly long[] _slots;
    private readonly long[] _samples;       // of each place of the rows
    private readonly long _longest;

    /// <param name="starts">First sample of each ray, [R].</param>
    /// <param name="counts">Samples of each ray, 0 included, [R].</param>
    /// <exception cref="ArgumentException">The rays do not hold each sample once.</exception>
    public PackedRays(ReadOnlySpan<long> starts, ReadOnlySpan<long> counts)
    {
        (RayCount, SampleCount, _longest) = (counts.Length, 0, 1);
        foreach (var count in counts)
        {
            (SampleCount, _longest) = (SampleCount + count, Math.Max(_longest, count));
        }

        _slots = new long[SampleCount];
        _samples = new long[RayCount * _longest];
        Array.Fill(_slots, -1);
        for (var ray = 0; ray < counts.Length; ray++)
        {
            for (var k = 0L; k < _longest && counts[ray] > 0; k++)
            {
                _samples[(ray * _longest) + k] = starts[ray] + Math.Min(k, counts[ray] - 1);
            }

            for (var k = 0L; k < counts[ray]; k++)
            {
                var sample = starts[ray] + k;
                if (sample < 0 || sample >= SampleCount || _slots[sample] >= 0)
                {
                    throw new ArgumentException(
                        $"Ray {ray} claims sample {sample}, which another ray has or which lies beyond the {SampleCount} samples.");
                }

                _slots[sample] = (ray * _longest) + k;
            }
        }
    }

    /// <summary>Number of rays, R.</summary>
    public int RayCount { get; }

    /// <summary>Number of samples of all rays, N.</summary>
    public long SampleCount { get; }

    /// <summary>Gives each ray a row of its own.</summary>
    /// <param name="samples">One entry per sample, [N, ...].</param>
    /// <returns>[R, S, ...] with S samples in the longest ray, 0 where a ray has none. The caller disposes it.</returns>
    public Tensor Spread(Tensor samples)
    {
        using var scope = NewDisposeScope();
        var inner = samples.shape[1..];
        var rows = zeros([RayCount * _longest, .. inner], samples.dtype, samples.device);
        return rows.index_copy(0, Slots(samples), samples).reshape([RayCount, _longest, .. inner]).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="Spread"/> for places on rays: where a ray has no sample its last one is repeated.</summary>
    /// <remarks>
    /// So the last of a row is the ray's last and no place lies outside of those there are, as <see cref="RayDepth"/> wants it.
    /// Rays without samples repeat the first sample of all.
    /// </remarks>
    /// <param name="samples">One entry per sample, [N, ...].</param>
    /// <returns>[R, S, ...]. The caller disposes it.</returns>
    public Tensor SpreadRepeated(Tensor samples)
    {
        if (SampleCount == 0)
        {
            return Spread(samples);
        }

        using var scope = NewDisposeScope();
        return samples.index_select(0, tensor(_samples, device: samples.device))
            .reshape([RayCount, _longest, .. samples.shape[1..]]).MoveToOuterDisposeScope();
    }

    /// <summary>Takes each sample's entry out of its ray's row.</summary>
    /// <param name="rows">[R, S, ...], as from <see cref="Spread"/>.</param>
    /// <returns>[N, ...]. The caller disposes it.</returns>
    public Tensor Gather(Tensor rows)
    {
        using var scope = NewDisposeScope();
        return rows.flatten(0, 1).index_select(0, Slots(rows)).MoveToOuterDisposeScope();
    }

    private Tensor Slots(Tensor like) => tensor(_slots, device: like.device);
}
