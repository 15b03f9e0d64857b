using System.Globalization;
using Xunit;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Testing;

/// <summary>Compares tensors by value and says where they part.</summary>
public static class AssertTensor
{
    /// <summary>Asserts |actual - expected| &lt;= absolute + relative |expected| for every element, and equal shapes.</summary>
    /// <remarks>A NaN anywhere fails, unless both have one there; so does an infinity, unless both are the same.</remarks>
    /// <param name="expected">Reference.</param>
    /// <param name="actual">What was computed.</param>
    /// <param name="relative">Tolerance relative to the expected value.</param>
    /// <param name="absolute">Tolerance in the tensor's unit.</param>
    /// <param name="name">What to call it in the message.</param>
    public static void Close(Tensor expected, Tensor actual, double relative, double absolute, string name = "tensor")
    {
        if (Difference(expected, actual, relative, absolute, name) is { } difference)
        {
            Assert.Fail(difference);
        }
    }

    /// <summary>Asserts that two integer or boolean tensors are equal, shapes included.</summary>
    /// <param name="expected">Reference.</param>
    /// <param name="actual">What was computed.</param>
    /// <param name="name">What to call it in the message.</param>
    public static void Equal(Tensor expected, Tensor actual, string name = "tensor") =>
        Close(expected, actual, relative: 0, absolute: 0, name);

    /// <summary>Reads a tensor of any type as doubles, row-major.</summary>
    /// <param name="tensor">The tensor.</param>
    /// <returns>Its values.</returns>
    public static double[] Values(Tensor tensor)
    {
        using var values = tensor.detach().to(ScalarType.Float64).cpu().contiguous();
        return values.data<double>().ToArray();
    }

    /// <summary>Describes how two tensors differ.</summary>
    /// <returns>Shape, count, worst index and both values; null when they agree.</returns>
    internal static string? Difference(
        Tensor expected, Tensor actual, double relative, double absolute, string name)
    {
        if (!expected.shape.SequenceEqual(actual.shape))
        {
            return $"{name}: expected shape {Brackets(expected.shape)}, got {Brackets(actual.shape)}.";
        }

        var (wanted, got) = (Values(expected), Values(actual));
        var (beyond, worst, worstExcess) = (0, -1, double.NegativeInfinity);
        for (var i = 0; i < wanted.Length; i++)
        {
            var excess = Excess(wanted[i], got[i], relative, absolute);
            if (excess <= 0)
            {
                continue;
            }

            beyond++;
            if (excess > worstExcess)
            {
                (worst, worstExcess) = (i, excess);
            }
        }

        return beyond == 0 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"{name} {Brackets(expected.shape)}: {beyond} of {wanted.Length} beyond {absolute:g} + {relative:g} |expected|; "
                + $"worst at {Brackets(Index(worst, expected.shape))}: expected {wanted[worst]:g9}, got {got[worst]:g9}.");
    }

    private static double Excess(double expected, double actual, double relative, double absolute)
    {
        if (expected.Equals(actual))
        {
            return 0;   // equal infinities and a NaN on both sides are equal here
        }

        var excess = Math.Abs(actual - expected) - (absolute + (relative * Math.Abs(expected)));
        return double.IsNaN(excess) ? double.PositiveInfinity : excess;
    }

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
