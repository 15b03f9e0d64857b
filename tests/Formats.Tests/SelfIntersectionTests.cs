namespace Realiz3D.Mesh.Formats.Tests;

public sealed class SelfIntersectionTests
{
    [Fact]
    public void SoundMeshes_HaveNone()
    {
        Assert.Equal(0, SelfIntersections.Count(TestSolids.Cube()));
        Assert.Equal(0, SelfIntersections.Count(TestSolids.Torus(1, 0.4, 24, 12)));
        Assert.Equal(0, SelfIntersections.Count(new TriangleMesh([], [])));
    }

    [Theory]
    [InlineData(0.25f, 1)]   // a needle through the middle
    [InlineData(2f, 0)]      // beside it
    public void OneFaceThroughAnother_IsOnePair(float x, int pairs)
    {
        var mesh = new TriangleMesh(
            [0, 0, 0, 1, 0, 0, 0, 1, 0, x, 0.25f, -1, x, 0.25f, 1, x + 0.1f, 0.3f, 1], [0, 1, 2, 3, 4, 5]);

        Assert.Equal(pairs, SelfIntersections.Count(mesh));
    }

    [Fact]
    public void FacesInOnePlane_IntersectWhereTheyOverlap()
    {
        float[] Shifted(float by) => [0, 0, 0, 1, 0, 0, 0, 1, 0, by, by, 0, 1 + by, by, 0, by, 1 + by, 0];

        Assert.Equal(1, SelfIntersections.Count(new TriangleMesh(Shifted(0.25f), [0, 1, 2, 3, 4, 5])));
        Assert.Equal(1, SelfIntersections.Count(new TriangleMesh(Shifted(0), [0, 1, 2, 3, 4, 5])));
        Assert.Equal(0, SelfIntersections.Count(new TriangleMesh(Shifted(0.5f), [0, 1, 2, 3, 4, 5]))); // they touch
    }

    [Fact]
    public void CrossingTetrahedra_MatchBruteForceThroughTheTree()
    {
        var random = new Random(11);
        var soup = new TriangleMesh(
            [.. Enumerable.Range(0, 9 * 120).Select(i => random.NextSingle() + (i / 90))], [.. Enumerable.Range(0, 360)]);
        var tree = new FaceTree(Vector3d.All(soup.Positions), soup.Indices);

        var found = SelfIntersections.Pairs(soup).Select(pair => (Math.Min(pair.First, pair.Second), Math.Max(pair.First, pair.Second))).Order();

        var expected = Enumerable.Range(0, 120).SelectMany(a => Enumerable.Range(a + 1, 119 - a).Select(b => (a, b)))
            .Where(pair => SelfIntersections.Meet(tree, pair.a, pair.b)).ToArray();
        Assert.True(expected.Length > 20);
        Assert.Equal(expected, found);
    }
}
