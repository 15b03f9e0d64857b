using Realiz3D.Mesh.Testing;
using static TorchSharp.torch;

namespace Realiz3D.Mesh.Fields.Tests;

using static Realiz3D.Mesh.Testing.OnDevice;

public sealed class ImportanceSamplingTests
{
    [Fact]
    public void Invert_MatchesASearchOfTheDistribution()
    {
        using var scope = NewDisposeScope();
        double[] edges = [0, 0.1, 0.15, 0.5, 0.8, 1];
        double[] weights = [1, 0, 3, 0.5, 2];
        var cumulative = ImportanceSampling.Cumulative(tensor(weights, [1, 5]), padding: 0.01, leastSum: 1e-5);
        var shares = ImportanceSampling.Strata(9, cumulative, Gradients.Uniform(1, 0, 1, 1, 9));

        var expected = AssertTensor.Values(shares).Select(share =>
        {
            var (left, k) = (share * (weights.Sum() + 0.05), 0);
            for (; left > weights[k] + 0.01; k++)
            {
                left -= weights[k] + 0.01;
            }

            return edges[k] + (left / (weights[k] + 0.01) * (edges[k + 1] - edges[k]));
        });

        var places = ImportanceSampling.Invert(cumulative, tensor(edges, [1, 6]), shares);
        AssertTensor.Close(tensor(expected.ToArray(), [1, 9]), places, 1e-10, 1e-12);
    }

    [Fact]
    public void RaysWithoutWeight_AreSampledEvenly()
    {
        using var scope = NewDisposeScope();
        var cumulative = ImportanceSampling.Cumulative(zeros(1, 4, dtype: ScalarType.Float64), 0, 1e-5);
        var places = ImportanceSampling.Invert(cumulative, linspace(2, 6, 5, ScalarType.Float64).unsqueeze(0), ImportanceSampling.Strata(4, cumulative));

        AssertTensor.Close(tensor([2.5, 3.5, 4.5, 5.5], [1, 4]), places, 1e-12, 1e-12);
    }

    [Fact]
    public void Samples_GatherWhereTheWeightLies()
    {
        // All weight on [0.4, 0.5]: every sample lies there, whatever the numbers drawn.
        using var scope = NewDisposeScope();
        var shares = tensor([0f, 0, 0, 0, 1, 0, 0, 0, 0, 0], [1, 10]);
        var edges = linspace(0, 1, 11).unsqueeze(0);
        var places = ImportanceSampling.Invert(
            ImportanceSampling.CumulativeOfShares(shares), edges, ImportanceSampling.Strata(64, shares));

        Assert.All(AssertTensor.Values(places), place => Assert.InRange(place, 0.4 - 1e-6, 0.5 + 1e-6));
        Assert.Equal(0.1 * 63 / 64, places.max().item<float>() - places.min().item<float>(), 1e-5);
    }

    [Fact]
    public void Intervals_LieHalfWayAndAreMirroredAtTheEnds()
    {
        using var scope = NewDisposeScope();
        var samples = tensor([1.0, 2, 5], [1, 3]);

        Assert.Equal([0.5, 1.5, 3.5, 6.5], AssertTensor.Values(ImportanceSampling.Intervals(samples, 0, 9)));
        Assert.Equal([0.75, 1.5, 3.5, 6], AssertTensor.Values(ImportanceSampling.Intervals(samples, 0.75, 6)));
    }

    [Fact]
    public void Merge_SortsOldAndNewEdges_AndDistancesAreLinear()
    {
        using var scope = NewDisposeScope();
        var merged = ImportanceSampling.Merge(tensor([0.0, 0.5, 1], [1, 3]), tensor([0.25, 0.75], [1, 2]));

        Assert.Equal([2, 3, 4, 5, 6], AssertTensor.Values(ImportanceSampling.ToDistances(merged, 2, 6)));
    }
}
