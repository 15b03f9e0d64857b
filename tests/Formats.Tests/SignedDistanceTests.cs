namespace Realiz3D.Mesh.Formats.Tests;

public sealed class SignedDistanceTests
{
    [Theory]
    [InlineData(0.2, -0.1, 0.3, -0.2)]          // below a face
    [InlineData(0.9, 0.1, 0.2, 0.4)]            // over a face
    [InlineData(0.8, 0.9, 0, 0.5)]              // off an edge: 3, 4, 5
    [InlineData(-0.6, 0.7, 0.7, 0.3)]           // off a corner: 1, 2, 2
    public void Cube_HasItsClosedForm(double x, double y, double z, double expected) =>
        Assert.Equal(expected, new SignedDistance(TestSolids.Cube()).At(x, y, z), 1e-6);

    [Fact]
    public void Torus_MatchesASearchOverFinePointsOfItsFaces()
    {
        var torus = TestSolids.Torus(1, 0.4, 24, 12);
        var distance = new SignedDistance(torus);
        var random = new Random(2);
        for (var i = 0; i < 12; i++)
        {
            double[] place = [.. Enumerable.Range(0, 3).Select(_ => (3 * random.NextDouble()) - 1.5)];
            var nearest = double.PositiveInfinity;
            for (var face = 0; face < torus.FaceCount; face++)
            {
                var (a, b, c) = (Corner(torus, face, 0), Corner(torus, face, 1), Corner(torus, face, 2));
                for (var u = 0; u <= 24; u++)
                {
                    for (var v = 0; v <= 24 - u; v++)
                    {
                        nearest = Math.Min(nearest, Math.Sqrt(Enumerable.Range(0, 3).Sum(k =>
                            Math.Pow(((u * a[k]) + (v * b[k]) + ((24 - u - v) * c[k])) / 24 - place[k], 2))));
                    }
                }
            }

            // The search's points lie at most a 24th of a side apart, and never nearer than the face itself.
            var found = distance.At(place[0], place[1], place[2]);
            Assert.InRange(Math.Abs(found), Math.Sqrt(Math.Max(0, (nearest * nearest) - 2e-4)), nearest + 1e-9);
        }
    }

    [Fact]
    public void OpenMesh_IsStillInsideWhereItCoversMostDirections()
    {
        var cube = TestSolids.Cube();
        var open = new SignedDistance(cube with { Indices = cube.Indices[6..] });      // without the side at z = -1/2

        Assert.Equal(-0.5, open.At(0, 0, 0), 1e-9);
        Assert.Equal(Math.Sqrt(0.25 + 0.25), open.At(0, 0, -1), 1e-6);      // off the rim of the hole
    }

    [Fact]
    public void SphereWithoutEveryTenthFace_KeepsItsSides_AndTheDistancesToWhatIsLeft()
    {
        var sphere = TestSolids.Sphere(4);
        var random = new Random(6);
        int[] left = [.. sphere.Indices.Chunk(3).Where(_ => random.Next(10) > 0).SelectMany(face => face)];
        var distance = new SignedDistance(sphere with { Indices = left });
        Assert.InRange(left.Length, 0.85 * sphere.Indices.Length, 0.95 * sphere.Indices.Length);

        for (var i = 0; i < 300; i++)
        {
            double[] place = [.. Enumerable.Range(0, 3).Select(_ => (3 * random.NextDouble()) - 1.5)];
            var exact = Math.Sqrt(place.Sum(x => x * x)) - 1;
            if (Math.Abs(exact) > 0.15)     // farther than a hole of two faces is wide
            {
                Assert.Equal(exact, distance.At(place[0], place[1], place[2]), 0.02);
            }
        }
    }

    [Fact]
    public void ManyPlaces_AreAsOne()
    {
        var distance = new SignedDistance(TestSolids.Sphere(3, 0.5f));
        float[] places = [0, 0, 0, 1, 0, 0, 0.3f, -0.2f, 0.1f];

        Assert.Equal(
            Enumerable.Range(0, 3).Select(i => (float)distance.At(places[3 * i], places[(3 * i) + 1], places[(3 * i) + 2])),
            distance.At(places));
        Assert.Equal(distance.At(places).Select(Math.Abs), distance.ToSurface(places));
        Assert.Equal(-0.5, distance.At(places)[0], 0.01);
        Assert.Equal(0.5, distance.At(places)[1], 1e-6);        // a vertex of the octahedron
    }

    [Fact]
    public void EmptyMesh_IsRefused() => Assert.Contains(
        "without faces", Assert.Throws<ArgumentException>(() => new SignedDistance(new TriangleMesh([], []))).Message, StringComparison.Ordinal);

    private static double[] Corner(TriangleMesh mesh, int face, int corner) =>
        [.. Enumerable.Range(0, 3).Select(k => (double)mesh.Positions[(3 * mesh.Indices[(3 * face) + corner]) + k])];
}
