namespace Realiz3D.Mesh.Rendering;

/// <summary>Numbers in [0, 1) for one sample of one pixel: the same for the same pixel and sample, always.</summary>
/// <remarks>
/// Coordinate k of sample i is the fraction of i sqrt(p_k) + s_k, p_k the k-th prime (Richtmyer 1951): evenly spread for any number of samples,
/// and more can be added later. The shift s_k (Cranley and Patterson 1976) is a hash of pixel and k by SplitMix64's mixer (Steele, Lea and
/// Flood 2014), so that neighbouring pixels do not share their error.
/// </remarks>
/// <param name="pixel">Which pixel.</param>
/// <param name="sample">Which sample of it, from 0.</param>
internal readonly struct SampleDraws(long pixel, int sample)
{
    /// <summary>How many coordinates there are.</summary>
    public const int Count = 40;

    private static readonly double[] s_steps = [.. Enumerable.Range(2, 200).Where(IsPrime).Take(Count).Select(prime => Math.Sqrt(prime) % 1)];

    /// <summary>One number.</summary>
    /// <param name="coordinate">0 to 39.</param>
    public double this[int coordinate]
    {
        get
        {
            var value = (sample * s_steps[coordinate]) + Shift((ulong)pixel, (ulong)coordinate);
            return value - Math.Floor(value);
        }
    }

    private static double Shift(ulong pixel, ulong coordinate)
    {
        var z = (pixel * Count) + coordinate + 1;
        z *= 0x9E3779B97F4A7C15UL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    private static bool IsPrime(int number) => Enumerable.Range(2, number - 2).All(divisor => number % divisor != 0);
}
