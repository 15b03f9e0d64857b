namespace Realiz3D.Mesh.Storage;

/// <summary>Random numbers that are a function of (seed, purpose, step, element) alone.</summary>
/// <remarks>
/// Philox4x32-10: key = seed, counter = (element low, element high, step, purpose). Any number can be drawn at any time,
/// on any machine, in any order, and comes out the same. Source: Salmon, Moraes, Dror and Shaw 2011, "Parallel random
/// numbers: as easy as 1, 2, 3", SC11, section 4.3. Normal numbers by Box and Muller 1958, in double and rounded to float
/// at the end, since sine and logarithm in single precision differ between devices.
/// </remarks>
/// <param name="seed">The key.</param>
/// <param name="purpose">What the numbers are for.</param>
public sealed class Philox(ulong seed, DrawPurpose purpose)
{
    private const uint Multiplier0 = 0xD2511F53;
    private const uint Multiplier1 = 0xCD9E8D57;

    // The golden ratio and sqrt(3) - 1, as fractions of 2^32.
    private const uint Weyl0 = 0x9E3779B9;
    private const uint Weyl1 = 0xBB67AE85;
    private const int Rounds = 10;

    // 2^-53: an integer of 53 bits times this is a double in [0, 1).
    private const double Unit = 1.0 / (1L << 53);

    /// <summary>The seed.</summary>
    public ulong Seed => seed;

    /// <summary>The bijection itself: ten rounds on a counter of four words under a key of two.</summary>
    public static (uint X0, uint X1, uint X2, uint X3) Block(
        (uint C0, uint C1, uint C2, uint C3) counter,
        (uint K0, uint K1) key)
    {
        var (x0, x1, x2, x3) = counter;
        var (k0, k1) = key;
        for (var round = 0; round < Rounds; round++)
        {
            var product0 = (ulong)Multiplier0 * x0;
            var product1 = (ulong)Multiplier1 * x2;
            (x0, x1, x2, x3) = (
                (uint)(product1 >> 32) ^ x1 ^ k0,
                (uint)product1,
                (uint)(product0 >> 32) ^ x3 ^ k1,
                (uint)product0);
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return (x0, x1, x2, x3);
    }

    /// <summary>A number uniform in [0, 1), with 53 random bits.</summary>
    public double Uniform(int step, long element) => Pair(step, element).First;

    /// <summary>An integer uniform in 0 to count - 1.</summary>
    /// <param name="count">How many integers to choose from, at least 1.</param>
    /// <param name="step">Step of the counter.</param>
    /// <param name="element">Element of the counter.</param>
    public int Below(int count, int step, long element)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return (int)(Uniform(step, element) * count);
    }

    /// <summary>A standard normal number: element i of the sequence that <see cref="FillNormal"/> writes.</summary>
    public double Normal(int step, long element)
    {
        var (first, second) = NormalPair(step, element >> 1);
        return (element & 1) == 0 ? first : second;
    }

    /// <summary>Writes standard normal numbers, elements 0, 1, 2 and so on of the step.</summary>
    public void FillNormal(Span<float> into, int step)
    {
        for (var i = 0; i < into.Length; i += 2)
        {
            var (first, second) = NormalPair(step, i >> 1);
            into[i] = (float)first;
            if (i + 1 < into.Length)
            {
                into[i + 1] = (float)second;
            }
        }
    }

    // sqrt(-2 ln u) (cos 2 pi v, sin 2 pi v) with u in (0, 1], v in [0, 1).
    private (double First, double Second) NormalPair(int step, long element)
    {
        var (u, v) = Pair(step, element);
        var radius = Math.Sqrt(-2 * Math.Log(1 - u));
        var (sine, cosine) = Math.SinCos(2 * Math.PI * v);
        return (radius * cosine, radius * sine);
    }

    private (double First, double Second) Pair(int step, long element)
    {
        var (x0, x1, x2, x3) = Block(
            ((uint)element, (uint)(element >> 32), (uint)step, (uint)purpose),
            ((uint)seed, (uint)(seed >> 32)));
        return (Join(x0, x1), Join(x2, x3));
    }

    private static double Join(uint low, uint high) => ((((ulong)high << 32) | low) >> 11) * Unit;
}
