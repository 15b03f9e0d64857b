using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

/// <summary>Holds gradients to central differences, in doubles.</summary>
internal static class Gradients
{
    /// <summary>Asserts that the gradient of a weighted sum of the outputs is what small steps of each input number give.</summary>
    /// <param name="function">From the input to outputs of any shape.</param>
    /// <param name="input">Double, of any shape.</param>
    /// <param name="step">Half the distance of the two points of a difference.</param>
    public static void Agree(Func<Tensor, Tensor> function, Tensor input, double step = 1e-6)
    {
        using var scope = NewDisposeScope();
        var leaf = input.detach().clone().requires_grad_(true);
        Weighted(function(leaf)).backward();

        using var untracked = no_grad();
        var numbers = AssertTensor.Values(input);
        var expected = new double[numbers.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            double At(double value)
            {
                using var inner = NewDisposeScope();
                double[] moved = [.. numbers];
                moved[i] = value;
                return Weighted(function(tensor(moved, input.shape))).item<double>();
            }

            expected[i] = (At(numbers[i] + step) - At(numbers[i] - step)) / (2 * step);
        }

        AssertTensor.Close(tensor(expected, input.shape), leaf.grad!, 1e-3, 1e-5, "gradient");
    }

    /// <summary>Uniform numbers.</summary>
    public static Tensor Uniform(int seed, double low, double high, params long[] shape)
    {
        using var generator = new Generator((ulong)seed);
        return rand(shape, ScalarType.Float64, generator: generator) * (high - low) + low;
    }

    private static Tensor Weighted(Tensor outputs)
    {
        var flat = outputs.reshape(-1);
        return (flat * (arange(flat.shape[0], ScalarType.Float64) * 0.7).cos()).sum();
    }
}
