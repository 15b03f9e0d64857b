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
        if (TensorComparison.Of(expected, actual, relative, absolute).Problem(name) is { } problem)
        {
            Assert.Fail(problem);
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
        using var scope = NewDisposeScope();
        var values = tensor.detach().to(ScalarType.Float64).cpu().contiguous();
        return values.data<double>().ToArray();
    }
}
