using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class FrequencyEncodingTests
{
    [Fact]
    public void Nerfstudio_GoesAxisByAxis_AndEndsWithTheInput()
    {
        using var scope = NewDisposeScope();
        var encoding = FrequencyEncoding.Nerfstudio(3, 0, 4, includeInput: true);
        double[] x = [0.13, -0.4];
        double[] angles = [.. x.SelectMany(p => new[] { 1.0, 4, 16 }, (p, f) => 2 * Math.PI * f * p)];

        Assert.Equal(14, encoding.Width(2));
        AssertTensor.Close(
            tensor([.. angles.Select(Math.Sin), .. angles.Select(Math.Cos), .. x], [1, 14]),
            encoding.Encode(tensor(x, [1, 2])), 1e-12, 1e-12);
    }

    [Fact]
    public void MultiNerf_GoesFrequencyByFrequency_AndBeginsWithTheInput()
    {
        using var scope = NewDisposeScope();
        var encoding = FrequencyEncoding.MultiNerf(-1, 2, includeInput: true);
        double[] x = [0.13, -0.4];
        double[] angles = [.. new[] { 0.5, 1, 2 }.SelectMany(f => x, (f, p) => f * p)];

        AssertTensor.Close(
            tensor([.. x, .. angles.Select(Math.Sin), .. angles.Select(Math.Cos)], [1, 14]),
            encoding.Encode(tensor(x, [1, 2])), 1e-12, 1e-12);
    }

    [Fact]
    public void EncodeIntegrated_IsTheMeanOverTheGaussian()
    {
        // Mean of the encoding over N(m, v), by the trapezoid rule over 8 standard deviations either way.
        using var scope = NewDisposeScope();
        const double mean = 0.37;
        const double variance = 0.3;
        var encoding = FrequencyEncoding.MultiNerf(0, 3, includeInput: false);
        var z = linspace(-8, 8, 20001, ScalarType.Float64);
        var density = (z.square() * -0.5).exp() / Math.Sqrt(2 * Math.PI) * (16.0 / 20000);
        var points = encoding.Encode((mean + z * Math.Sqrt(variance)).unsqueeze(-1));

        AssertTensor.Close(
            (points * density.unsqueeze(-1)).sum(0, keepdim: true),
            encoding.EncodeIntegrated(tensor([mean], [1, 1]), tensor([variance], [1, 1])), 1e-8, 1e-10);
    }

    [Fact]
    public void EncodeIntegrated_Gradients_MatchCentralDifferences()
    {
        using var scope = NewDisposeScope();
        var encoding = FrequencyEncoding.Nerfstudio(3, 0, 2, includeInput: true);
        var (means, variances) = (Gradients.Uniform(1, -1, 1, 2, 3), Gradients.Uniform(2, 0.01, 0.2, 2, 3));

        Gradients.Agree(x => encoding.EncodeIntegrated(x, variances), means);
        Gradients.Agree(x => encoding.EncodeIntegrated(means, x), variances);
    }

    [Fact]
    public void ConicalFrustum_HasTheMomentsOfTheCone()
    {
        // At distance t the cone's disc has radius r t: weight t^2, second moment across (r t)^2 / 4 along each axis.
        using var scope = NewDisposeScope();
        const double r = 0.3;
        var t = linspace(1, 2.5, 30001, ScalarType.Float64);
        var share = t.square() / t.square().sum();
        var mean = (share * t).sum().item<double>();
        var along = (share * (t - mean).square()).sum().item<double>();
        var across = (share * (t * r).square() / 4).sum().item<double>();

        var piece = ConicalFrustum.Between(tensor([1, 2.5], [1, 2]), tensor([r], [1, 1]));
        Assert.Equal(mean, piece.AlongMean.item<double>(), 1e-4);
        Assert.Equal(along, piece.AlongVariance.item<double>(), 1e-4);
        Assert.Equal(across, piece.AcrossVariance.item<double>(), 1e-4);

        var (means, covariances) = piece.Place(tensor([1.0, 2, 3], [1, 3]), tensor([0.0, 0, -2], [1, 3]));
        AssertTensor.Close(tensor([1, 2, 3 - (2 * mean)], [1, 1, 3]), means, 1e-4, 1e-6);
        AssertTensor.Close(diag(tensor([across, across, 4 * along])).reshape(1, 1, 3, 3), covariances, 1e-4, 1e-6);
    }
}
