using System.Globalization;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Testing;

/// <summary>How far a tensor is from its reference, element by element.</summary>
/// <remarks>
/// An element agrees if |actual - expected| &lt;= absolute + relative |expected|. A NaN agrees with a NaN only, an infinity
/// with the same infinity only.
/// </remarks>
public sealed class TensorComparison
{
    private readonly string? _problem;

    private TensorComparison(string? problem, double absolute, double relative, double share) =>
        (_problem, WorstAbsolute, WorstRelative, WorstShare) = (problem, absolute, relative, share);

    /// <summary>Largest |actual - expected|.</summary>
    public double WorstAbsolute { get; }

    /// <summary>Largest |actual - expected| / max(|expected|, absolute tolerance).</summary>
    public double WorstRelative { get; }

    /// <summary>Largest error as a share of what is allowed there; up to 1 is fine.</summary>
    public double WorstShare { get; }

    /// <summary>Compares two tensors.</summary>
    /// <param name="expected">Reference.</param>
    /// <param name="actual">What was computed.</param>
    /// <param name="relative">Tolerance relative to the expected value.</param>
    /// <param name="absolute">Tolerance in the tensor's unit.</param>
    /// <returns>The comparison.</returns>
    public static TensorComparison Of(Tensor expected, Tensor actual, double relative, double absolute)
    {
        if (!expected.shape.SequenceEqual(actual.shape))
        {
            const double all = double.PositiveInfinity;
            return new($": expected shape {Brackets(expected.shape)}, got {Brackets(actual.shape)}.", all, all, all);
        }

        var (wanted, got) = (AssertTensor.Values(expected), AssertTensor.Values(actual));
        var (beyond, worst) = (0, 0);
        var (worstAbsolute, worstRelative, worstShare) = (0.0, 0.0, 0.0);
        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i].Equals(got[i]))
            {
                continue;   // equal infinities and a NaN on both sides are equal here
            }

            var error = Math.Abs(got[i] - wanted[i]);
            error = double.IsNaN(error) ? double.PositiveInfinity : error;
            var share = double.IsInfinity(error) ? error : error / (absolute + (relative * Math.Abs(wanted[i])));
            beyond += share <= 1 ? 0 : 1;
            worst = share > worstShare ? i : worst;
            worstShare = Math.Max(worstShare, share);
            worstAbsolute = Math.Max(worstAbsolute, error);
            worstRelative = Math.Max(worstRelative, error / Math.Max(Math.Abs(wanted[i]), absolute));
        }

        var problem = beyond == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $" {Brackets(expected.shape)}: {beyond} of {wanted.Length} beyond {absolute:g} + {relative:g} |expected|; "
                + $"worst at {Brackets(Index(worst, expected.shape))}: expected {wanted[worst]:g9}, got {got[worst]:g9}.");
        return new(problem, worstAbsolute, worstRelative, worstShare);
    }

    /// <summary>Says how the tensors differ.</summary>
    /// <param name="name">What to call them.</param>
    /// <returns>Shape, count, worst index and both values; null when they agree.</returns>
    public string? Problem(string name) => _problem is null ? null : name + _problem;

    private static long[] Index(long flat, long[] shape)
    {
        var index = new long[shape.Length];
        for (var axis = shape.Length - 1; axis >= 0; axis--)
        {
            (flat, index[axis]) = Math.DivRem(flat, shape[axis]);
        }

        return index;
    }

    private static string Brackets(long[] numbers) => $"[{string.Join(", ", numbers)}]";
}
