using Realiz3D.Mesh.Diffusion;
using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Training.Tests;

/// <summary>The autoencoder's loss by brute force, and the folding of its latents' scale.</summary>
public sealed class AutoencoderTests
{
    [Fact]
    public void Loss_MatchesTheFormulaInDouble()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var image = randn([2, 4, 4, 4], generator: generator);
        var decoded = randn([2, 4, 4, 4], generator: generator);
        var mean = randn([2, 8, 2, 2], generator: generator);
        var logVariance = randn([2, 8, 2, 2], generator: generator);

        var loss = (double)AutoencoderLoss.Of(image, decoded, mean, logVariance).item<float>();

        var (x, y) = (AssertTensor.Values(image), AssertTensor.Values(decoded));
        var (m, v) = (AssertTensor.Values(mean), AssertTensor.Values(logVariance));
        double D(int n, int c, int row, int column)
        {
            var at = (((((n * 4) + c) * 4) + row) * 4) + column;
            return y[at] - x[at];
        }

        var cells = from n in Enumerable.Range(0, 2) from c in Enumerable.Range(0, 4) select (n, c);
        var pixels = (from nc in cells from r in Enumerable.Range(0, 4) from k in Enumerable.Range(0, 4) select (nc.n, nc.c, r, k)).ToArray();
        var corners = (from nc in cells from r in Enumerable.Range(0, 2) from k in Enumerable.Range(0, 2) select (nc.n, nc.c, r, k)).ToArray();
        double Pool(double[] values, (int N, int C, int R, int K) at) => (
            from r in Enumerable.Range(2 * at.R, 2)
            from k in Enumerable.Range(2 * at.K, 2)
            select values[(((((at.N * 4) + at.C) * 4) + r) * 4) + k]).Average();
        var expected = pixels.Average(p => Math.Abs(D(p.n, p.c, p.r, p.k)))
            + (2 * pixels.Average(p => Math.Pow(D(p.n, p.c, p.r, p.k), 2)))
            + pixels.Where(p => p.k < 3).Average(p => Math.Abs(D(p.n, p.c, p.r, p.k + 1) - D(p.n, p.c, p.r, p.k)))
            + pixels.Where(p => p.r < 3).Average(p => Math.Abs(D(p.n, p.c, p.r + 1, p.k) - D(p.n, p.c, p.r, p.k)))
            + (2e-4 * m.Zip(v, (a, b) => ((a * a) + Math.Exp(b) - 1 - b) / 2).Average())
            + (10 * corners.Average(p => Math.Pow(Pool(y, p) - Pool(x, p), 2)))
            + (10 * corners.Average(p => Math.Pow(m[(((((p.n * 8) + p.c) * 2) + p.r) * 2) + p.k] - Pool(x, p), 2)));
        Assert.Equal(expected, loss, 1e-4 * expected);
    }

    [Fact]
    public void Fold_GivesLatentsMeanZeroAndDeviationOne_AndChangesNoImage()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var generator = new Generator(4);
        using var model = new AutoencoderKL(new AutoencoderConfig(
            [4, 4], InChannels: 4, OutChannels: 4, LatentChannels: 3, NormNumGroups: 2, SampleSize: 8));
        model.Initialise(generator);
        var image = randn([6, 4, 8, 8], generator: generator);
        var (before, beforeLog) = model.Encode(image);
        var back = model.Decode(before);
        var (mean, deviation) = LatentScale.Measure(before);

        LatentScale.Fold(model.state_dict(), mean, deviation);

        var (after, afterLog) = model.Encode(image);
        AssertTensor.Close(back, model.Decode(after), relative: 1e-4, absolute: 1e-5, "decoded");
        var (newMean, newDeviation) = LatentScale.Measure(after);
        AssertTensor.Close(zeros(3), newMean, relative: 0, absolute: 1e-5, "mean");
        AssertTensor.Close(ones(3), newDeviation, relative: 1e-4, absolute: 0, "deviation");

        // A posterior's width shrinks as its mean does: sigma / deviation.
        var sigma = (beforeLog * 0.5).exp() / deviation.reshape(1, 3, 1, 1);
        AssertTensor.Close(sigma, (afterLog * 0.5).exp(), relative: 1e-4, absolute: 1e-6, "sigma");
    }
}
