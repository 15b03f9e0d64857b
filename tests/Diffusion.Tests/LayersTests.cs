using Realiz3D.Mesh.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Diffusion.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public class LayersTests
{
    private static readonly Generator Draws = new(3);

    [Fact]
    public void Attend_MatchesBruteForceInDouble()
    {
        using var scope = NewDisposeScope();
        const int n = 2, length = 3, context = 4, heads = 2, d = 5;
        var (q, k, v) = (Draw(n, length, heads * d), Draw(n, context, heads * d), Draw(n, context, heads * d));
        var bias = Draw(n, 1, 1, context);

        var actual = AssertTensor.Values(Layers.Attend(q, k, v, heads, bias));

        var (qs, ks, vs, bs) = (AssertTensor.Values(q), AssertTensor.Values(k), AssertTensor.Values(v), AssertTensor.Values(bias));
        for (var i = 0; i < actual.Length; i++)
        {
            var (token, channel) = (i / (heads * d), i % (heads * d));
            var (item, head) = (token / length, channel / d);
            var weights = new double[context];
            for (var m = 0; m < context; m++)
            {
                var score = Enumerable.Range(0, d).Sum(e =>
                    qs[(token * heads * d) + (head * d) + e] * ks[(((item * context) + m) * heads * d) + (head * d) + e]);
                weights[m] = Math.Exp((score / Math.Sqrt(d)) + bs[(item * context) + m]);
            }

            var expected = Enumerable.Range(0, context)
                .Sum(m => weights[m] / weights.Sum() * vs[(((item * context) + m) * heads * d) + channel]);
            Assert.Equal(expected, actual[i], 1e-12);
        }
    }

    [Fact]
    public void Attend_Gradients_MatchCentralDifferences()
    {
        using var scope = NewDisposeScope();
        Tensor[] inputs = [Draw(1, 3, 4), Draw(1, 2, 4), Draw(1, 2, 4)];
        var cotangent = Draw(1, 3, 4);
        CheckGradients(inputs, x => (Layers.Attend(x[0], x[1], x[2], 2, null) * cotangent).sum());
    }

    [Fact]
    public void ModulatedNorm_MatchesTheFormulaInDouble()
    {
        using var scope = NewDisposeScope();
        const int width = 4;
        var (x, shift, scale) = (Draw(2, 3, width), Draw(2, 1, width), Draw(2, 1, width));

        var actual = AssertTensor.Values(Layers.ModulatedNorm(x, shift, scale, 0.1));

        var (xs, shifts, scales) = (AssertTensor.Values(x), AssertTensor.Values(shift), AssertTensor.Values(scale));
        for (var i = 0; i < actual.Length; i++)
        {
            var row = xs[(i / width * width)..((i / width * width) + width)];
            var mean = row.Average();
            var variance = row.Average(value => (value - mean) * (value - mean));
            var at = (i / (3 * width) * width) + (i % width);
            var expected = ((xs[i] - mean) / Math.Sqrt(variance + 0.1) * (1 + scales[at])) + shifts[at];
            Assert.Equal(expected, actual[i], 1e-12);
        }
    }

    [Fact]
    public void ModulatedNorm_Gradients_MatchCentralDifferences()
    {
        using var scope = NewDisposeScope();
        Tensor[] inputs = [Draw(2, 3, 4), Draw(2, 1, 4), Draw(2, 1, 4)];
        var cotangent = Draw(2, 3, 4);
        CheckGradients(inputs, x => (Layers.ModulatedNorm(x[0], x[1], x[2], 1e-6) * cotangent).sum());
    }

    [Fact]
    public void RequireShape_NamesBothShapes()
    {
        using var scope = NewDisposeScope();
        var x = zeros(2, 3);
        Layers.RequireShape(x, "x", -1, 3);
        Assert.Equal(
            "x has shape [2, 3], expected [any, 4].",
            Assert.Throws<ArgumentException>(() => Layers.RequireShape(x, "x", -1, 4)).Message);
        Assert.Throws<ArgumentException>(() => Layers.RequireShape(x, "x", 2, 3, -1));
    }

    private static Tensor Draw(params long[] shape) => randn(shape, ScalarType.Float64, generator: Draws);

    private static void CheckGradients(Tensor[] inputs, Func<Tensor[], Tensor> function)
    {
        const double step = 1e-6;
        Tensor[] tracked = [.. inputs.Select(x => x.clone().requires_grad_(true))];
        function(tracked).backward();

        for (var which = 0; which < inputs.Length; which++)
        {
            var expected = zeros_like(inputs[which]);
            var flat = expected.view(-1);
            for (var i = 0; i < flat.shape[0]; i++)
            {
                double Moved(double by)
                {
                    Tensor[] moved = [.. inputs.Select(x => x.clone())];
                    moved[which].view(-1)[i].add_(by);
                    return function(moved).ToDouble();
                }

                flat[i].fill_((Moved(step) - Moved(-step)) / (2 * step));
            }

            AssertTensor.Close(expected, tracked[which].grad!, 1e-3, 1e-5, $"gradient {which}");
        }
    }
}
