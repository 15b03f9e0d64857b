namespace Realiz3D.Mesh.Formats.Tests;

public sealed class CloudComparisonTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(700)]
    public void Nearest_MatchesBruteForce_AlsoAmongEqualDistances(int count)
    {
        var random = new Random(count);
        // Coarse coordinates: many points at the same place and many at the same distance.
        float[] Cloud(int n) => [.. Enumerable.Range(0, 3 * n).Select(_ => random.Next(6) / 4f)];
        var (from, to) = (Cloud(300), Cloud(count));

        var found = NearestPoints.Of(from, to);

        for (var i = 0; i < 300; i++)
        {
            var distances = Enumerable.Range(0, count).Select(j => Math.Sqrt(Enumerable.Range(0, 3)
                .Sum(axis => Math.Pow((double)from[(3 * i) + axis] - to[(3 * j) + axis], 2)))).ToList();
            Assert.Equal((distances.IndexOf(distances.Min()), distances.Min()), (found.Indices[i], found.Distances[i]));
        }
    }

    [Fact]
    public void ParallelPatches_AreTheirDistanceApart()
    {
        var lower = TestSolids.Grid(10, 10, false, false, (s, t) => (s, 0, t)).Positions;
        var upper = TestSolids.Grid(10, 10, false, false, (s, t) => (s, 0.25, t)).Positions;

        var found = CloudComparison.Of(lower, upper);

        Assert.Equal((0.25, 0.0625), (found.ChamferL1, found.ChamferL2));
        Assert.Equal((0.0, 1.0), (found.FScoreAt(0.24).Value, Math.Round(found.FScoreAt(0.25).Value, 7)));
    }

    [Fact]
    public void UnequalClouds_CountTheirOwnHits()
    {
        // Two predicted points, one of them right; four true points, one of them found.
        var found = CloudComparison.Of([0, 0, 0, 9, 0, 0], [0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0]);

        var score = found.FScoreAt(0.5);

        Assert.Equal((0.5, 0.25), (score.Precision, score.Recall));
        Assert.Equal(1.0 / 3, score.Value, 7);
        Assert.Equal((3, 1.5), (found.Accuracy, found.Completeness));
    }

    [Fact]
    public void Normals_HideNoFlippedFace()
    {
        var cloud = new float[] { 0, 0, 0, 1, 0, 0, 2, 0, 0, 3, 0, 0 };
        var found = CloudComparison.Of(cloud, cloud);

        var agreement = found.Normals([0, 0, 2, 0, 0, 2, 0, 5, 5, 0, 0, 0], [0, 0, 1, 0, 0, -1, 0, 0, 1, 0, 0, 1]);

        Assert.Equal((2 + Math.Sqrt(0.5)) / 4, agreement.Consistency, 12);
        Assert.Equal(0.25, agreement.FlippedShare);
    }

    [Fact]
    public void EmptyClouds_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => CloudComparison.Of([], [0, 0, 0]));
        Assert.Throws<ArgumentException>(() => CloudComparison.Of([0, 0, 0], []));
    }
}
