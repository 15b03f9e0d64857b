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

    [Theory]
    [InlineData(0.001f, 0.0017f)]
    [InlineData(0.3f, -0.7f)]
    [InlineData(-0.0005f, 0.00086f)]
    public void FlatStrip_HasNone(float y, float z)
    {
        // Quads in one leaning plane, side by side: neighbours share sides, or points of one line.
        const int Count = 200;
        float[] places = [.. Enumerable.Range(0, Count + 1).SelectMany(i => new[] { 0.05f * i, 0, 0, 0.05f * i, y, z })];
        int[] faces = [.. Enumerable.Range(0, Count).SelectMany(i => new[] { 2 * i, (2 * i) + 2, (2 * i) + 3, 2 * i, (2 * i) + 3, (2 * i) + 1 })];

        Assert.Equal(0, SelfIntersections.Count(new TriangleMesh(places, faces)));
    }

    [Fact]
    public void FacesThatStandTwice_AreAPairEach()
    {
        var torus = TestSolids.Torus(1, 0.4, 24, 12);

        Assert.Equal(torus.FaceCount, SelfIntersections.Count(torus with { Indices = [.. torus.Indices, .. torus.Indices] }));
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
